import { z } from 'zod';
import { withoutAddresses } from '../../../channels/index.ts';
import { messageIdIn, type Report } from '../report.ts';
import type { ProviderAdapter } from './adapter.ts';
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

/** Any text gateway that posts JSON, with the token it is given messages with: `Authorization: Bearer SMS_TOKEN`. */
export const gateway: ProviderAdapter = {
  channel: 'sms',
  name: 'gateway',
  setting: 'SMS_TOKEN',
  isConfigured: ({ smsToken }) => smsToken !== undefined,
  read({ headers, body }, { settings, now }) {
    if (!equalTexts(String(headers['authorization'] ?? ''), `Bearer ${settings.smsToken}`))
      throw notAuthenticated('Send SMS_TOKEN as Authorization: Bearer.', 'Bearer realm="webhooks"');
    const reports = Array.isArray(body) ? readCall(z.array(report).min(1).max(1_000), body) : [readCall(report, body)];
    return reports.map(({ id, status, permanent, reason, at }): Report => {
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
