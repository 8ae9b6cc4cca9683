import type { DeliveryOutcome } from './channel.ts';
import { classifyRefusal, mailboxIsFull } from './refusals/classify.ts';
import { withoutAddresses } from './refusals/without-addresses.ts';

/** What is known of a failed hand-over by SMTP. */
export interface SmtpFailure {
  /** nodemailer's: `EAUTH`, `EENVELOPE`, `ECONNECTION`… */
  code?: string;
  /** The SMTP command that was answered. */
  command?: string;
  responseCode?: number;
  response?: string;
  message: string;
  /** True once any byte of the message was taken for sending: it may have arrived. */
  begun: boolean;
}

const CERTIFICATE = /certificate|self[- ]signed|altname|unable to verify|DEPTH_ZERO|wrong version number/i;

/** What the server said, fit to be stored (rule S5). */
function reasonOf({ response, message, code }: SmtpFailure): string {
  const said = withoutAddresses(response ?? message);
  return `${response === undefined && code !== undefined ? `${code} ` : ''}${said}`.slice(0, 300);
}

/**
 * Says what a failed hand-over means (rule D10, law L20 and L21). A reply decides by its code; without one, whether
 * the message had begun to leave: if not, it surely did not arrive; if so, nobody knows (rule D3).
 */
export function smtpOutcome(failure: SmtpFailure): DeliveryOutcome {
  const { code, command = '', responseCode, response = '', begun } = failure;
  const reason = reasonOf(failure);
  if (responseCode === undefined || responseCode < 400) {
    if (begun) return { kind: 'unknown', reason };
    if (code === 'ENOAUTH' || code === 'EAUTH' || code === 'EOAUTH2' || code === 'ECONFIG')
      return { kind: 'sender-fault', reason };
    if (CERTIFICATE.test(failure.message)) return { kind: 'sender-fault', reason };
    if (code === 'EENVELOPE' || code === 'EMESSAGE' || code === 'ESTREAM')
      return { kind: 'failed', reason, suppress: false };
    return { kind: 'retry', reason };
  }
  // Of the sender or of the whole connection is what was answered to another command, and a 421 (RFC 5321, 3.8 and 4.2.1).
  const ofMailbox = (command === 'RCPT TO' || command === 'DATA') && responseCode !== 421;
  const status = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0] ?? null;
  const soft = ofMailbox && mailboxIsFull(status, response) ? { soft: { meaning: 'soft' as const, status } } : {};
  if (responseCode < 500) return { kind: 'retry', reason, ...soft };
  if (code === 'EAUTH' || [530, 534, 535, 538].includes(responseCode)) return { kind: 'sender-fault', reason };
  const meaning = classifyRefusal(status, response);
  if (meaning === 'sender-fault' || /\brelay/i.test(response)) return { kind: 'sender-fault', reason };
  if (command === 'MAIL FROM' && responseCode !== 552) return { kind: 'sender-fault', reason };
  if (meaning === 'hard') return { kind: 'failed', reason, suppress: true };
  // What nobody understands may be a dead mailbox: it counts, and the policy says how often it may come (law L21).
  const unread = ofMailbox && meaning === 'unknown' ? { soft: { meaning, status } } : {};
  return { kind: 'failed', reason, suppress: false, ...unread, ...soft };
}
