import fc from 'fast-check';
import { atLocal, daysBetween, localDate, nextTimeOfDay, parseTimeOfDay } from '../../src/calendar/index.ts';
import { aZonedInstant, icuLocal, instant, shown } from './icu.ts';

describe('times of day', () => {
  it.each([
    ['09:00', { hour: 9, minute: 0 }],
    ['23:59', { hour: 23, minute: 59 }],
    ['24:00', null],
    ['9:00', null],
    ['09:60', null],
    ['09:00:00', null],
  ])('reads %s', (text, expected) => expect(parseTimeOfDay(text)).toEqual(expected));

  it.each([
    ['the same day', '2026-03-02T08:00+01:00', '09:00', '2026-03-02T09:00+01:00'],
    ['at once when it is now', '2026-03-02T09:00+01:00', '09:00', '2026-03-02T09:00+01:00'],
    ['the next day', '2026-03-02T09:00:00.001+01:00', '09:00', '2026-03-03T09:00+01:00'],
    ['after the gap when it does not exist', '2026-03-29T00:00+01:00', '02:30', '2026-03-29T03:00+02:00'],
    ['not twice on the day it does not exist', '2026-03-29T03:00:00.001+02:00', '02:30', '2026-03-30T02:30+02:00'],
    ['the first of two', '2026-10-25T00:00+02:00', '02:30', '2026-10-25T02:30+02:00'],
    ['never the second of two', '2026-10-25T02:31+02:00', '02:30', '2026-10-26T02:30+01:00'],
    ['never the second of two, between them', '2026-10-25T02:10+01:00', '02:30', '2026-10-26T02:30+01:00'],
  ])('the next time of day is %s', (_rule, from, time, to) => {
    expect(shown(nextTimeOfDay(instant(from), parseTimeOfDay(time)!, 'Europe/Paris'))).toBe(shown(instant(to)));
  });

  it('every local day has each time of day once, clock change or not', () => {
    fc.assert(
      // No zone changes its clocks in these hours, so a skipped time cannot fall on the next day.
      fc.property(aZonedInstant, fc.integer({ min: 4, max: 21 }), fc.nat(59), ({ zone, at }, hour, minute) => {
        const first = nextTimeOfDay(at, { hour, minute }, zone);
        const second = nextTimeOfDay(first + 1, { hour, minute }, zone);
        expect(first).toBeGreaterThanOrEqual(at);
        expect(daysBetween(first, second, zone)).toBe(1);
        expect(icuLocal(first, zone) % 86_400_000).toBe(hour * 3_600_000 + minute * 60_000);
      }),
    );
  });

  it('the local date is the one the platform prints', () => {
    fc.assert(
      fc.property(aZonedInstant, ({ zone, at }) => {
        const local = new Date(icuLocal(at, zone));
        expect(localDate(at, zone)).toEqual({
          year: local.getUTCFullYear(),
          month: local.getUTCMonth() + 1,
          day: local.getUTCDate(),
          weekday: local.getUTCDay() === 0 ? 7 : local.getUTCDay(),
        });
      }),
    );
  });

  it('a local date and time is an instant', () => {
    const time = { hour: 9, minute: 0 };
    expect(shown(atLocal({ year: 2026, month: 7, day: 1 }, time, 'Asia/Kathmandu'))).toBe('2026-07-01T03:15:00.000Z');
  });

  it.each([
    ['2026-03-02T23:59+01:00', '2026-03-03T00:01+01:00', 1],
    ['2026-03-02T00:00+01:00', '2026-03-02T23:59+01:00', 0],
    ['2026-03-28T12:00+01:00', '2026-03-30T00:00+02:00', 2],
    ['2026-03-03T00:00+01:00', '2026-03-02T23:59+01:00', -1],
    ['2026-01-01T00:00+01:00', '2027-01-01T00:00+01:00', 365],
  ])('from %s to %s are %i calendar days', (from, to, days) => {
    expect(daysBetween(instant(from), instant(to), 'Europe/Paris')).toBe(days);
  });
});
