import fc from 'fast-check';
import { nextOccurrence, occurrence, parseDuration, type OccurrenceOptions } from '../../src/calendar/index.ts';
import { aZonedInstant, instant, shown } from './icu.ts';

const PARIS = 'Europe/Paris';
const nine: OccurrenceOptions = { at: { hour: 9, minute: 0 } };
const offset = (text: string): OccurrenceOptions => ({ ...nine, offset: parseDuration(text)! });

describe('occurrences of a contact’s date', () => {
  it.each([
    ['a birthday', '1990-05-04', 2026, nine, '2026-05-04T09:00+02:00'],
    ['a date without a year', '--05-04', 2027, nine, '2027-05-04T09:00+02:00'],
    ['T6: 29 February in a common year', '1992-02-29', 2026, nine, '2026-02-28T09:00+01:00'],
    ['T6: 29 February with mar1', '--02-29', 2026, { ...nine, feb29: 'mar1' }, '2026-03-01T09:00+01:00'],
    ['T6: 29 February in a leap year', '--02-29', 2028, { ...nine, feb29: 'mar1' }, '2028-02-29T09:00+01:00'],
    ['T6: 29 February in 2100, no leap year', '--02-29', 2100, nine, '2100-02-28T09:00+01:00'],
    ['T6: the offset counts from the day that stands for it', '--02-29', 2026, offset('-7d'), '2026-02-21T09:00+01:00'],
    ['a week before', '--03-31', 2026, offset('-7d'), '2026-03-24T09:00+01:00'],
    ['a week before, in the year before', '--01-03', 2027, offset('-7d'), '2026-12-27T09:00+01:00'],
    ['a month before 31 March', '--03-31', 2026, offset('-1mo'), '2026-02-28T09:00+01:00'],
    ['hours move the instant', '--05-04', 2026, offset('-2h'), '2026-05-04T07:00+02:00'],
    ['T7: a local time over a clock change', '--03-29', 2026, nine, '2026-03-29T09:00+02:00'],
    ['in a gap', '--03-29', 2026, { at: { hour: 2, minute: 30 } }, '2026-03-29T03:00+02:00'],
  ] as const)('%s', (_rule, date, year, options, expected) => {
    expect(shown(occurrence(date, year, options, PARIS))).toBe(shown(instant(expected)));
  });

  it('refuses what is no date', () => {
    expect(() => occurrence('4 May', 2026, nine, PARIS)).toThrow(/4 May/);
    expect(nextOccurrence('2026-02-30', 0, { ...nine, yearly: true }, PARIS)).toBeNull();
  });

  it.each([
    ['later this year', '1990-05-04', '2026-03-01T00:00+01:00', { ...nine, yearly: true }, 2026],
    ['at this very instant', '1990-05-04', '2026-05-04T09:00+02:00', { ...nine, yearly: true }, 2026],
    ['next year', '1990-05-04', '2026-05-04T09:00:00.001+02:00', { ...nine, yearly: true }, 2027],
    [
      'T5: above the years already used',
      '1990-05-04',
      '2026-03-01T00:00+01:00',
      { ...nine, yearly: true, minYear: 2028 },
      2028,
    ],
    [
      'of next year, triggering this year',
      '--01-03',
      '2026-12-20T00:00+01:00',
      { ...offset('-7d'), yearly: true },
      2027,
    ],
    [
      'of last year, triggering this year',
      '--12-30',
      '2026-01-02T00:00+01:00',
      { ...offset('7d'), yearly: true },
      2025,
    ],
    [
      'found although a month is 31 days',
      '--12-31',
      '2027-01-31T22:59+01:00',
      { at: { hour: 23, minute: 0 }, offset: parseDuration('1mo')!, yearly: true },
      2026,
    ],
    ['not before the date’s own year', '2029-05-04', '2026-03-01T00:00+01:00', { ...nine, yearly: true }, 2029],
    ['once: still to come', '2026-05-04', '2026-03-01T00:00+01:00', { ...nine, yearly: false }, 2026],
    ['once: past', '2026-05-04', '2026-06-01T00:00+02:00', { ...nine, yearly: false }, null],
    ['once: below minYear', '2026-05-04', '2026-03-01T00:00+01:00', { ...nine, yearly: false, minYear: 2027 }, null],
    ['once: without a year', '--05-04', '2026-03-01T00:00+01:00', { ...nine, yearly: false }, null],
  ] as const)('the next occurrence is %s', (_rule, date, after, options, year) => {
    const next = nextOccurrence(date, instant(after), options, PARIS);
    expect(next?.year ?? null).toBe(year);
    expect(next?.at ?? null).toBe(year === null ? null : occurrence(date, year, options, PARIS));
  });

  it('T5: years follow each other, and the one before the next is past', () => {
    const dates = fc.constantFrom('--02-29', '--01-01', '--12-31', '1945-06-15', '--03-29', '--10-25');
    const offsets = fc.constantFrom('0d', '-7d', '30d', '-2mo', '1y', '-P1Y2M', '-5h', '-11mo', '40y');
    fc.assert(
      fc.property(
        aZonedInstant,
        dates,
        offsets,
        fc.constantFrom('feb28', 'mar1'),
        ({ zone, at }, date, text, feb29) => {
          const options = { ...offset(text), feb29, yearly: true };
          const next = nextOccurrence(date, at, options, zone)!;
          expect(next.at).toBeGreaterThanOrEqual(at);
          expect(occurrence(date, next.year - 1, options, zone)).toBeLessThan(at);
          expect(nextOccurrence(date, at, { ...options, minYear: next.year + 1 }, zone)!.year).toBe(next.year + 1);
          expect(nextOccurrence(date, next.at + 1, options, zone)!.year).toBe(next.year + 1);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
