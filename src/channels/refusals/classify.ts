import { DEAD_WORDS } from './dead.ts';
import { FULL_WORDS } from './full.ts';
import { MESSAGE_WORDS } from './message.ts';
import { NOT_NOW_WORDS } from './not-now.ts';
import { anyOf, wordsOf } from './phrases.ts';
import { SENDER_WORDS } from './sender.ts';

/**
 * What a refusal says of the address it was for.
 * hard: there is no such mailbox, and there will not be. soft: not now (full, unreachable, too slow). sender-fault: it would
 * be the same for every recipient. rejected: this one message, its form, its content, a rule of the recipient or the state of its system. unknown:
 * nothing that is understood, which counts as a soft bounce does.
 */
export type RefusalClass = 'hard' | 'soft' | 'sender-fault' | 'rejected' | 'unknown';

/** Enhanced status codes (RFC 3463, and the IANA registry) that say: this mailbox does not exist. */
const DEAD_MAILBOX = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);
/** Nothing takes mail for its domain: Postfix says so with 5.4.4, Exchange Online with 5.4.310. */
const DEAD_DOMAIN = new Set(['5.4.4', '5.4.310']);
/** Bad sender address; RFC 3463, 3.2. */
const BAD_SENDER = new Set(['5.1.7', '5.1.8', '5.1.9']);
/**
 * Of the 5.7 family, what is said of the sender whoever the recipient: credentials (5.7.8, 5.7.9), SPF, DKIM, DMARC,
 * reverse DNS and rate (5.7.20 to 5.7.30, RFC 7372 and the IANA registry), and what Microsoft and Gmail say of unmet
 * requirements and banned addresses (5.7.5xx, 5.7.6xx, 5.7.7xx). 5.7.1 is not: one recipient's own policy says it too.
 */
const SENDER_REFUSED = /^[45]\.7\.(8|9|2\d|30|[567]\d\d)$/;
/** Of the message alone: too long for the mailbox or the system, and whatever its content is (RFC 3463, 3.3, 3.4 and 3.7). */
const OF_MESSAGE = /^5\.(?:2\.3|3\.4|6\.\d+)$/;
/** They stand for "something", or for an error of the protocol: the words are all there is. */
const VAGUE = /^5\.(?:0\.\d+|1\.0|1\.4|2\.[04]|3\.0|4\.0|5\.\d+)$/;

/** Exchange Online refuses at its edge whom its directory does not have. */
const NOT_IN_DIRECTORY = /recipient address rejected: access denied/;
/** A mailbox that gets too much at once: Gmail says it with the code of a disabled one. */
const TOO_FAST = /receiving (?:e?mail )?(?:at a rate|too (?:much|quickly|fast|many))/;

const UNKNOWN_USER =
  /\b(no such (user|mailbox|recipient|address|person)|(?<!sender )(user|recipient|mailbox|address|account)( is)? (unknown|not found|disabled|does ?n[o']t exist|doesn't exist)|unknown (user|recipient|mailbox|account|local part)|unrouteable address|invalid recipient|mailbox unavailable or does not exist|doesn't have a \S+ account)/;
const FULL = /\b(mailbox|quota|inbox|boite)\b.{0,30}\b(full|exceeded|pleine)\b|\bover ?quota\b|\bout of storage\b/;
/** Content, domain or network address that is refused to everybody: what block lists and large providers write. */
const BLOCKED =
  /\b(spamhaus|block ?list(ed)?|black ?list(ed)?|barracudacentral|spamcop|reputation|unsolicited|unauthenticated|dmarc|dkim|\bspf\b|(ip|network|server|client host|sender|domain)\b.{0,60}\b(blocked|banned)|detected as spam|considered spam|looks like spam|(message|mail) (was )?(rejected|refused) as spam)\b/;

const either = (list: readonly string[], pattern?: RegExp): ((words: string) => boolean) => {
  const found = anyOf(list);
  return (words) => found(words) || pattern?.test(words) === true;
};
const saysDead = either(DEAD_WORDS, UNKNOWN_USER);
const saysFull = either(FULL_WORDS, FULL);
const saysNotNow = either(NOT_NOW_WORDS, TOO_FAST);
const saysSender = either(SENDER_WORDS, BLOCKED);
const saysMessage = either(MESSAGE_WORDS);

/**
 * Says what a refusal means that is permanent, or was the last one (rule D10, law L20 and L21): by its enhanced status code,
 * and by the words that servers are known to use. A code for a dead mailbox holds unless the words say otherwise; one that
 * says little leaves it to the words. Whether it came in a report, at the door or from a provider is all the same.
 * @param status such as `5.1.1`; null when none was given
 * @param said the server's reply or diagnostic, with its reply code where it has one
 */
export function classifyRefusal(status: string | null, said: string): RefusalClass {
  const words = wordsOf(said);
  const isVague = status === null || VAGUE.test(status);
  if (status?.startsWith('4.') || (isVague && /^4\d\d\b/.test(words)))
    return (status !== null && SENDER_REFUSED.test(status)) || saysSender(words) ? 'sender-fault' : 'soft';
  if (status !== null) {
    if (SENDER_REFUSED.test(status) || BAD_SENDER.has(status)) return 'sender-fault';
    if (OF_MESSAGE.test(status)) return 'rejected';
    if (DEAD_MAILBOX.has(status) || DEAD_DOMAIN.has(status)) return ofDeadCode(words);
    if (status === '5.4.1' && NOT_IN_DIRECTORY.test(words)) return 'hard';
    if (status === '5.2.2') return 'soft';
  }
  const byWords = classifyWords(words);
  if (byWords !== 'unknown' || status === null) return byWords;
  // A policy of the recipient's, or the state of its system (RFC 3463, 3.4): nothing is said of the address.
  if (!isVague && /^5\.[37]\./.test(status)) return 'rejected';
  return !isVague && status.startsWith('5.4.') ? 'soft' : 'unknown';
}

/** The same code stands before `user over quota` (qmail), `blocked using …` and a mailbox that gets too much at once. */
function ofDeadCode(words: string): RefusalClass {
  if (TOO_FAST.test(words) || saysFull(words)) return UNKNOWN_USER.test(words) ? 'hard' : 'soft';
  if (saysDead(words)) return 'hard';
  if (saysSender(words)) return 'sender-fault';
  if (saysNotNow(words)) return 'soft';
  return saysMessage(words) ? 'rejected' : 'hard';
}

function classifyWords(words: string): RefusalClass {
  if (words === '') return 'unknown';
  if (/\bthe account or domain may not exist\b/.test(words)) return 'hard';
  if (saysSender(words)) return 'sender-fault';
  if (saysFull(words) && !UNKNOWN_USER.test(words)) return 'soft';
  // `Host not found, try again` and a mailbox that is suspended for now are no dead ones.
  if (saysDead(words))
    return /\bnot found[^.]{0,40}\btry again\b|\btemporar(?:y|ily)\b/.test(words) && !UNKNOWN_USER.test(words)
      ? 'soft'
      : 'hard';
  if (saysNotNow(words)) return 'soft';
  return saysMessage(words) ? 'rejected' : 'unknown';
}

/**
 * Says whether a refusal during the hand-over is that of a full mailbox (RFC 3463, X.2.2), by its code or, where there is none
 * that says anything, by its words. Unlike a report's, a temporary code of any other kind is the server's (4.3.x) or passes.
 */
export function mailboxIsFull(status: string | null, said: string): boolean {
  const words = wordsOf(said);
  if (status === null || /^[45]\.[02]\.0$/.test(status)) return saysFull(words) && !UNKNOWN_USER.test(words);
  return status === '4.2.2' || status === '5.2.2';
}
