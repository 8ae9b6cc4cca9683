import { classifyRefusal, withoutAddresses, type ReturnToken } from '../../channels/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { isComplaint } from './feedback.ts';
import type { Report, ReportedMessage } from './report.ts';
import type { ReturnedMail } from './returned-mail.ts';
import type { RecipientStatus } from './delivery-status.ts';

/**
 * The reports in a mail that arrived at a return address. The address says which message it is about; what the mail
 * itself says is believed only where the address was the one for feedback loops, which names none: there the return
 * address of the mail complained of says most, for it is signed, and providers leave it when they take the `Message-ID`
 * out. A `delayed` recipient is still being tried, `relayed` and `expanded` say that nobody will know more.
 * @param read what a return address of ours says; null for any other address
 */
export function reportsOfMail(
  mail: ReturnedMail,
  arrivedAt: ReturnToken,
  now: Instant,
  read: (address: string) => ReturnToken | null,
): Report[] {
  if (mail.kind === 'auto-reply' || mail.kind === 'nothing') return [];
  const named = mail.kind === 'feedback' && mail.sender !== null ? read(mail.sender) : null;
  const token = arrivedAt.messageId === null ? (named ?? arrivedAt) : arrivedAt;
  const about = (recipient: string | null): ReportedMessage => ({
    messageId: token.messageId ?? mail.original,
    providerId: null,
    recipient,
    mark: token.messageId === null ? null : token.mark,
  });
  if (mail.kind === 'feedback') {
    const { feedback } = mail;
    if (!isComplaint(feedback)) return [];
    const recipient = feedback.originalRecipient;
    const said = { kind: 'complained', source: 'feedback-loop', reason: feedback.type } as const;
    return [{ channel: 'email', at: now, ...about(recipient), ...said }];
  }
  return mail.recipients.flatMap((status): Report[] => {
    const base = {
      channel: 'email' as const,
      source: 'dsn',
      at: now,
      ...about(status.originalRecipient ?? status.finalRecipient),
    };
    if (status.action === 'delivered') return [{ ...base, kind: 'delivered' }];
    return status.action === 'failed' ? [{ ...base, ...bounceOf(status) }] : [];
  });
}

function bounceOf({ status, diagnostic }: RecipientStatus) {
  const reason = withoutAddresses(diagnostic === '' ? (status ?? 'returned without a reason') : diagnostic);
  return { kind: 'bounced', meaning: classifyRefusal(status, diagnostic), status, reason } as const;
}
