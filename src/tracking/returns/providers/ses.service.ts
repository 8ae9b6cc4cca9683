import { z } from 'zod';
import { classifyRefusal, MESSAGE_HEADER, withoutAddresses, type RefusalClass } from '../../../channels/index.ts';
import { invalidRequest } from '../../../http/index.ts';
import { isComplaint } from '../feedback.ts';
import { messageIdIn, type Report } from '../report.ts';
import type { ProviderAdapter } from './adapter.ts';
import { instantOf, readCall } from './reading.service.ts';
import { snsSchema, verifySns } from './sns.service.ts';

const mail = z.looseObject({
  headers: z.array(z.looseObject({ name: z.string(), value: z.string().nullish() })).optional(),
  commonHeaders: z.looseObject({ messageId: z.string().optional() }).optional(),
});

/** A notification, or an event of a configuration set: they differ in the name of their type. */
const notification = z.looseObject({
  notificationType: z.string().optional(),
  eventType: z.string().optional(),
  mail: mail.optional(),
  bounce: z
    .looseObject({
      bounceType: z.string(),
      bounceSubType: z.string().optional(),
      timestamp: z.string().optional(),
      bouncedRecipients: z.array(
        z.looseObject({
          emailAddress: z.string(),
          status: z.string().nullish(),
          diagnosticCode: z.string().nullish(),
        }),
      ),
    })
    .optional(),
  complaint: z
    .looseObject({
      timestamp: z.string().optional(),
      complaintFeedbackType: z.string().nullish(),
      complainedRecipients: z.array(z.looseObject({ emailAddress: z.string() })),
    })
    .optional(),
  delivery: z.looseObject({ timestamp: z.string().optional(), recipients: z.array(z.string()).optional() }).optional(),
});

/** Amazon SES through SNS: signed by Amazon's certificate, and only from the topics of SES_TOPIC_ARN. */
export const ses: ProviderAdapter = {
  channel: 'email',
  name: 'ses',
  setting: 'SES_TOPIC_ARN',
  isConfigured: ({ sesTopics }) => sesTopics !== undefined,
  async read({ body }, { settings, now, fetchText }) {
    const message = readCall(snsSchema, body);
    await verifySns(message, settings.sesTopics!, now, fetchText);
    if (message.Type === 'SubscriptionConfirmation') await fetchText(message.SubscribeURL!);
    if (message.Type !== 'Notification') return [];
    return reportsOf(readCall(notification, parsed(message.Message)), now);
  },
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidRequest([
      { code: 'invalid-json', severity: 'error', path: 'Message', message: 'Message is not JSON of Amazon SES.' },
    ]);
  }
}

function reportsOf(data: z.output<typeof notification>, now: number): Report[] {
  const header = data.mail?.headers?.find(({ name }) => name.toLowerCase() === MESSAGE_HEADER.toLowerCase())?.value;
  const messageId = messageIdIn(header) ?? messageIdIn(data.mail?.commonHeaders?.messageId);
  const base = { channel: 'email' as const, source: 'ses', messageId, providerId: null, mark: null };
  const { bounce, complaint, delivery } = data;
  switch (data.notificationType ?? data.eventType) {
    case 'Bounce':
      return (bounce?.bouncedRecipients ?? []).map((recipient) => {
        const said = recipient.diagnosticCode ?? '';
        const status = recipient.status ?? null;
        const meaning = meaningOf(bounce!.bounceType, bounce!.bounceSubType ?? '', classifyRefusal(status, said));
        const reason = withoutAddresses(`${bounce!.bounceType} ${bounce!.bounceSubType ?? ''} ${said}`);
        const at = instantOf(bounce!.timestamp, now);
        return { ...base, at, recipient: recipient.emailAddress, kind: 'bounced', meaning, status, reason };
      });
    case 'Complaint': {
      const type = complaint?.complaintFeedbackType ?? 'abuse';
      if (!isComplaint({ type, originalRecipient: null, originalSender: null })) return [];
      const at = instantOf(complaint?.timestamp, now);
      // Of several recipients nobody can say who complained; ours have one.
      const [one] = complaint?.complainedRecipients ?? [];
      return [{ ...base, at, recipient: one?.emailAddress ?? null, kind: 'complained', reason: type }];
    }
    case 'Delivery': {
      const recipient = delivery?.recipients?.[0] ?? null;
      return [{ ...base, at: instantOf(delivery?.timestamp, now), recipient, kind: 'delivered' }];
    }
    default:
      return [];
  }
}

/** SES's own types (SES developer guide, "Bounce types"); a refusal of the sender is told by its code alone. */
function meaningOf(type: string, subType: string, byCode: RefusalClass): RefusalClass {
  if (byCode === 'sender-fault') return byCode;
  if (type === 'Permanent')
    return ['General', 'NoEmail', 'Suppressed', 'OnAccountSuppressionList'].includes(subType) ? 'hard' : byCode;
  if (type !== 'Transient') return byCode;
  if (subType === 'ContentRejected' || subType === 'AttachmentRejected' || subType === 'MessageTooLarge')
    return 'rejected';
  return 'soft';
}
