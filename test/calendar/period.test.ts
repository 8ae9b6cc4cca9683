import fc from 'fast-check';
import { calendarPeriod, localDate, type CalendarUnit } from '../../src/calendar/index.ts';
import { aZonedInstant, icuLocal, instant, shown } from './icu.ts';

const PARIS = 'Europe/Paris';

describe('P10: calendar windows are in local time', () => {
  it.each([
    ['day', '2026-03-02T00:00+01:00', '2026-03-02T00:00+01:00', '2026-03-03T00:00+01:00'],
    ['day', '2026-03-29T12:00+02:00', '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00'],
    ['week', '2026-03-29T23:59+02:00', '2026-03-23T00:00+01:00', '2026-03-30T00:00+02:00'],
    ['week', '2026-03-30T00:00+02:00', '2026-03-30T00:00+02:00', '2026-04-06T00:00+02:00'],
    ['month', '2026-12-31T23:59+01:00', '2026-12-01T00:00+01:00', '2027-01-01T00:00+01:00'],
    ['month', '2028-02-29T12:00+01:00', '2028-02-01T00:00+01:00', '2028-03-01T00:00+01:00'],
    ['quarter', '2026-05-31T12:00+02:00', '2026-04-01T00:00+02:00', '2026-07-01T00:00+02:00'],
    ['quarter', '2026-11-01T12:00+01:00', '2026-10-01T00:00+02:00', '2027-01-01T00:00+01:00'],
    ['year', '2026-06-01T12:00+02:00', '2026-01-01T00:00+01:00', '2027-01-01T00:00+01:00'],
  ] as const)('the %s around %s', (unit, at, start, end) => {
    const period = calendarPeriod(unit, instant(at), PARIS, 'monday');
    expect([shown(period.start), shown(period.end)]).toEqual([shown(instant(start)), shown(instant(end))]);
  });

  it('a week starts on Sunday when the policy says so', () => {
    const week = (at: string): (string | null)[] => {
      const { start, end } = calendarPeriod('week', instant(at), PARIS, 'sunday');
      return [shown(start), shown(end)];
    };
    const expected = ['2026-02-28T23:00:00.000Z', '2026-03-07T23:00:00.000Z'];
    expect(week('2026-03-01T00:00+01:00')).toEqual(expected);
    expect(week('2026-03-07T23:59+01:00')).toEqual(expected);
  });

  it('a day whose midnight does not exist starts at the first instant after the gap', () => {
    const { start } = calendarPeriod('day', instant('2026-09-06T12:00-03:00'), 'America/Santiago', 'monday');
    expect(shown(start)).toBe(shown(instant('2026-09-06T01:00-03:00')));
  });

  it('a day shown once more, clocks being turned back over midnight, belongs to the day that has begun', () => {
    // St. John's, 7 November 2010: 00:01 became 23:01 of the day before.
    const day = calendarPeriod('day', instant('2010-11-06T23:30-03:30'), 'America/St_Johns', 'monday');
    expect([shown(day.start), shown(day.end)]).toEqual(['2010-11-07T02:30:00.000Z', '2010-11-08T03:30:00.000Z']);
  });

  it('periods follow each other without hole or overlap, each beginning with a local date', () => {
    const units = fc.constantFrom<CalendarUnit>('day', 'week', 'month', 'quarter', 'year');
    fc.assert(
      fc.property(aZonedInstant, units, fc.constantFrom('monday', 'sunday'), ({ zone, at }, unit, weekStart) => {
        const period = calendarPeriod(unit, at, zone, weekStart);
        expect(period.start <= at && at < period.end).toBe(true);
        expect(calendarPeriod(unit, period.end, zone, weekStart).start).toBe(period.end);
        expect(calendarPeriod(unit, period.start - 1, zone, weekStart).end).toBe(period.start);
        expect(calendarPeriod(unit, period.end - 1, zone, weekStart)).toEqual(period);
        const first = localDate(period.start, zone);
        const begins = {
          day: true,
          week: first.weekday === (weekStart === 'monday' ? 1 : 7),
          month: first.day === 1,
          quarter: first.day === 1 && first.month % 3 === 1,
          year: first.day === 1 && first.month === 1,
        };
        expect(begins[unit]).toBe(true);
        expect(icuLocal(period.start - 1, zone)).toBeLessThan(icuLocal(period.start, zone));
      }),
      { numRuns: 1000 },
    );
  });
});
