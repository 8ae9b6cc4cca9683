import { z } from 'zod';
import { formatFault } from '../../src/shared/errors.ts';
import { nearest } from '../../src/shared/nearest.ts';
import { parseYaml } from '../../src/shared/yaml.ts';

const schema = z.strictObject({
  name: z.string(),
  list: z.array(z.strictObject({ kind: z.enum(['one', 'two']) })).default([]),
});
const faultsOf = (source: string): string[] => parseYaml(source, 'x.yaml', schema).faults.map(formatFault);

describe('one YAML document and its schema', () => {
  test('is read with its defaults', () => {
    expect(parseYaml('name: a\n', 'x.yaml', schema)).toMatchObject({ value: { name: 'a', list: [] }, faults: [] });
  });

  test('dates stay text, and yes and no are no truth values (YAML 1.2)', () => {
    const free = z.record(z.string(), z.unknown());
    expect(parseYaml('a: 2026-01-01\nb: yes\nc: 012\nd: "--07-14"\n', 'x.yaml', free).value).toEqual({
      a: '2026-01-01',
      b: 'yes',
      c: 12,
      d: '--07-14',
    });
  });

  test('a byte order mark and Windows line ends do no harm, and places stay right', () => {
    expect(parseYaml('\uFEFFname: a\r\n', 'x.yaml', schema).value).toEqual({ name: 'a', list: [] });
    expect(faultsOf('\uFEFFname: a\r\nmore: b\r\n')).toEqual([
      'x.yaml:2:1  error unknown-key  there is no "more" here (more) — known here: name, list',
    ]);
  });

  test.each<[string, string, string]>([
    [
      'a tab that indents',
      'list:\n\t- kind: one\n',
      'x.yaml:2:1  error yaml-syntax  a tab is used to indent — indent with spaces',
    ],
    [
      'the same key twice',
      'name: a\nname: b\n',
      'x.yaml:2:1  error duplicate-key  this key stands twice in one map — keep one of the two',
    ],
    [
      'two documents',
      'name: a\n---\nname: b\n',
      'x.yaml:2:1  error several-documents  there is more than one document in this file — keep one document a file, and no --- line after its beginning',
    ],
    ['a tag', 'name: !!js/function x\n', 'x.yaml:1:7  error yaml-syntax'],
    ['an alias to nothing', 'name: *x\n', 'x.yaml:1:7  error yaml-syntax  there is no &x before *x'],
    ['a quotation without end', 'name: "a\n', 'error yaml-syntax'],
    ['an empty file', '', 'x.yaml:1:1  error wrong-type  the file is empty'],
    ['comments alone', '# name\n', 'x.yaml:1:1  error wrong-type  the file is empty'],
    ['a list', '- a\n', 'x.yaml:1:1  error wrong-type  a list stands where a map is needed'],
    ['a text', 'hello\n', 'x.yaml:1:1  error wrong-type  the text "hello" stands where a map is needed'],
  ])('%s is told apart', (_name, source, expected) => {
    expect(faultsOf(source)[0]).toContain(expected);
  });

  test('an empty file is an empty map where that will do', () => {
    expect(parseYaml('', 'x.yaml', z.strictObject({ a: z.string().optional() })).value).toEqual({});
  });

  test('aliases cannot be used to fill the memory', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'
        .split('')
        .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`),
    ];
    expect(parseYaml(bomb.join('\n'), 'x.yaml', z.record(z.string(), z.unknown())).faults[0]?.code).toBe('yaml-syntax');
  });

  test('a value is placed at itself, a map at its key, and what is absent at what is above it', () => {
    const { at } = parseYaml('name: a\nlist:\n  - kind: one\n  - kind: two\n', 'x.yaml', schema);
    expect(at(['name'])).toEqual({ line: 1, column: 7 });
    expect(at(['list'])).toEqual({ line: 2, column: 1 });
    expect(at(['list', 1])).toEqual({ line: 4, column: 5 });
    expect(at(['list', 1, 'kind'])).toEqual({ line: 4, column: 11 });
    expect(at(['list', 1, 'other'])).toEqual({ line: 4, column: 5 });
    expect(at(['nowhere', 'deep'])).toEqual({ line: 1, column: 1 });
  });

  test('an item behind an alias is placed where it was written', () => {
    const { at } = parseYaml('a: &x\n  kind: one\nb: *x\n', 'x.yaml', z.unknown());
    expect(at(['b', 'kind'])).toEqual({ line: 2, column: 9 });
  });
});

test.each([
  ['emial', ['email', 'sms'], 'email'],
  ['templte', ['template', 'channel'], 'template'],
  ['Wait', ['wait', 'waitFor'], 'wait'],
  ['zzz', ['wait'], undefined],
  ['x', [], undefined],
])('the name nearest to %s among %j is %s', (text, known, expected) => {
  expect(nearest(text, known)).toBe(expected);
});
