import { addressIn, readFields } from './fields.ts';

/** What a mailbox provider reports of a mail (RFC 5965). */
export interface Feedback {
  /** `abuse`, `fraud`, `virus`, `other`, `not-spam` (RFC 6430), `auth-failure` (RFC 6591), `opt-out`…, in lower case. */
  type: string;
  /** Whose complaint it is; many providers leave it out, for the person's sake. */
  originalRecipient: string | null;
  /** The envelope sender the mail had: a return address of ours. */
  originalSender: string | null;
}

/** Reads message/feedback-report (RFC 5965, 3); null without a type, which is required. */
export function readFeedback(text: string): Feedback | null {
  const [fields] = readFields(text);
  const type = /^[\w.-]+/.exec(fields?.get('feedback-type') ?? '')?.[0].toLowerCase();
  if (fields === undefined || type === undefined) return null;
  return {
    type,
    originalRecipient: addressIn(fields.get('original-rcpt-to')),
    originalSender: addressIn(fields.get('original-mail-from')),
  };
}

/** A person pressed a button that means: not wanted. `not-spam`, `virus`, `auth-failure` and `other` say nothing of the kind. */
const UNWANTED = new Set(['abuse', 'fraud', 'opt-out', 'opt-out-list', 'miscategorized']);

/** Whether a report is a complaint, which suppresses and objects (law L21). */
export const isComplaint = ({ type }: Feedback): boolean => UNWANTED.has(type);
