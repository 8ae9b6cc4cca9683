import {
  ASKING,
  ASKING_AGAIN,
  DETERMINER,
  HELP,
  IF,
  JOINED,
  LEAD,
  LINK,
  MESSAGES,
  NEGATION,
  NEGATION_AFTER,
  OTHER_THING,
  PHRASES,
  POLITE,
  REMOVE_ME,
  START,
  STOP,
  STOP_ALONE,
  STOP_SHAPE,
  UNABLE,
  UNSUBSCRIBE_SHAPE,
} from './vocabulary.ts';

/** What a text of a person says, as far as operators have words for it. */
export type Word = AnsweredWord | 'other';
/** Those that a provider, or we, answer. */
export type AnsweredWord = 'stop' | 'start' | 'help';

/** Longer texts are letters, not words to an operator; what somebody wants of us stands at their beginning. */
const LONGEST = 1_600;

/**
 * Reads what a person wrote, by text message or mail (rule C6, law L5), in any case, accent, punctuation and spacing
 * (`S T O P`, `STO P`), in English, French, German, Spanish, Italian, Dutch or Portuguese. Pure and quick; quoted mails and
 * footers must be cut off before, for they name the way out themselves.
 *
 * It is a STOP wherever one stands that is wanted: at the beginning of a clause, courtesy aside (`Could you please stop`,
 * `wrong number, stop`), right behind a please, or about messages (`how do I stop these texts`). One that is turned round is none
 * (`please don’t stop`), nor one about something else (`the bus stop`, `stop my order`). In doubt it is a STOP, which does less
 * harm than one that is missed. START and HELP must be all that is said.
 */
export function readWord(text: string): Word {
  const clauses = clausesOf(text.slice(0, LONGEST));
  const said = clauses.flat();
  if (isStop(said.join('')) || clauses.some(asksToStop)) return 'stop';
  const meant = said.filter((word) => !POLITE.has(word));
  if (meant.length === 0) return 'other';
  if (meant.every((word) => STOP_ALONE.has(word) || isStop(word))) return 'stop';
  if (meant.every((word) => HELP.has(word))) return 'help';
  const again = meant.filter((word) => !ASKING_AGAIN.has(word));
  return again.length > 0 && again.every((word) => START.has(word)) ? 'start' : 'other';
}

/** What a provider took a text for, beside what it says: a STOP that one of the two sees is one. */
export function readWordOf(text: string, provider: Word | null): Word {
  const read = readWord(text);
  return read === 'stop' ? read : (provider ?? read);
}

function asksToStop(sentence: readonly string[]): boolean {
  const text = sentence.join(' ');
  return PHRASES.some((phrase) => phrase.test(text)) || byConjunction(sentence).some(namesStop);
}

function namesStop(clause: readonly string[]): boolean {
  return clause.some((word, at) => {
    if (UNSUBSCRIBE_SHAPE.test(word)) return !isTurnedRound(clause, at) || clause.some((one) => UNABLE.has(one));
    if (REMOVE_ME.has(word)) return isFirst(clause, at);
    if (!isStop(word) || isAboutSomethingElse(clause, at)) return false;
    if (isTurnedRound(clause, at)) return IF.has(clause[0]!);
    return isFirst(clause, at) || isAskedFor(clause, at) || isAboutMessages(clause, at) || isThreat(clause, at);
  });
}

const isStop = (word: string): boolean => STOP.has(word) || STOP_SHAPE.test(word) || UNSUBSCRIBE_SHAPE.test(word);

/** Nothing before it but courtesy, and what we send: `Können Sie bitte die Werbung stoppen`. */
function isFirst(clause: readonly string[], at: number): boolean {
  return clause
    .slice(0, at)
    .every((word, index) => LEAD.has(word) || MESSAGES.has(word) || pointsAtMessages(clause, index));
}

function pointsAtMessages(clause: readonly string[], at: number): boolean {
  if (!DETERMINER.has(clause[at]!)) return false;
  const next = clause[at + 1] ?? '';
  return MESSAGES.has(next) || pointsAtMessages(clause, at + 1);
}

const isAskedFor = (clause: readonly string[], at: number): boolean => ASKING.has(clause[at - 1] ?? '');

const isAboutMessages = (clause: readonly string[], at: number): boolean =>
  clause.slice(at + 1, at + 5).some((word) => MESSAGES.has(word)) || isBehindMessages(clause, at);

/** `You keep texting me stop`. */
const isBehindMessages = (clause: readonly string[], at: number): boolean =>
  at === clause.length - 1 && clause.slice(Math.max(0, at - 2), at).some((word) => MESSAGES.has(word));

const isThreat = (clause: readonly string[], at: number): boolean =>
  IF.has(clause[0]!) && clause.slice(1, at).every((word) => LINK.has(word));

/** Also `stop by tomorrow` and `stop at the shop`, which are of people who come. */
function isAboutSomethingElse(clause: readonly string[], at: number): boolean {
  const [next = '', ...later] = clause.slice(at + 1, at + 4);
  if (next === 'by' || (clause[at] === 'basta' && next === 'che')) return true;
  if ((next === 'at' || next === 'in') && ['the', 'my', 'a', 'your'].includes(later[0] ?? '')) return true;
  return [next, ...later].some((word) => OTHER_THING.has(word));
}

/**
 * Whether a negation reaches it: from before it (`don’t want you to stop`, `ne vous arrêtez pas`), or right behind a verb
 * (`arrêtez pas`, `stop niet`). `no` and `non` at the beginning may answer instead (`No stop texting me`).
 */
function isTurnedRound(clause: readonly string[], at: number): boolean {
  const word = clause[at]!;
  const [behind = '', farther] = clause.slice(at + 1).filter((one) => !PRONOUN.has(one));
  if (NEGATION_AFTER.has(behind) && !(word === 'stop' && behind === 'pas') && !isInterest(farther)) return true;
  for (let index = at - 1; index >= 0; index -= 1) {
    const before = clause[index]!;
    if (NEGATION.has(before)) return !isAnswer(clause, index, word);
    if (!LINK.has(before)) return false;
  }
  return false;
}

/** Between a verb and its negation: `stoppen Sie nicht`, `stop er niet mee`. */
const PRONOUN = new Set(['sie', 'ihr', 'du', 'er', 'u', 'surtout']);

/** `niet geïnteresseerd`, `nicht interessiert`: about the person, not about stopping. */
const isInterest = (word = ''): boolean => /^(?:ge)?interes/.test(word);

/** A no to us, and what is wanted behind it: `non` goes on before a French verb, `no` before an English one. */
function isAnswer(clause: readonly string[], at: number, stop: string): boolean {
  if (at !== 0) return false;
  if (clause[0] === 'no') return /^(?:sto+p|unsub)/.test(stop);
  return clause[0] === 'non' && /^(?:ar+et|desab|desin|cess)/.test(stop);
}

/** Words of each clause in lower case, without accents, digits and what nobody sees; letters with blanks or points between them are one. */
function clausesOf(text: string): string[][] {
  const plain = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase();
  const spelled = plain.replace(/(?<![\p{L}\d])(?:\p{L}[\s.,_*-]+){3,}\p{L}(?![\p{L}\d])/gu, (letters) =>
    letters.replace(/[^\p{L}]/gu, ''),
  );
  return spelled
    .split(/[^\p{L}\d\s'’‘`´_-]+|\s[-_]+\s|\n+/u)
    .map((clause) => clause.split(/[^\p{L}]+/u).filter((word) => word !== ''))
    .map(joined)
    .filter((clause) => clause.length > 0);
}

function joined(clause: readonly string[]): string[] {
  const sentence = JOINED.reduce((whole, [parts, one]) => whole.replace(parts, one), clause.join(' '));
  return sentence.split(' ').filter((word) => word !== '');
}

const CONJUNCTIONS = new Set('but so mais donc aber also pero ma maar dus porque because'.split(' '));

/** What comes behind a but is a clause of its own; so is what comes behind a `not interested`. */
function byConjunction(clause: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const word of clause) {
    if (!CONJUNCTIONS.has(word)) parts.at(-1)!.push(word);
    if (CONJUNCTIONS.has(word) || isInterest(word)) parts.push([]);
  }
  return parts;
}
