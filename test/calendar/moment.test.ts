import fc from 'fast-check';
import { dateOf, instantOf, readMoment } from '../../src/calendar/index.ts';
import { parseInstant } from '../../src/shared/clock.ts';
import { aZonedInstant, icuLocal } from './icu.ts';

const PARIS = 'Europe/Paris';
const read = (value: unknown, zone = PARIS): unknown => {
  const moment = readMoment(value);
  if (moment === null) return null;
  const at = instantOf(moment, zone);
  return [dateOf(moment, zone), at === null ? null : new Date(at).toISOString()];
};

describe('T9: one value is read one way', () => {
  test.each<[unknown, string, string | null]>([
    ['2026-04-15', '2026-04-15', '2026-04-14T22:00:00.000Z'],
    ['2024-02-29', '2024-02-29', '2024-02-28T23:00:00.000Z'],
    ['--02-29', '--02-29', null],
    ['2026-04-15T08:30', '2026-04-15', '2026-04-15T06:30:00.000Z'],
    ['2026-04-15 08:30:15.25', '2026-04-15', '2026-04-15T06:30:15.250Z'],
    ['2026-03-29T02:30', '2026-03-29', '2026-03-29T01:00:00.000Z'],
    ['2026-04-14T22:30:00Z', '2026-04-15', '2026-04-14T22:30:00.000Z'],
    ['2026-04-15T08:00:00+02:00', '2026-04-15', '2026-04-15T06:00:00.000Z'],
    ['2026-04-15T08:00:00.123456+0200', '2026-04-15', '2026-04-15T06:00:00.123Z'],
    ['2026-04-15 08:00:00+02', '2026-04-15', '2026-04-15T06:00:00.000Z'],
    ['2026-04-15 06:00:00.5 Z', '2026-04-15', '2026-04-15T06:00:00.500Z'],
    [1_776_211_200, '2026-04-15', '2026-04-15T00:00:00.000Z'],
    [1_776_211_200.5, '2026-04-15', '2026-04-15T00:00:00.500Z'],
    [1_776_211_200_000, '2026-04-15', '2026-04-15T00:00:00.000Z'],
    ['1776211200', '2026-04-15', '2026-04-15T00:00:00.000Z'],
    [-86_400_000, '1967-04-07', '1967-04-07T00:00:00.000Z'],
  ])('%j is %s', (value, date, at) => expect(read(value)).toEqual([date, at]));

  test.each([
    '2026-02-31',
    '2026-02-29',
    '1900-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '--02-30',
    '2026-02-31T08:00',
    '2026-02-31 00:00:00',
    '2026-02-31T08:00:00Z',
    '2026-02-29 08:00:00+00',
    '2026-04-31T08:00:00+02:00',
    '2026-04-15T24:00:00Z',
    '2026-04-15T25:00',
    '2026-04-15T08:60',
    '2026-04-15T08:00:60Z',
    '2026-04-15T08:00:00+25:00',
    '15/04/2026',
    '04/15/2026',
    'April 15, 2026',
    'tomorrow',
    '2026',
    '2026-04',
    '20260415',
    20_260_415,
    1990,
    12,
    0,
    '0',
    '',
    ' ',
    'n/a',
    '0000-00-00',
    '0000-00-00 00:00:00',
    1e300,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    null,
    undefined,
    true,
    {},
    [2026, 4, 15],
  ])('%j is no date, and is read as no other', (value) => expect(read(value)).toBeNull());

  test('every way to write an instant is the same instant, on the date of the zone', () => {
    fc.assert(
      fc.property(aZonedInstant, ({ zone, at }) => {
        const text = new Date(at).toISOString();
        const day = new Date(icuLocal(at, zone)).toISOString().slice(0, 10);
        const forms = [text, text.replace('T', ' '), text.replace('Z', '+00:00'), text.replace('Z', '+00')];
        for (const form of at >= 1e11 ? [...forms, at, String(at)] : forms) {
          const moment = readMoment(form)!;
          expect([dateOf(moment, zone), instantOf(moment, zone)]).toEqual([day, at]);
        }
      }),
    );
  });

  test('whatever a text of digits and signs is read as, it is written in it', () => {
    const two = fc.integer({ min: 0, max: 61 }).map((number) => String(number).padStart(2, '0'));
    const date = fc.tuple(fc.integer({ min: 1, max: 9999 }), two, two);
    fc.assert(
      fc.property(date, fc.tuple(two, two, two), fc.constantFrom('', 'Z'), ([year, month, day], time, zone) => {
        const written = `${String(year).padStart(4, '0')}-${month}-${day}`;
        for (const text of [written, `${written}T${time.join(':')}${zone}`]) {
          const moment = readMoment(text);
          if (moment !== null) expect(dateOf(moment, 'UTC')).toBe(written);
          const at = parseInstant(text);
          if (!Number.isNaN(at)) expect(new Date(at).toISOString().slice(0, 10)).toBe(written);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
