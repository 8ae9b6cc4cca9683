/**
 * What a refusal says of the address it was for.
 * hard: there is no such mailbox, and there will not be. soft: not now (full, unreachable, too slow). sender-fault: it would
 * be the same for every recipient. unknown: about this one message, or nothing that can be read.
 */
export type RefusalClass = 'hard' | 'soft' | 'sender-fault' | 'unknown';

/** Enhanced status codes (RFC 3463, and the IANA registry) that say: this mailbox does not exist. */
const DEAD_MAILBOX = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);
/** Nothing takes mail for its domain: Postfix says so with 5.4.4, Exchange Online with 5.4.310. */
const DEAD_DOMAIN = new Set(['5.4.4', '5.4.310']);
/** Bad sender address; RFC 3463, 3.2. */
const BAD_SENDER = new Set(['5.1.7', '5.1.8', '5.1.9']);
/** Full or over its quota, given up after days, gone round in circles. */
const NOT_NOW = new Set(['5.2.2', '5.4.1', '5.4.6', '5.4.7', '5.4.14']);
/**
 * Of the 5.7 family, what is said of the sender whoever the recipient: credentials (5.7.8, 5.7.9), SPF, DKIM, DMARC,
 * reverse DNS and rate (5.7.20 to 5.7.30, RFC 7372 and the IANA registry), and what Microsoft and Gmail say of unmet
 * requirements and banned addresses (5.7.5xx, 5.7.6xx, 5.7.7xx). 5.7.1 is not: one recipient's own policy says it too.
 */
const SENDER_REFUSED = /^[45]\.7\.(8|9|2\d|30|[567]\d\d)$/;

const UNKNOWN_USER =
  /\b(no such (user|mailbox|recipient|address|person)|(user|recipient|mailbox|address|account)( is)? (unknown|not found|disabled|does ?n[o']t exist|doesn't exist)|unknown (user|recipient|mailbox|account|local part)|unrouteable address|invalid recipient|mailbox unavailable or does not exist|doesn't have a \S+ account)/i;
/** Exchange Online refuses at its edge whom its directory does not have. */
const NOT_IN_DIRECTORY = /recipient address rejected: access denied/i;
const FULL = /\b(mailbox|quota|inbox|boite)\b.{0,30}\b(full|exceeded|pleine)\b|\bover ?quota\b|\bout of storage\b/i;
/** Content, domain or network address that is refused to everybody: what block lists and large providers write. */
const BLOCKED =
  /\b(spamhaus|block ?list(ed)?|black ?list(ed)?|barracudacentral|spamcop|reputation|unsolicited|unauthenticated|dmarc|dkim|\bspf\b|(ip|network|server|client host|sender|domain)\b.{0,60}\b(blocked|banned)|detected as spam|considered spam|looks like spam|(message|mail) (was )?(rejected|refused) as spam)\b/i;

/**
 * Says what a permanent or final refusal means (rule D10, law L20 and L21), by its enhanced status code and, where
 * that says too little, by the words that servers are known to use.
 * @param status such as `5.1.1`; null when none was given
 * @param said the server's reply or diagnostic
 */
export function classifyRefusal(status: string | null, said: string): RefusalClass {
  if (status !== null) {
    if (DEAD_MAILBOX.has(status) || DEAD_DOMAIN.has(status)) return 'hard';
    if (SENDER_REFUSED.test(status) || BAD_SENDER.has(status)) return 'sender-fault';
    if (status === '5.4.1' && NOT_IN_DIRECTORY.test(said)) return 'hard';
    if (status.startsWith('4.') || NOT_NOW.has(status)) return 'soft';
    if (status === '5.7.1' || status === '5.7.0') return BLOCKED.test(said) ? 'sender-fault' : 'unknown';
    // 5.0.0, 5.1.0 and 5.5.0 stand for "something": the words are all there is. The others are about the message.
    if (!/^5\.(?:0\.\d+|1\.0|2\.0|5\.0)$/.test(status)) return 'unknown';
  }
  if (UNKNOWN_USER.test(said)) return 'hard';
  if (FULL.test(said)) return 'soft';
  return BLOCKED.test(said) ? 'sender-fault' : 'unknown';
}

/**
 * Says whether a refusal during the hand-over is that of a full mailbox (RFC 3463, X.2.2), by its code or, where there is none
 * that says anything, by its words. Unlike a report's, a temporary code of any other kind is the server's (4.3.x) or passes.
 */
export function mailboxIsFull(status: string | null, said: string): boolean {
  if (status === null || /^[45]\.[02]\.0$/.test(status)) return FULL.test(said) && !UNKNOWN_USER.test(said);
  return status === '4.2.2' || status === '5.2.2';
}

/** What a server said, on one line, with no address in it: reasons are stored and logged (rule S5). At most 300 characters. */
export function withoutAddresses(said: string): string {
  return said
    .replace(/\s+/g, ' ')
    .replace(/<?[^\s<>@:;"'()]+@[^\s<>@:;"'()]+>?/g, '<address>')
    .trim()
    .slice(0, 300);
}
