import fc from 'fast-check';
import { missedDays, nextRecurrence, parseRecurrence, recurrences } from '../../src/calendar/index.ts';
import { aZonedInstant, icuLocal, instant, shown } from './icu.ts';

const PARIS = 'Europe/Paris';
const nine = { hour: 9, minute: 0 };

const following = (rule: string, start: string, count: number, after = start, at = nine): (string | null)[] => {
  const recurrence = parseRecurrence(rule, start, at)!;
  const found: (string | null)[] = [];
  let from = instant(`${after}T00:00Z`) - 86_400_000;
  while (found.length < count) {
    const next = nextRecurrence(recurrence, from, PARIS);
    found.push(shown(next));
    if (next === null) break;
    from = next + 1;
  }
  return found;
};

const icuDay = (text: string): string => new Date(icuLocal(Date.parse(text), PARIS)).toISOString().slice(0, 10);

describe('recurrences', () => {
  it('T7: keep their local time across clock changes', () => {
    expect(following('FREQ=MONTHLY;BYMONTHDAY=1', '2026-01-01', 5)).toEqual([
      '2026-01-01T08:00:00.000Z',
      '2026-02-01T08:00:00.000Z',
      '2026-03-01T08:00:00.000Z',
      '2026-04-01T07:00:00.000Z',
      '2026-05-01T07:00:00.000Z',
    ]);
  });

  it('T7: a day on which the local time does not exist is not left out', () => {
    expect(following('FREQ=DAILY', '2026-03-28', 3, '2026-03-29', { hour: 2, minute: 30 })).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('T7: a skipped local time is found from the first instant after the gap', () => {
    const daily = parseRecurrence('FREQ=DAILY', '2026-01-01', { hour: 2, minute: 30 })!;
    const gap = instant('2026-03-29T01:00Z');
    expect(nextRecurrence(daily, gap, PARIS)).toBe(gap);
  });

  it('T7: a local time that exists twice comes once', () => {
    expect(following('FREQ=DAILY', '2026-10-25', 2, '2026-10-25', { hour: 2, minute: 30 })).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('count every second week from the start', () => {
    expect(following('RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', '2026-03-10', 2, '2030-01-01')).toEqual([
      '2030-01-08T08:00:00.000Z',
      '2030-01-22T08:00:00.000Z',
    ]);
  });

  it('end with COUNT and UNTIL', () => {
    expect(following('FREQ=DAILY;COUNT=2', '2026-03-28', 5)).toEqual([
      '2026-03-28T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
      null,
    ]);
    expect(following('FREQ=DAILY;UNTIL=20260329', '2026-03-29', 5)).toEqual(['2026-03-29T07:00:00.000Z', null]);
    expect(following('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2026-01-01', 5)).toEqual([null]);
  });

  it('RFC 5545: the day that UNTIL names is the last one, and counts, at whatever time', () => {
    const rule = 'FREQ=WEEKLY;BYDAY=MO;UNTIL=20260316';
    const mondays = ['2026-03-02', '2026-03-09', '2026-03-16'];
    for (const hour of [0, 9, 22]) {
      const at = following(rule, '2026-03-02', 9, '2026-03-02', { hour, minute: 0 });
      const local = at.map((text) => text && icuDay(text));
      expect(local).toEqual([...mondays, null]);
    }
  });

  it('RFC 5545: a local time that UNTIL names counts, a minute later does not', () => {
    const last = { hour: 9, minute: 0 };
    expect(following('FREQ=DAILY;UNTIL=20260302T090000', '2026-03-02', 2, '2026-03-02', last)).toHaveLength(2);
    expect(following('FREQ=DAILY;UNTIL=20260302T085900', '2026-03-02', 2, '2026-03-02', last)).toEqual([null]);
  });

  it('RFC 5545: an instant that UNTIL names is the same for every zone, and counts', () => {
    const recurrence = parseRecurrence('FREQ=DAILY;UNTIL=20260303T080000Z', '2026-03-02', nine)!;
    const all = (zone: string): string[] => [...recurrences(recurrence, 0, zone)].map(({ at }) => shown(at)!);
    expect(all(PARIS)).toEqual(['2026-03-02T08:00:00.000Z', '2026-03-03T08:00:00.000Z']);
    expect(all('Asia/Tokyo')).toEqual(['2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z']);
    expect(all('America/New_York')).toEqual(['2026-03-02T14:00:00.000Z']);
    expect(all('Pacific/Kiritimati')).toEqual(['2026-03-01T19:00:00.000Z', '2026-03-02T19:00:00.000Z']);
  });

  it('RFC 5545: an instant of UNTIL includes exactly what lies at or before it, in any zone', () => {
    fc.assert(
      fc.property(aZonedInstant, fc.integer({ min: 0, max: 23 }), ({ zone, at }, hour) => {
        const until = Math.floor(Math.max(at, instant('2024-02-01T00:00Z')) / 1000) * 1000;
        const text = new Date(until).toISOString().replaceAll(/[-:]|\.\d+/g, '');
        const start = new Date(until - 3 * 86_400_000).toISOString().slice(0, 10);
        const time = { hour, minute: 0 };
        const open = parseRecurrence('FREQ=DAILY', start, time)!;
        const ended = parseRecurrence(`FREQ=DAILY;UNTIL=${text}`, start, time)!;
        const expected: number[] = [];
        for (const next of recurrences(open, 0, zone)) {
          if (next.at > until) break;
          expected.push(next.at);
        }
        expect([...recurrences(ended, 0, zone)].map((next) => next.at)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it.each(['20260231', '20261301', '20260316T250000', '20260316T106100', '20260231T100000Z'])(
    'T9: UNTIL=%s does not exist, and is no other day',
    (until) => expect(parseRecurrence(`FREQ=DAILY;UNTIL=${until}`, '2026-01-01', nine)).toBeNull(),
  );

  it('the last day of each month is BYMONTHDAY=-1', () => {
    expect(following('FREQ=MONTHLY;BYMONTHDAY=-1', '2026-01-01', 4).map((text) => text!.slice(0, 10))).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
    ]);
  });

  it.each([
    ['FREQ=MONTHLY;BYMONTHDAY=31', '2026-01-01', [[31, [2, 4, 6, 9, 11]]]],
    ['rrule:freq=monthly;bymonthday=1,30', '2026-01-01', [[30, [2]]]],
    ['FREQ=MONTHLY;BYMONTHDAY=29', '2026-01-01', [[29, [2]]]],
    ['FREQ=MONTHLY;BYMONTHDAY=-31', '2026-01-01', [[-31, [2, 4, 6, 9, 11]]]],
    ['FREQ=MONTHLY', '2026-01-31', [[31, [2, 4, 6, 9, 11]]]],
    ['FREQ=MONTHLY;INTERVAL=2', '2026-01-31', [[31, [9, 11]]]],
    ['FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31', '2026-07-01', [[31, [9, 11]]]],
    ['FREQ=YEARLY', '2024-02-29', [[29, [2]]]],
    ['FREQ=YEARLY;BYMONTH=2,3', '2026-03-31', [[31, [2]]]],
    ['FREQ=YEARLY;BYMONTHDAY=31', '2026-01-01', [[31, [2, 4, 6, 9, 11]]]],
    ['FREQ=DAILY;BYMONTHDAY=31', '2026-01-01', [[31, [2, 4, 6, 9, 11]]]],
    ['FREQ=YEARLY', '2026-03-31', []],
    ['FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31', '2026-01-01', []],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', '2026-01-31', []],
    ['FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1', '2026-01-01', []],
    ['FREQ=MONTHLY;BYDAY=-1FR', '2026-01-30', []],
    ['FREQ=WEEKLY', '2026-01-31', []],
  ])('%s from %s misses the days %j', (rule, start, missed) => {
    expect(missedDays(rule, start).map(({ day, months }) => [day, months])).toEqual(missed);
  });

  it('find the last Friday of the month', () => {
    expect(following('FREQ=MONTHLY;BYDAY=-1FR', '2026-01-01', 2)).toEqual([
      '2026-01-30T08:00:00.000Z',
      '2026-02-27T08:00:00.000Z',
    ]);
  });

  it.each([
    '',
    'FREQ=HOURLY',
    'BYDAY=MO',
    'FREQ=DAILY;BYHOUR=9',
    'FREQ=DAILY;FREQ=WEEKLY',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=WEEKLY;BYDAY=2MO',
    'FREQ=YEARLY;BYMONTH=13',
    'FREQ=DAILY;DTSTART=20260101',
    'every day',
  ])('refuse the rule %j', (rule) => expect(parseRecurrence(rule, '2026-01-01', nine)).toBeNull());

  it('refuse a start that is no date', () => {
    expect(parseRecurrence('FREQ=DAILY', '2026-02-30', nine)).toBeNull();
    expect(parseRecurrence('FREQ=DAILY', '--02-28', nine)).toBeNull();
  });

  it('T7: daily is the first instant of each local day that shows the time, asked in any order', () => {
    const recurrence = parseRecurrence('FREQ=DAILY', '2024-01-01', nine)!;
    fc.assert(
      fc.property(aZonedInstant, ({ zone, at }) => {
        const next = nextRecurrence(recurrence, Math.max(at, instant('2024-01-03T00:00Z')), zone)!;
        expect(next).toBeGreaterThanOrEqual(at);
        expect(icuLocal(next, zone) % 86_400_000).toBe(9 * 3_600_000);
      }),
    );
  });
});
