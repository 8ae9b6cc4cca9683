import type { Id } from '../shared/ids.ts';
import type { OutgoingMessage } from './channel.ts';
import { RETURN_HEADER } from './return-address.ts';

/** What a composed message takes from the planned one. */
interface Planned {
  id: Id;
  contactId: Id;
  category: string;
  programme: string;
  scenarioId: string;
}

/** Of policy.yaml. */
interface Sender {
  email?: string;
  replyTo?: string;
  sms?: string;
}

/** Carries the message's id through providers that change its Message-ID. */
export const MESSAGE_HEADER = 'X-Relance-Message';
/** Feedback-ID is cut at colons. */
const field = (text: string): string => text.replace(/[^\w.-]+/g, '-');

/**
 * The headers with which a mailbox offers its own unsubscribe button (RFC 2369, RFC 8058; rule C5): the signed link
 * for one click, and where somebody reads it (C5b) an address for mailboxes without it, whose subject carries the same token.
 */
function unsubscribeHeaders(link: string, address: string | null): Record<string, string> {
  const token = link.slice(link.lastIndexOf('/') + 1);
  const mailto = address === null ? '' : `, <mailto:${address}?subject=${encodeURIComponent(`unsubscribe ${token}`)}>`;
  return { 'List-Unsubscribe': `<${link}>${mailto}`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/** Puts a rendered email and its addresses together. `unsubscribeLink` is null for mail nobody can unsubscribe from. */
export function composeEmail(input: {
  message: Planned;
  to: string;
  sender: Sender;
  rendered: { subject: string; html: string; text: string; from: string | null };
  unsubscribeLink: string | null;
  /** Where mails that ask to unsubscribe are read; absent: nowhere. */
  unsubscribeAddress?: string;
  returnPath?: string;
  /** Names the message to whoever sends it back, where its envelope sender does not. */
  returnToken?: string;
  /** Another header for the message's id: where a provider gives back only headers of its own. */
  metadataHeader?: string;
}): OutgoingMessage {
  const { message, to, sender, rendered, unsubscribeLink, returnPath = null, metadataHeader } = input;
  const { unsubscribeAddress = null, returnToken } = input;
  const from = rendered.from ?? sender.email;
  if (from === undefined) throw new Error('the sender has no email address');
  const feedback = [message.scenarioId, message.programme, message.category, 'relance'].map(field).join(':');
  return {
    messageId: message.id,
    contactId: message.contactId,
    channel: 'email',
    to,
    from,
    replyTo: sender.replyTo ?? null,
    returnPath,
    subject: rendered.subject,
    html: rendered.html,
    text: rendered.text,
    headers: {
      ...(unsubscribeLink === null ? {} : unsubscribeHeaders(unsubscribeLink, unsubscribeAddress)),
      // How mailbox providers tell complaints by programme (Gmail's feedback loop).
      'Feedback-ID': feedback,
      // How reports name it when a provider has put a Message-ID of its own.
      [MESSAGE_HEADER]: message.id,
      ...(returnToken === undefined ? {} : { [RETURN_HEADER]: returnToken }),
      ...(metadataHeader === undefined ? {} : { [metadataHeader]: message.id }),
    },
    idempotencyKey: message.id,
  };
}

/** Puts a rendered text message and its addresses together. */
export function composeSms(input: { message: Planned; to: string; sender: Sender; text: string }): OutgoingMessage {
  const { message, to, sender, text } = input;
  if (sender.sms === undefined) throw new Error('the sender has no SMS name or number');
  return {
    messageId: message.id,
    contactId: message.contactId,
    channel: 'sms',
    to,
    from: sender.sms,
    replyTo: null,
    returnPath: null,
    subject: null,
    html: null,
    text,
    headers: {},
    idempotencyKey: message.id,
  };
}
