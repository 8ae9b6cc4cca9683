import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parsePolicy } from '../../src/gate/index.ts';
import { parseTestFile } from '../../src/rehearsal/parse-test-file.ts';
import { parseScenario } from '../../src/scenarios/parse.ts';
import { formatFault, type Fault } from '../../src/shared/errors.ts';
import { readMeta } from '../../src/templates/meta.ts';
import { FILES, Library, said, VALID, written, type FileKind, type WrongFile } from './library.ts';

const WRONG_FILES = JSON.parse(readFileSync(new URL('wrong-files.json', import.meta.url), 'utf8')) as WrongFile[];

/** Words of libraries, and of programs that failed. */
const NOT_FOR_PEOPLE =
  /Invalid (?:input|option|string|key)|[Ee]xpected \w+|Too (?:small|big)|Unrecognized|Maximum call stack|undefined|\bNaN\b|\[object|\bzod\b|at \w+.*\.ts:\d|Flow (?:map|sequence)|[Ii]mplicit|compact mappings|Unexpected/;
const LONGEST = 400;

describe('the words of errors in files', () => {
  let library: Library;
  const warnings: string[] = [];
  const hear = ({ message }: Error): void => void warnings.push(message);
  beforeAll(async () => {
    library = await Library.make();
    process.on('warning', hear);
  });
  afterAll(async () => {
    process.off('warning', hear);
    await library.remove();
  });

  test('nothing is wrong in the library that they are written into', async () => {
    expect(await library.check()).toEqual([]);
  });

  test.each(WRONG_FILES.map((wrong) => [wrong.kind, wrong.name, wrong] as const))(
    '%s: %s',
    async (kind, _name, wrong) => {
      const file = FILES[kind];
      const faults = await library.check({ [file]: written(wrong) });
      expect(faults.map((fault) => said(fault, file))).toEqual(wrong.said);
      for (const fault of faults) {
        expect(formatFault(fault).length).toBeLessThanOrEqual(LONGEST);
        expect(formatFault(fault)).not.toMatch(NOT_FOR_PEOPLE);
      }
      expect(warnings).toEqual([]);
    },
  );

  test('a file with very many faults lists some and counts the others', async () => {
    const strange = Array.from({ length: 300 }, (_, index) => `strange-${index}: 1\n`).join('');
    const faults = await library.check({ [FILES.scenario]: `${VALID.scenario}${strange}` });
    expect(faults).toHaveLength(26);
    expect(
      faults
        .map(({ code }) => code)
        .toSorted()
        .slice(0, 2),
    ).toEqual(['more-faults', 'unknown-key']);
    expect(faults.find(({ code }) => code === 'more-faults')?.message).toBe('275 more faults in this file');
  });

  test('a contact of a test that nobody could be is an unusable-contact, and its line is told', async () => {
    const faults = await library.check({ [FILES.test]: VALID.test.replace('1990-02-28', '1990-02-30') });
    expect(faults).toMatchObject([{ code: 'unusable-contact', line: 7, file: FILES.test }]);
  });

  test('there are many of them', () => {
    expect(WRONG_FILES.length).toBeGreaterThan(200);
  });
});

const PARSERS: Readonly<Record<Exclude<FileKind, 'mail'>, (source: string) => Fault[]>> = {
  scenario: (source) => parseScenario(source, 'a.yaml').faults,
  policy: (source) => parsePolicy(source, 'a.yaml').faults,
  meta: (source) => readMeta(source, 'a.yaml').faults,
  test: (source) => parseTestFile(source, 'a.yaml').faults,
};

/** What slips of the hand do to a file. */
const SIGNS = [
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ':',
  '-',
  '#',
  '&',
  '*',
  '!',
  '|',
  '>',
  '%',
  '@',
  '`',
  '\t',
  ' ',
  '\n',
  '\r',
  '\0',
  ',',
  '?',
  '<<: ',
  '{{',
  '}}',
  '__proto__',
  '1e999',
  '0900',
  'null',
  '~',
  '\u00a0',
  '💌',
];
const slip = fc.oneof(
  fc.record({ kind: fc.constant('delete' as const), at: fc.nat(2000), count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(2000), text: fc.constantFrom(...SIGNS) }),
  fc.record({
    kind: fc.constantFrom('double' as const, 'drop' as const, 'indent' as const, 'outdent' as const, 'swap' as const),
    at: fc.nat(60),
  }),
);

function slipped(source: string, how: typeof slip extends fc.Arbitrary<infer Slip> ? Slip : never): string {
  const at = how.at % (source.length + 1);
  if (how.kind === 'delete') return source.slice(0, at) + source.slice(at + how.count);
  if (how.kind === 'insert') return source.slice(0, at) + how.text + source.slice(at);
  const lines = source.split('\n');
  const line = how.at % lines.length;
  const text = lines[line]!;
  if (how.kind === 'double') lines.splice(line, 0, text);
  else if (how.kind === 'drop') lines.splice(line, 1);
  else if (how.kind === 'indent') lines[line] = ` ${text}`;
  else if (how.kind === 'outdent') lines[line] = text.replace(/^ /, '');
  else [lines[line], lines[line + 1]] = [lines[line + 1] ?? '', text];
  return lines.join('\n');
}

test.each(['scenario', 'policy', 'meta', 'test'] as const)(
  'whatever slips of the hand do to a %s, it is said in few and short words for people',
  (kind) => {
    fc.assert(
      fc.property(fc.array(slip, { minLength: 1, maxLength: 3 }), (slips) => {
        const source = slips.reduce(slipped, VALID[kind]);
        const faults = PARSERS[kind](source);
        expect(faults.length).toBeLessThanOrEqual(26);
        for (const fault of faults) {
          const text = formatFault({ ...fault, message: fault.message.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""') });
          expect(formatFault(fault).length).toBeLessThanOrEqual(LONGEST);
          expect(text).not.toMatch(NOT_FOR_PEOPLE);
          expect(fault.line).toBeGreaterThan(0);
        }
      }),
      { numRuns: 400 },
    );
  },
);
