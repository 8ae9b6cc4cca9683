import fc from 'fast-check';
import { localDate, parseWeekday, waitUntil } from '../../src/calendar/index.ts';
import { aZonedInstant, instant, shown } from './icu.ts';

describe('wait until', () => {
  it.each([
    ['a time later today', '2026-03-02T08:00+01:00', { time: '09:00' }, '2026-03-02T09:00+01:00'],
    ['a time that is now: tomorrow', '2026-03-02T09:00+01:00', { time: '09:00' }, '2026-03-03T09:00+01:00'],
    ['a weekday and time', '2026-03-04T15:00+01:00', { weekday: 'Mon', time: '09:00' }, '2026-03-09T09:00+01:00'],
    [
      'a weekday of today, later',
      '2026-03-02T08:00+01:00',
      { weekday: 'monday', time: '09:00' },
      '2026-03-02T09:00+01:00',
    ],
    ['a weekday alone: its start', '2026-03-04T15:00+01:00', { weekday: 'Mon' }, '2026-03-09T00:00+01:00'],
    [
      'a weekday alone, on that day: the next one',
      '2026-03-02T15:00+01:00',
      { weekday: 'Mon' },
      '2026-03-09T00:00+01:00',
    ],
    [
      'one of several weekdays',
      '2026-03-04T15:00+01:00',
      { weekday: ['Tue', 'Thu'], time: '10:00' },
      '2026-03-05T10:00+01:00',
    ],
    ['a date', '2026-03-04T15:00+01:00', { date: '2026-12-24', time: '18:00' }, '2026-12-24T18:00+01:00'],
    ['a date alone: its start', '2026-03-04T15:00+01:00', { date: '2026-12-24' }, '2026-12-24T00:00+01:00'],
    [
      'a date that is past: nothing',
      '2026-03-04T15:00+01:00',
      { date: '2026-03-04', time: '09:00' },
      '2026-03-04T15:00+01:00',
    ],
    [
      'the first Monday from a date on',
      '2026-03-04T15:00+01:00',
      { date: '2026-12-24', weekday: 'Mon' },
      '2026-12-28T00:00+01:00',
    ],
    ['a time in the gap', '2026-03-29T00:00+01:00', { time: '02:30' }, '2026-03-29T03:00+02:00'],
    ['a time that exists twice', '2026-10-25T00:00+02:00', { time: '02:30' }, '2026-10-25T02:30+02:00'],
    ['a time that exists twice, once past', '2026-10-25T02:30+02:00', { time: '02:30' }, '2026-10-26T02:30+01:00'],
    ['nothing given: the next midnight', '2026-03-04T15:00+01:00', {}, '2026-03-05T00:00+01:00'],
  ])('%s', (_rule, at, until, expected) => {
    expect(shown(waitUntil(instant(at), until, 'Europe/Paris'))).toBe(shown(instant(expected)));
  });

  it.each([{ time: '9:00' }, { weekday: 'lundi' }, { date: '2026-02-30' }, { date: '--02-28' }])(
    'refuses %j',
    (until) => {
      expect(() => waitUntil(0, until, 'Europe/Paris')).toThrow(RangeError);
    },
  );

  it('always moves on, by at most eight days, to a day that fits', () => {
    const weekdays = fc.uniqueArray(fc.constantFrom('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'), { minLength: 1 });
    fc.assert(
      fc.property(
        aZonedInstant,
        weekdays,
        fc.constantFrom('00:00', '02:30', '09:00', '23:59'),
        ({ zone, at }, weekday, time) => {
          const reached = waitUntil(at, { weekday, time }, zone);
          expect(reached).toBeGreaterThan(at);
          expect(reached - at).toBeLessThan(8 * 86_400_000);
          // Saturday 23:59 in Nuuk, skipped in spring, is the first instant of Sunday.
          const days = [reached, reached - 1].map((when) => localDate(when, zone).weekday);
          expect(weekday.map(parseWeekday).some((day) => days.includes(day!))).toBe(true);
        },
      ),
    );
  });
});
