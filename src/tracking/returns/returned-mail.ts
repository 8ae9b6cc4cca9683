import { MESSAGE_HEADER, RETURN_HEADER } from '../../channels/index.ts';
import type { Id } from '../../shared/ids.ts';
import { readDeliveryStatus, surestStatus, type RecipientStatus } from './delivery-status.ts';
import { readFeedback, type Feedback } from './feedback.ts';
import { addressIn, readFields, type Fields } from './fields.ts';
import { isMarkedAutomatic } from './mail/automatic.ts';
import type { MailParts } from './mail-parts.ts';
import { messageIdIn } from './report.ts';

/** What a mail to a return address turns out to be. */
export type ReturnedMail =
  /** Delivery status (RFC 3464), or a bounce in a form of its own. */
  | { kind: 'status'; recipients: RecipientStatus[]; original: Id | null; proof: string | null }
  /** `proof`: what our own header of the mail says, for whoever can read it. `sender`: the envelope sender that the mail had, as the report or the mail in it tells. */
  | { kind: 'feedback'; feedback: Feedback; original: Id | null; sender: string | null; proof: string | null }
  /** Out of office and the like (RFC 3834): says nothing of the address. */
  | { kind: 'auto-reply' }
  | { kind: 'nothing' };

/** Also of internationalized mail (RFC 6533). */
const STATUS_PARTS = new Set(['message/delivery-status', 'message/global-delivery-status']);
const RETURNED_PARTS = new Set([
  'message/rfc822',
  'text/rfc822-headers',
  'message/global',
  'message/global-headers',
  'message/partial',
]);

/** The line with which Exim, qmail and their like begin the copy of the returned mail. */
const COPY_FOLLOWS = /^-{2,} ?.*\b(?:copy of|original message)\b.*$/im;

/** Says what came back. Reports go before the marks of automatic mail, because they carry those themselves. */
export function readReturnedMail(mail: MailParts): ReturnedMail {
  const original = originalOf(mail);
  const proof = headerOf(mail, RETURN_HEADER.toLowerCase());
  const feedback = mail.parts.find(({ type }) => type === 'message/feedback-report');
  if (feedback !== undefined) {
    const read = readFeedback(feedback.content);
    if (read === null) return { kind: 'nothing' };
    const sender = read.originalSender ?? returnPathOf(mail);
    return { kind: 'feedback', feedback: read, original, sender, proof };
  }
  const recipients = mail.parts
    .filter(({ type }) => STATUS_PARTS.has(type))
    .flatMap((part) => readDeliveryStatus(part.content));
  if (recipients.length > 0)
    return { kind: 'status', recipients: recipients.map((one) => withReason(one, mail.text)), original, proof };
  const plain = plainBounce(mail);
  if (plain !== null) return { kind: 'status', recipients: [plain], original, proof };
  return isMarkedAutomatic(mail.headers) ? { kind: 'auto-reply' } : { kind: 'nothing' };
}

/** Some reports leave the reason to their text for people alone. */
function withReason(status: RecipientStatus, text: string): RecipientStatus {
  if (status.diagnostic !== '' || status.action !== 'failed') return status;
  const diagnostic = saidIn(text.split(COPY_FOLLOWS, 1)[0]!);
  return { ...status, diagnostic, status: surestStatus(status.status ?? undefined, diagnostic) };
}

/** The reply that a text for people quotes, else its beginning; on one line. */
function saidIn(text: string): string {
  const reply = /\b[45]\d\d[ -][^\r\n]*(?:\r?\n[ \t]+[^\r\n]+){0,3}/.exec(text)?.[0];
  return (reply ?? text.slice(0, 1_000)).replace(/\s+/g, ' ').trim();
}

/** Who writes of mail that could not be delivered; people do not write to return addresses. */
const DAEMON = /\b(?:mailer-?daemon|mail ?delivery|postmaster|mdaemon|microsoftexchange\w*)\b/i;
const UNDELIVERED =
  /undeliver|delivery (?:status notification|failure|has failed)|(?:could|can)(?: ?not|n't) be delivered|mail delivery failed|failure notice|returned (?:mail|to sender)|non[- ]?remis|non distribu|echec (?:de|d') ?(?:la )?(?:remise|distribution)|unzustellbar|nicht zugestellt|unzustellbarkeit|no se (?:pudo|puede) entregar|no entregado|mancat[ao] (?:consegna|recapito)|non recapitat|nao (?:foi )?entregue|falha na entrega|onbestelbaar|niet (?:afgeleverd|bezorgd)/i;

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '');

/**
 * Bounces in no standard form: Exim and Gmail write `X-Failed-Recipients`, and the reply of the other server stands in
 * the text. qmail has none of it, but always the same first line; of others nothing is sure but who writes and about what.
 */
function plainBounce({ headers, text: whole }: MailParts): RecipientStatus | null {
  // What follows is our own mail, whose words say nothing of it.
  const text = whole.split(COPY_FOLLOWS, 1)[0]!;
  const failed = headers.get('x-failed-recipients');
  const qmail = /^Hi\. This is the (?:qmail-send program|deliver program) at /m.test(text);
  const daemon =
    DAEMON.test(headers.get('from') ?? '') &&
    UNDELIVERED.test(plain(`${headers.get('subject') ?? ''} ${text.slice(0, 1_000)}`));
  if (failed === undefined && !qmail && !daemon) return null;
  // Exim also warns of delays this way; a delay is no failure.
  const delayed =
    /\b(delayed|has not yet been delivered|will be retried|still being retried|verzogert|retardee?|differee?|retrasado|ritardo|vertraagd)\b/i.test(
      plain(`${headers.get('subject') ?? ''} ${text}`),
    );
  const said = saidIn(text);
  const address = failed ?? /^<([^\s<>@]+@[^\s<>@]+)>:/m.exec(text)?.[1];
  return {
    action: delayed ? 'delayed' : 'failed',
    status: /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(said)?.[0] ?? null,
    diagnostic: said,
    finalRecipient: null,
    originalRecipient: address?.split(',')[0]!.trim() ?? null,
  };
}

/** The message of ours that is sent back with a report, or that the report answers. */
function originalOf(mail: MailParts): Id | null {
  for (const returned of returnedHeaders(mail)) {
    const id = messageIdIn(returned.get(MESSAGE_HEADER.toLowerCase())) ?? messageIdIn(returned.get('message-id'));
    if (id !== null) return id;
  }
  const { headers } = mail;
  return messageIdIn(headers.get('in-reply-to')) ?? messageIdIn(headers.get('references')?.split(/\s+/).at(-1));
}

/** The envelope sender, which the last server writes into the mail (RFC 5321, 4.4). */
function returnPathOf(mail: MailParts): string | null {
  for (const returned of returnedHeaders(mail)) {
    const address = addressIn(returned.get('return-path'));
    if (address !== null) return address;
  }
  return null;
}

/** A header of the mail that is sent back, as it stands there. */
function headerOf(mail: MailParts, name: string): string | null {
  for (const returned of returnedHeaders(mail)) {
    const value = returned.get(name);
    if (value !== undefined) return value;
  }
  return null;
}

/** Headers of the mails that a report carries. */
function* returnedHeaders({ parts }: MailParts): Generator<Fields> {
  for (const { type, content } of parts) {
    if (!RETURNED_PARTS.has(type)) continue;
    const [headers] = readFields(content.replace(/^\s+/, '').slice(0, 65_536));
    if (headers !== undefined) yield headers;
  }
}
