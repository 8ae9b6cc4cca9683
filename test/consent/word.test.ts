import { readFileSync } from 'node:fs';
import { readWord, readWordOf } from '../../src/consent/index.ts';

/** What people write to a sender's number, one a line, by language. */
const phrases = (file: string): [string, string][] => {
  let language = '';
  return readFileSync(new URL(`phrases/${file}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line): [string, string][] => {
      if (line.startsWith('[')) language = line;
      return line === '' || line.startsWith('[') ? [] : [[language, line]];
    });
};
const HEARD = phrases('heard');
const NOT_HEARD: readonly [string, string][] = [...phrases('not-heard'), ['nothing', '']];

describe('C6: a STOP in any case, spacing, accent, politeness and language', () => {
  test.each(HEARD)('%s: %j', (_, text) => expect(readWord(text)).toBe('stop'));
});

describe('C6: what only looks like one is none', () => {
  test.each(NOT_HEARD)('%s: %j', (_, text) => expect(readWord(text)).toBe('other'));
});

describe('C6: however it is written', () => {
  const spelt: readonly [string, (text: string) => string][] = [
    ['in capitals', (text) => text.toUpperCase()],
    ['decomposed', (text) => text.normalize('NFD')],
    ['without accents', (text) => text.normalize('NFD').replace(/\p{M}/gu, '')],
    ['full width', (text) => text.replace(/[a-z]/g, (c) => String.fromCodePoint(c.codePointAt(0)! + 0xfee0))],
    ['with a zero-width space after each letter', (text) => text.replace(/(\p{L}\p{M}*)/gu, '$1\u200b')],
    ['with a typographic apostrophe', (text) => text.replaceAll("'", '’')],
    ['with an emoji and blanks around', (text) => `  🙏 ${text} 🙏\n`],
  ];
  test.each(spelt)('%s', (_, spell) => {
    expect(HEARD.map(([, text]) => spell(text)).filter((text) => readWord(text) !== 'stop')).toEqual([]);
    expect(NOT_HEARD.map(([, text]) => spell(text)).filter((text) => readWord(text) !== 'other')).toEqual([]);
  });
});

describe('START and HELP are all that is said', () => {
  test.each([
    'start',
    'START merci',
    'UNSTOP',
    'me réabonner svp',
    'Could you please start again?',
    'Pouvez-vous me réabonner svp',
    'Start bitte',
    'alta por favor',
    'start alstublieft',
  ])('%j asks for texts again', (text) => expect(readWord(text)).toBe('start'));
  test.each(['HELP', 'aide', 'Info svp', 'CONTACT', 'infos ?', 'Hilfe bitte', 'ayuda'])('%j asks who writes', (text) =>
    expect(readWord(text)).toBe('help'),
  );
  test.each([
    'OUI',
    'yes',
    'when does the sale start',
    'start stop',
    'help me find my parcel',
    "please don't start again",
    'ne me réabonnez pas',
    'no start',
    'can you help me',
  ])('%j is neither: a yes answers whatever was asked last', (text) => expect(readWord(text)).toBe('other'));
});

test('what the provider took it for counts, and a STOP that one of the two sees is one', () => {
  expect(readWordOf('TOT ZIENS', 'stop')).toBe('stop');
  expect(readWordOf('YES', 'start')).toBe('start');
  expect(readWordOf('Stop it please', 'start')).toBe('stop');
  expect(readWordOf('stop please', null)).toBe('stop');
  expect(readWordOf('hello', null)).toBe('other');
});

test('a long text is read in no time', () => {
  const began = performance.now();
  for (const part of ['s t o p ', 'a ', 'ne ', 'no ', 'nicht mehr ', 'stuur me ', "don't ", '-', 'de de '])
    readWord(`${part.repeat(50_000)}x`);
  expect(performance.now() - began).toBeLessThan(1_000);
});
