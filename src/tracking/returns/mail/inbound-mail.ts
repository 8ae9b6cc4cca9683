import type { ReturnToken } from '../../../channels/index.ts';
import { readWord, type LinkToken } from '../../../consent/index.ts';
import type { Instant } from '../../../shared/clock.ts';
import type { Id } from '../../../shared/ids.ts';
import { messageIdIn, type Report } from '../report.ts';
import { reportsOfMail } from '../reports-of-mail.ts';
import type { MailParts } from '../mail-parts.ts';
import { readReturnedMail, type ReturnedMail } from '../returned-mail.ts';
import { isAutomatic, isAutoReplied } from './automatic.ts';
import { ownWords } from './quoted.ts';

/** Somebody wants no more: by the address or the subject of a `mailto:` of ours. */
export interface MailUnsubscribe {
  kind: 'unsubscribe';
  /** Whose message the way out stood in: what its link says, or the message alone. */
  link: LinkToken | null;
  messageId: Id;
}

/** A person answered a mail. */
export interface MailReply {
  kind: 'reply';
  messageId: Id;
  /** They ask for no more mail, in words. */
  stops: boolean;
  /** What tells this answer from another one: the mail's own id, else of its content. */
  key: string;
  at: Instant;
}

/** What a mail to us comes to. `automatic` and `unrecognised` are counted, and nothing more. */
export type InboundMail =
  | { kind: 'reports'; reports: Report[] }
  | MailUnsubscribe
  | MailReply
  | { kind: 'automatic' }
  | { kind: 'unrecognised' };

/** Where a mail arrived, as far as addresses of ours say it. */
export interface ArrivedAt {
  /** A return address: bounces. */
  returned: ReturnToken | null;
  /** The address of a `mailto:` in List-Unsubscribe. */
  unsubscribe: ReturnToken | null;
}

/** What is ours in it, and by whose word. */
export interface Readers {
  /** A return address. */
  address: (address: string) => ReturnToken | null;
  /** What stands in RETURN_HEADER. */
  proof: (text: string) => ReturnToken | null;
  /** A link to unsubscribe by. */
  link: (token: string) => LinkToken | null;
}

const SUBJECT_TOKEN = /\bunsubscribe[\s_+]+([\w-]{20,}\.[\w-]{20,})/i;

/**
 * Says what a mail is: first what machines tell of messages, then the way out, then whether a person answered. Nothing in it
 * is believed but what is signed, and the id of a message of ours that it answers, which only who got that mail knows.
 * @param arrivedAt by the envelope at the listener, by `Delivered-To` and the like in a mailbox
 * @param key of the mail itself, for answers without a `Message-ID`
 */
export function readInboundMail(
  mail: MailParts,
  arrivedAt: ArrivedAt,
  read: Readers,
  { now, at, key }: { now: Instant; at: Instant; key: string },
): InboundMail {
  const returned = readReturnedMail(mail);
  if (returned.kind === 'status' || returned.kind === 'feedback') {
    const token = arrivedAt.returned ?? provenBy(returned, read);
    return token === null
      ? { kind: 'unrecognised' }
      : { kind: 'reports', reports: reportsOfMail(returned, token, now, read.address) };
  }
  const way = wayOut(mail, arrivedAt, read);
  if (way !== null && !isAutoReplied(mail.headers)) return way;
  if (isAutomatic(mail)) return { kind: 'automatic' };
  const messageId = arrivedAt.returned?.messageId ?? answered(mail.headers);
  if (messageId === null) return { kind: 'unrecognised' };
  const ownId = mail.headers.get('message-id')?.trim();
  const stops = readWord(said(mail)) === 'stop';
  return { kind: 'reply', messageId, stops, key: ownId || key, at };
}

/** What is signed in the mail that came back: our own header, or for a complaint the return address it quotes. */
function provenBy(
  returned: Exclude<ReturnedMail, { kind: 'auto-reply' | 'nothing' }>,
  read: Readers,
): ReturnToken | null {
  const byHeader = returned.proof === null ? null : read.proof(returned.proof);
  if (byHeader !== null || returned.kind === 'status' || returned.sender === null) return byHeader;
  return read.address(returned.sender);
}

function wayOut(mail: MailParts, { unsubscribe }: ArrivedAt, read: Readers): MailUnsubscribe | null {
  const written = SUBJECT_TOKEN.exec(mail.headers.get('subject') ?? '')?.[1];
  const link = written === undefined ? null : read.link(written);
  const messageId = unsubscribe?.messageId ?? link?.messageId ?? null;
  return messageId === null ? null : { kind: 'unsubscribe', link, messageId };
}

/** The message of ours that a mail answers: the one it names last. */
function answered(headers: ReadonlyMap<string, string>): Id | null {
  const named = [
    ...(headers.get('references') ?? '').slice(-8_000).split(/\s+/),
    ...(headers.get('in-reply-to') ?? '').slice(0, 1_000).split(/\s+/),
  ];
  return named.reduceRight<Id | null>((found, name) => found ?? messageIdIn(name), null);
}

/** The words of an answer: its own, and its subject where that is not the one of the mail it answers. */
function said({ headers, text }: MailParts): string {
  const subject = headers.get('subject') ?? '';
  const own = ownWords(text);
  return /^\s*(?:re|aw|sv|tr|rif|antw?|res)\s*:/i.test(subject) ? own : `${subject}\n${own}`;
}
