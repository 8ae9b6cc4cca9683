import { parseEnvFile } from '../../src/config/env-file.ts';
import type { UserError } from '../../src/shared/errors.ts';

function faultsOf(text: string): (string | number | undefined)[][] {
  try {
    parseEnvFile(text, '.env');
  } catch (error) {
    return (error as UserError).faults.map(({ line, message }) => [line, message]);
  }
  return [];
}

describe('.env', () => {
  test('names, quotes, comments, export, several lines, Windows line ends', () => {
    const { values, origins } = parseEnvFile(
      ['# settings', '', 'PORT=8080 # here', 'export HOST = "0.0.0.0"', 'KEY="first', 'second"', "LAST='a # b'"].join(
        '\r\n',
      ),
      '.env',
    );
    expect(values).toEqual({ PORT: '8080', HOST: '0.0.0.0', KEY: 'first\nsecond', LAST: 'a # b' });
    expect(Object.fromEntries([...origins].map(([name, { line }]) => [name, line]))).toEqual({
      PORT: 3,
      HOST: 4,
      KEY: 5,
      LAST: 7,
    });
  });

  test('an empty file, and one with a byte order mark', () => {
    expect(parseEnvFile('', '.env').values).toEqual({});
    expect(parseEnvFile('\uFEFFPORT=1', '.env').values).toEqual({ PORT: '1' });
  });

  test.each([
    ['PORT 3000', 1, '"PORT 3000" is not a setting'],
    ['PORT=1\nsmtp: x', 2, '"smtp: x" is not a setting'],
    ['=3000', 1, '"=3000" is not a setting'],
    ['1PORT=3000', 1, '"1PORT=3000" is not a setting'],
    ['PORT="3000', 1, 'PORT opens a quote that is never closed'],
    ['PORT="3000" x', 1, 'PORT has text after its closing quote'],
    ['PORT=1\nPORT=2', 2, 'PORT is set twice'],
  ])('%j is refused with its line', (text, line, message) => {
    expect(faultsOf(text)).toEqual([[line, message]]);
  });

  test('every bad line is named', () => {
    expect(faultsOf('one\nPORT=1\ntwo\n').map(([line]) => line)).toEqual([1, 3]);
  });

  test('a broken line is shown only so far that it can be found: it may hold a password', () => {
    expect(faultsOf('SMTP_URL smtp://user:hunter2@mail.example')[0]![1]).toBe('"SMTP_URL smt…" is not a setting');
  });
});
