/** Phrases of servers, one a line, as `wordsOf` writes what a server said; ` * ` stands for up to 80 characters of anything. */
export function phrases(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => withoutMarks(line.trim()))
    .filter((line) => line !== '');
}

/** `boîte` is `boite` for some servers. */
const withoutMarks = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '');

/** What a reply is looked for in: enough for any, and little enough for any. */
const LONGEST = 2_000;

/**
 * What a server said as it is compared: in lower case, without accents, on one line, and without the codes with which each
 * further line of a reply begins (`550-5.1.1 The email account\n550 5.1.1 does not exist`).
 */
export function wordsOf(said: string): string {
  return withoutMarks(said.slice(0, LONGEST))
    .replace(/[\u2018\u2019\u00b4`]/g, "'")
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/(?<=\s)[45]\d\d[- ](?:[45]\.\d{1,3}\.\d{1,3} )?/g, '')
    .trim();
}

/** Whether any of the phrases stands in words. */
export function anyOf(list: readonly string[]): (words: string) => boolean {
  const found = new RegExp(list.map((phrase) => phrase.split('*').map(escaped).join('.{0,80}?')).join('|'));
  return (words) => found.test(words);
}

const escaped = (part: string): string => part.trim().replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
