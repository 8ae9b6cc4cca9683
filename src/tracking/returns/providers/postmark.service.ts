import { z } from 'zod';
import { classifyRefusal, withoutAddresses, type RefusalClass } from '../../../channels/index.ts';
import { messageIdIn, type Report } from '../report.ts';
import type { ProviderAdapter } from './adapter.ts';
import { equalTexts, instantOf, notAuthenticated, readCall } from './reading.service.ts';

const call = z.looseObject({
  RecordType: z.string(),
  Type: z.string().optional(),
  Email: z.string().optional(),
  Recipient: z.string().optional(),
  Metadata: z.record(z.string(), z.unknown()).optional(),
  BouncedAt: z.string().optional(),
  DeliveredAt: z.string().optional(),
  Details: z.string().nullish(),
  Description: z.string().nullish(),
});

/** Postmark's types of bounces (postmarkapp.com/developer/api/bounce-api#bounce-types) that decide by themselves. */
const TYPES: Readonly<Record<string, RefusalClass>> = {
  HardBounce: 'hard',
  BadEmailAddress: 'hard',
  AddressChange: 'soft',
  SoftBounce: 'soft',
  DnsError: 'soft',
  Blocked: 'sender-fault',
  DMARCPolicy: 'sender-fault',
  SpamNotification: 'sender-fault',
  SMTPApiError: 'rejected',
  ChallengeVerification: 'rejected',
};
/** Of a person, or of a machine that is none of ours to mind. */
const NO_BOUNCE = new Set(['AutoResponder', 'Transient', 'OpenRelayTest', 'Subscribe', 'InboundError']);

/** The name under which Postmark gives back what `X-PM-Metadata-relance-message` said. */
const METADATA = 'relance-message';

/** Postmark's webhooks for deliveries, bounces and complaints; it shows the credentials of the URL it was given. */
export const postmark: ProviderAdapter = {
  channel: 'email',
  name: 'postmark',
  setting: 'POSTMARK_WEBHOOK_USER',
  isConfigured: ({ postmark: credentials }) => credentials !== undefined,
  read({ headers, body }, { settings, now }) {
    const { user, password } = settings.postmark!;
    const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    if (!equalTexts(String(headers['authorization'] ?? ''), expected))
      throw notAuthenticated(
        'Give Postmark the address with POSTMARK_WEBHOOK_USER:POSTMARK_WEBHOOK_PASSWORD@ before the host.',
        'Basic realm="webhooks"',
      );
    const report = reportOf(readCall(call, body), now);
    return report === null ? [] : [report];
  },
};

function reportOf(data: z.output<typeof call>, now: number): Report | null {
  const base = {
    channel: 'email' as const,
    source: 'postmark',
    at: instantOf(data.BouncedAt ?? data.DeliveredAt, now),
    messageId: messageIdIn(data.Metadata?.[METADATA]),
    providerId: null,
    recipient: data.Email ?? data.Recipient ?? null,
    mark: null,
  };
  if (data.RecordType === 'Delivery') return { ...base, kind: 'delivered' };
  if (data.RecordType === 'SpamComplaint' || data.Type === 'SpamComplaint')
    return { ...base, kind: 'complained', reason: 'SpamComplaint' };
  const type = data.Type ?? '';
  if (data.RecordType !== 'Bounce' || NO_BOUNCE.has(type)) return null;
  const said = `${data.Details ?? ''} ${data.Description ?? ''}`.trim();
  const status = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(said)?.[0] ?? null;
  const meaning = Object.hasOwn(TYPES, type) ? TYPES[type]! : classifyRefusal(status, said);
  return { ...base, kind: 'bounced', meaning, status, reason: withoutAddresses(`${type} ${said}`) };
}
