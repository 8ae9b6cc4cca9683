import { createHmac, hkdfSync } from 'node:crypto';
import type { Id } from '../shared/ids.ts';

const PREFIX = 'whsec_';

/** The secrets that calls are signed with, as receivers take them: those of `WEBHOOK_SECRET`, else one made of `SECRET` (HKDF, RFC 5869). */
export function signingSecrets(settings: { secret: string; webhookSecrets?: readonly string[] }): readonly string[] {
  if (settings.webhookSecrets !== undefined) return settings.webhookSecrets;
  const key = hkdfSync('sha256', settings.secret, '', 'relance webhook signature', 32);
  return [`${PREFIX}${Buffer.from(key).toString('base64')}`];
}

/**
 * The headers that sign a call, by the Standard Webhooks specification (standardwebhooks.com): one signature a secret,
 * so that receivers may change theirs one after another.
 * @param at seconds since 1970, of this attempt: a receiver refuses old ones, against repetition by others
 * @param body the very text that is sent; empty for none
 */
export function signedHeaders(id: Id, at: number, body: string, secrets: readonly string[]): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signatures.join(' ') };
}
