import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { classifyRefusal, withoutAddresses, type RefusalClass } from '../../../channels/index.ts';
import { messageIdIn, type Report } from '../report.ts';
import type { ProviderAdapter } from './adapter.ts';
import { equalTexts, instantOf, notSigned, readCall } from './reading.service.ts';

/** Mailgun repeats a call for eight hours; what is older was recorded by somebody. */
const OLDEST_MS = 9 * 3_600_000;
/** Its clock may be ahead of ours. */
const AHEAD_MS = 5 * 60_000;

const envelope = z.looseObject({
  signature: z.looseObject({ timestamp: z.coerce.string(), token: z.string(), signature: z.string() }),
  'event-data': z.looseObject({
    event: z.string(),
    timestamp: z.number().optional(),
    severity: z.string().optional(),
    reason: z.string().optional(),
    recipient: z.string().optional(),
    message: z.looseObject({ headers: z.looseObject({ 'message-id': z.string().optional() }).optional() }).optional(),
    'delivery-status': z
      .looseObject({
        code: z.union([z.number(), z.string()]).nullish(),
        'enhanced-code': z.string().nullish(),
        message: z.string().nullish(),
        description: z.string().nullish(),
      })
      .optional(),
  }),
});

/** Its reasons that decide by themselves: its own list of addresses that bounced before, and what it has tried for too long. */
const REASONS: Readonly<Record<string, RefusalClass>> = { 'suppress-bounce': 'hard', old: 'soft' };

/** Mailgun's event webhooks (documentation.mailgun.com, "Webhooks", "Securing webhooks"). */
export const mailgun: ProviderAdapter = {
  channel: 'email',
  name: 'mailgun',
  setting: 'MAILGUN_SIGNING_KEY',
  isConfigured: ({ mailgunKey }) => mailgunKey !== undefined,
  read({ body }, { settings, now }) {
    const { signature, 'event-data': data } = readCall(envelope, body);
    const expected = createHmac('sha256', settings.mailgunKey!)
      .update(signature.timestamp + signature.token)
      .digest('hex');
    if (!equalTexts(expected, signature.signature)) throw notSigned('It must be made with MAILGUN_SIGNING_KEY.');
    const age = now - Number(signature.timestamp) * 1000;
    if (!(age <= OLDEST_MS && age >= -AHEAD_MS)) throw notSigned('Its timestamp is too old, or in the future.');
    const report = reportOf(data, now);
    return report === null ? [] : [report];
  },
  once({ body }) {
    const { token, timestamp } = readCall(envelope, body).signature;
    return { source: 'mailgun', token: `${timestamp}${token}`, until: Number(timestamp) * 1000 + OLDEST_MS };
  },
};

function reportOf(data: z.output<typeof envelope>['event-data'], now: number): Report | null {
  const base = {
    channel: 'email' as const,
    source: 'mailgun',
    at: instantOf(data.timestamp, now),
    messageId: messageIdIn(data.message?.headers?.['message-id']),
    providerId: null,
    recipient: data.recipient ?? null,
    mark: null,
  };
  if (data.event === 'delivered') return { ...base, kind: 'delivered' };
  if (data.event === 'complained') return { ...base, kind: 'complained', reason: 'complained' };
  // A temporary failure is tried again by Mailgun itself.
  if (data.event !== 'failed' || data.severity !== 'permanent') return null;
  const { code, 'enhanced-code': enhanced, message, description } = data['delivery-status'] ?? {};
  const said = [code, enhanced, message, description]
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join(' ');
  const status = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(said)?.[0] ?? null;
  const known = Object.hasOwn(REASONS, data.reason ?? '') ? REASONS[data.reason!] : undefined;
  const meaning = known ?? classifyRefusal(status, said);
  return { ...base, kind: 'bounced', meaning, status, reason: withoutAddresses(said || (data.reason ?? 'failed')) };
}
