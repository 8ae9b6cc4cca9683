/** What a person wrote of themselves is short; the rest is quoted, or a letter. Characters. */
const LONGEST = 20_000;

/** Lines with which mail programs begin the mail that is answered, in the languages they are used in here. */
const BEGINS_QUOTE = [
  /^\s*>/,
  /^[-_=*\s]{5,}$/,
  /^\s*-{2,}\s*(?:original message|message d'origine|message original|ursprungliche nachricht|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|forwarded message|message transfere|weitergeleitete nachricht)\b/,
  // `On Mon, 2 Mar 2026 at 09:00, Relance <hello@example.com> wrote:`; programs fold the line before its end.
  /^\s*(?:on|le|am|el|il giorno|il|op|em|a)\b.{5,300}\b(?:wrote|a ecrit|ecrit|schrieb|escribio|ha scritto|schreef|escreveu)(?:\s[^:]{1,200})?\s*:\s*$/,
  /^\s*.{0,200}<[^<>\s]+@[^<>\s]+>.{0,60}\b(?:wrote|a ecrit|ecrit|schrieb|escribio|ha scritto|schreef|escreveu)\s*:?\s*$/,
  /^\s*\*?(?:from|de|von|da|van|sent|envoye|gesendet|enviado|inviato|verzonden)\s?\*?\s?:\s?\*?\s*.*(?:@|\d{4}).*$/,
  /^\s*(?:sent from my|envoye de mon|envoye depuis|von meinem .{0,40} gesendet|enviado desde mi|inviato da|verstuurd vanaf|enviado do meu|get outlook for)\b/,
  /^-- ?$/,
];

/**
 * What the person wrote, without the mail that it answers, which names the way out itself, and without the signature.
 * @param text the plain text of the mail
 */
export function ownWords(text: string): string {
  const lines = text.slice(0, LONGEST).split(/\r\n|\r|\n/);
  const own: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (beginsQuote(line) || beginsQuote(`${line} ${lines[index + 1] ?? ''}`, true)) {
      // A quote above the answer is skipped, one below it ends it.
      if (own.some((one) => one.trim() !== '')) break;
      continue;
    }
    own.push(line);
  }
  return own.join('\n').trim();
}

const plain = (line: string): string => line.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().slice(0, 500);

/** `folded`: two lines as one, where only the line about who wrote what can be meant. */
function beginsQuote(line: string, folded = false): boolean {
  const text = plain(line);
  return (folded ? BEGINS_QUOTE.slice(3, 5) : BEGINS_QUOTE).some((pattern) => pattern.test(text));
}
