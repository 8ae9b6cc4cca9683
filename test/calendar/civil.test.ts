import fc from 'fast-check';
import { addMonths, fromDayNumber, isLeapYear, parseDate, toDayNumber, weekdayOf } from '../../src/calendar/civil.ts';

const aDay = fc.integer({ min: -1_000_000, max: 1_000_000 });

describe('civil dates', () => {
  it('agree with the UTC calendar of the platform, in both directions', () => {
    fc.assert(
      fc.property(aDay, (day) => {
        const date = new Date(day * 86_400_000);
        const expected = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
        expect(fromDayNumber(day)).toEqual(expected);
        expect(toDayNumber(expected.year, expected.month, expected.day)).toBe(day);
        expect(weekdayOf(day)).toBe(date.getUTCDay() === 0 ? 7 : date.getUTCDay());
      }),
    );
  });

  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2026-05-31', 0, '2026-05-31'],
  ])('%s plus %i months is %s', (from, months, to) => {
    expect(new Date(addMonths(Date.parse(from) / 86_400_000, months) * 86_400_000).toISOString().slice(0, 10)).toBe(to);
  });

  it.each([
    [2000, true],
    [1900, false],
    [2024, true],
    [2026, false],
  ])('%i leap: %s', (year, leap) => expect(isLeapYear(year)).toBe(leap));

  it.each([
    ['1990-02-28', { year: 1990, month: 2, day: 28 }],
    ['--02-29', { year: null, month: 2, day: 29 }],
    ['2024-02-29', { year: 2024, month: 2, day: 29 }],
    ['2026-02-29', null],
    ['2026-13-01', null],
    ['2026-00-10', null],
    ['2026-04-31', null],
    ['2026-4-1', null],
    ['2026-04-01T00:00:00Z', null],
    ['-2026-04-01', null],
    ['', null],
  ])('reads the date %j', (text, expected) => expect(parseDate(text)).toEqual(expected));
});
