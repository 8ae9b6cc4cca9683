/** What a text message of a person says, as far as operators have words for it. */
export type Word = AnsweredWord | 'other';
/** Those that a provider, or we, answer. */
export type AnsweredWord = 'stop' | 'start' | 'help';

/**
 * Nobody begins a text with one of these who wants more of them. The words of CTIA (Messaging Principles, 5.1.3) and Twilio
 * ("Support for opt-out keywords": STOP, STOPALL, UNSUBSCRIBE, OPTOUT, REVOKE, ARRET…), and how French people say the same.
 */
const STOP_FIRST = words(`
  stop stopall stopper stoppez stoppe arret arrett arrete arretes arreter arretez arrettez
  desabonner desabonne desabonnez desabonnement desinscrire desinscrivez desinscription desinscris
  unsubscribe unsubscribed unsub optout revoke remove`);

/** Also words of operators, which begin sentences about other things: `cancel my appointment`, `end of the month`. */
const STOP_ALONE = words(`${[...STOP_FIRST].join(' ')} cancel end quit resilier resiliation`);

/**
 * The words of operators, and no `YES` or `OUI`: those answer whatever was asked last (an appointment, a survey), and who
 * said STOP must ask for advertising in so many words to get it again (GDPR Art. 4(11): an unambiguous indication).
 */
const START = words('start unstop restart subscribe reabonner reabonnement reinscrire reinscription');

/** CTIA: HELP and INFO; French operators: CONTACT (AF2M), which has to be answered with who advertises. */
const HELP = words('help aide info infos contact');

/** How people lead up to what they want. */
const COURTESY = words(`
  please pls plz thanks thank thx you merci svp stp s il vous te plait de d avance veuillez bonjour bonsoir salut hello
  hi hey dear madame monsieur ok me moi m je j veux voudrais souhaite aimerais demande i want to would like`);

/** What politeness and habit put around a word; digits and the number of the sender too. */
const POLITE = words(`${[...COURTESY].join(' ')} cordialement regards
  sms texto textos message messages pub pubs publicite publicites promo promos ces cette ce vos votre les la le l des de du
  a au aux the these this your all tout toute tous toutes now maintenant immediatement`);

/** STOP spelled as thumbs do: twice, drawn out, or with the next word or the number grown onto it. */
const STOP_GROWN = /^(?:(?:stop)+(?:svp|stp|merci|please|pls|sms|texto|pubs?|promos?)*|sto+p+)$/;

/** Longer texts are letters, not words to an operator. */
const LONGEST = 1_600;

/**
 * Reads a text (rule C6, law L5), in any case, accent, punctuation and spacing (`S T O P`, `STO P`), English or French. It
 * is a STOP when its first word is one, courtesy aside (`Please stop texting me`), or all of its words but the polite ones
 * are. "Please don't stop", "non stop", "the next stop", "cancel my appointment" and "end of month" are none. START and
 * HELP must be all that is said.
 */
export function readWord(text: string): Word {
  const said = wordsOf(text.slice(0, LONGEST));
  const first = said.find((word) => !COURTESY.has(word)) ?? '';
  if (STOP_FIRST.has(first) || STOP_GROWN.test(first) || STOP_FIRST.has(said.join(''))) return 'stop';
  const meant = said.filter((word) => !POLITE.has(word));
  if (meant.length === 0) return 'other';
  if (meant.every((word) => STOP_ALONE.has(word))) return 'stop';
  if (meant.every((word) => START.has(word))) return 'start';
  return meant.every((word) => HELP.has(word)) ? 'help' : 'other';
}

/** What a provider took a text for, beside what it says: a STOP that one of the two sees is one. */
export function readWordOf(text: string, provider: Word | null): Word {
  const read = readWord(text);
  return read === 'stop' ? read : (provider ?? read);
}

/** Words in lower case, without accents, digits and what nobody sees; letters with blanks or points between them are one. */
function wordsOf(text: string): string[] {
  // Zero-width blanks, soft hyphens and marks of direction come with what was copied.
  const plain = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase();
  const spelled = plain.replace(/(?<![\p{L}\d])(?:\p{L}[\s.,_*-]+){3,}\p{L}(?![\p{L}\d])/gu, (letters) =>
    letters.replace(/[^\p{L}]/gu, ''),
  );
  // `opt out`, `opt-out`.
  return spelled
    .replace(/\bopt[\s-]out\b/g, 'optout')
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
