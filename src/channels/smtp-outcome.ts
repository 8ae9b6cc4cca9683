import type { DeliveryOutcome } from './channel.ts';

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

/** Enhanced status codes (RFC 3463, and the IANA registry) that say: this mailbox does not exist. */
const DEAD_MAILBOX = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);
/** Bad sender address; RFC 3463, 3.2. */
const BAD_SENDER = new Set(['5.1.7', '5.1.8', '5.1.9']);
/**
 * Of the 5.7 family, what is said of the sender whoever the recipient: credentials (5.7.8, 5.7.9), SPF, DKIM, DMARC,
 * reverse DNS and rate (5.7.20 to 5.7.30, RFC 7372 and the IANA registry), and what Microsoft and Gmail say of unmet
 * requirements and banned addresses (5.7.5xx, 5.7.6xx, 5.7.7xx). 5.7.1 is not: one recipient's own policy says it too.
 */
const SENDER_REFUSED = /^5\.7\.(8|9|2\d|30|[567]\d\d)$/;
const UNKNOWN_USER =
  /\b(no such (user|mailbox|recipient|address)|(user|recipient|mailbox|address|account)( is)? (unknown|not found|does ?n[o']t exist|doesn't exist)|unknown (user|recipient|mailbox|account)|invalid recipient)\b/i;
const CERTIFICATE = /certificate|self[- ]signed|altname|unable to verify|DEPTH_ZERO|wrong version number/i;

/** What the server said, on one line, with no address in it: reasons are stored and logged (rule S5). */
function reasonOf({ response, message, code }: SmtpFailure): string {
  const said = (response ?? message)
    .replace(/\s+/g, ' ')
    .replace(/<?[^\s<>@:]+@[^\s<>@:]+>?/g, '<address>')
    .trim();
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
  if (responseCode < 500) return { kind: 'retry', reason };
  const status = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0] ?? '';
  if (code === 'EAUTH' || [530, 534, 535, 538].includes(responseCode)) return { kind: 'sender-fault', reason };
  if (SENDER_REFUSED.test(status) || BAD_SENDER.has(status) || /\brelay/i.test(response))
    return { kind: 'sender-fault', reason };
  if (command === 'MAIL FROM' && responseCode !== 552) return { kind: 'sender-fault', reason };
  const dead = DEAD_MAILBOX.has(status) || (status === '' && command === 'RCPT TO' && UNKNOWN_USER.test(response));
  return { kind: 'failed', reason, suppress: dead };
}
