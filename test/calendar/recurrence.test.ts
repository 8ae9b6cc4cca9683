import fc from 'fast-check';
import { nextRecurrence, parseRecurrence } from '../../src/calendar/index.ts';
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
    expect(following('FREQ=DAILY;UNTIL=20260330', '2026-03-29', 5)).toEqual(['2026-03-29T07:00:00.000Z', null]);
    expect(following('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2026-01-01', 5)).toEqual([null]);
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
