import { z } from 'zod';
import { withoutAddresses } from '../../../channels/index.ts';
import { messageIdIn } from '../report.ts';
import type { ProviderAdapter, Told } from './adapter.ts';
import { equalTexts, instantOf, notAuthenticated, readCall } from './reading.service.ts';

const report = z.object({
  id: z
    .union([z.string().min(1, 'must not be empty'), z.number()], { error: 'must be the id of the message' })
    .transform(String)
    .describe('Our id, as it was posted to the gateway, or the one the gateway answered with'),
  status: z.enum(['delivered', 'failed', 'undelivered'], { error: 'must be one of delivered, failed, undelivered' }),
  /** Whether the number is dead; without it nobody is suppressed. */
  permanent: z.boolean({ error: 'must be true or false' }).optional(),
  reason: z.string().max(500, 'must have at most 500 characters').optional(),
  at: z.string().optional(),
});

const inbound = z.object({
  id: z
    .union([z.string().min(1, 'must not be empty'), z.number()], { error: 'must be the id of the text' })
    .transform(String)
    .describe('What the gateway calls the text; a second one of the same id is the same text'),
  from: z.string({ error: 'must be the number that wrote' }).min(3, 'must be the number that wrote'),
  /** The number written to: of a sender of the policy. */
  to: z.string().min(1).nullish(),
  text: z.string().max(2_000, 'must have at most 2000 characters'),
  at: z.string().optional(),
});

/** A text of a person has a text, a delivery report a status. */
const isInbound = (entry: unknown): boolean => typeof entry === 'object' && entry !== null && 'text' in entry;
const told = z.unknown().transform((entry, context) => {
  const result = isInbound(entry) ? inbound.safeParse(entry) : report.safeParse(entry);
  if (result.success) return result.data;
  context.issues.push(...result.error.issues.map((issue) => ({ ...issue, input: entry }) as never));
  return z.NEVER;
});

/** Any text gateway that posts JSON, with the token it is given messages with: `Authorization: Bearer SMS_TOKEN`. */
export const gateway: ProviderAdapter = {
  channel: 'sms',
  name: 'gateway',
  setting: 'SMS_TOKEN',
  isConfigured: ({ smsToken }) => smsToken !== undefined,
  read({ headers, body }, { settings, now }) {
    if (!equalTexts(String(headers['authorization'] ?? ''), `Bearer ${settings.smsToken}`))
      throw notAuthenticated('Send SMS_TOKEN as Authorization: Bearer.', 'Bearer realm="webhooks"');
    const all = Array.isArray(body) ? readCall(z.array(told).min(1).max(1_000), body) : [readCall(told, body)];
    return all.map((one): Told => {
      if ('text' in one) {
        const { id: providerId, at, to, ...text } = one;
        const said = { ...text, providerId, to: to ?? null, at: instantOf(at, now), takenFor: null };
        return { kind: 'inbound', channel: 'sms', source: 'gateway', ...said };
      }
      const { id, status, permanent, reason, at } = one;
      const base = {
        channel: 'sms' as const,
        source: 'gateway',
        at: instantOf(at, now),
        messageId: messageIdIn(id),
        providerId: id,
        recipient: null,
        mark: null,
      };
      if (status === 'delivered') return { ...base, kind: 'delivered' };
      const meaning = permanent === true ? 'hard' : permanent === false ? 'soft' : 'unknown';
      return { ...base, kind: 'bounced', meaning, status: null, reason: withoutAddresses(reason ?? status) };
    });
  },
};
