import fc from 'fast-check';
import { addDuration, durationMs, parseDuration, subtractDuration, type Duration } from '../../src/calendar/index.ts';
import { aZonedInstant, icuLocal, instant, shown } from './icu.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const duration = (text: string): Duration => parseDuration(text)!;

describe('durations', () => {
  it.each([
    ['10m', { months: 0, days: 0, ms: 600_000 }],
    ['4h', { months: 0, days: 0, ms: 4 * HOUR }],
    ['3d', { months: 0, days: 3, ms: 0 }],
    ['2w', { months: 0, days: 14, ms: 0 }],
    ['6mo', { months: 6, days: 0, ms: 0 }],
    ['1y', { months: 12, days: 0, ms: 0 }],
    ['-7d', { months: 0, days: -7, ms: 0 }],
    ['0d', { months: 0, days: 0, ms: 0 }],
    ['P1DT2H', { months: 0, days: 1, ms: 2 * HOUR }],
    ['-P7D', { months: 0, days: -7, ms: 0 }],
    ['P1Y2M3W4DT5H6M7.008S', { months: 14, days: 25, ms: 5 * HOUR + 6 * 60_000 + 7008 }],
    ['PT1.5H', { months: 0, days: 0, ms: 1.5 * HOUR }],
  ])('reads %s', (text, expected) => expect(parseDuration(text)).toEqual(expected));

  it.each([
    '',
    'd',
    '3',
    '3 d',
    '3D',
    '1.5d',
    '3d4h',
    '--3d',
    '3s',
    'P',
    'PT',
    'P1.5D',
    'P1H',
    '1001y',
    '999999999d',
    'soon',
  ])('refuses %j', (text) => expect(parseDuration(text)).toBeNull());

  it.each([
    ['3d after Friday 09:00 is Monday 09:00', '2026-03-06T09:00+01:00', '3d', 'Europe/Paris', '2026-03-09T09:00+01:00'],
    ['3d over the spring change keeps 09:00', '2026-03-27T09:00+01:00', '3d', 'Europe/Paris', '2026-03-30T09:00+02:00'],
    ['3d over the autumn change keeps 09:00', '2026-10-23T09:00+02:00', '3d', 'Europe/Paris', '2026-10-26T09:00+01:00'],
    ['72h over the spring change does not', '2026-03-27T09:00+01:00', '72h', 'Europe/Paris', '2026-03-30T10:00+02:00'],
    ['24h over the autumn change does not', '2026-10-24T12:00+02:00', '24h', 'Europe/Paris', '2026-10-25T11:00+01:00'],
    ['1mo after 31 January is 28 February', '2026-01-31T09:00+01:00', '1mo', 'Europe/Paris', '2026-02-28T09:00+01:00'],
    [
      '1mo after 31 January is 29 February in a leap year',
      '2028-01-31T09:00+01:00',
      '1mo',
      'Europe/Paris',
      '2028-02-29T09:00+01:00',
    ],
    ['1y after 29 February is 28 February', '2028-02-29T09:00+01:00', '1y', 'Europe/Paris', '2029-02-28T09:00+01:00'],
    [
      'a local time in the gap becomes the instant after it',
      '2026-03-28T02:30+01:00',
      '1d',
      'Europe/Paris',
      '2026-03-29T03:00+02:00',
    ],
    ['half an hour of gap too', '2026-10-03T02:15+10:30', '1d', 'Australia/Lord_Howe', '2026-10-04T02:30+11:00'],
    ['a gap at midnight too', '2026-09-05T00:30-04:00', '1d', 'America/Santiago', '2026-09-06T01:00-03:00'],
    [
      'a local time that exists twice is the first',
      '2026-10-24T02:30+02:00',
      '1d',
      'Europe/Paris',
      '2026-10-25T02:30+02:00',
    ],
    ['hours come after the days', '2026-03-28T01:00+01:00', 'P1DT2H', 'Europe/Paris', '2026-03-29T04:00+02:00'],
    [
      'nothing from the second of two stays there',
      '2026-10-25T02:30+01:00',
      '0d',
      'Europe/Paris',
      '2026-10-25T02:30+01:00',
    ],
    ['backwards', '2026-03-30T09:00+02:00', '-3d', 'Europe/Paris', '2026-03-27T09:00+01:00'],
  ])('%s', (_rule, from, text, zone, to) => {
    expect(shown(addDuration(instant(from), duration(text), zone))).toBe(shown(instant(to)));
  });

  it('days lead to the first instant at which the clock shows the same time of day, to the millisecond, or more', () => {
    const days = fc.integer({ min: -800, max: 800 }).filter((count) => count !== 0);
    fc.assert(
      fc.property(aZonedInstant, days, ({ zone, at }, count) => {
        const later = addDuration(at, { months: 0, days: count, ms: 0 }, zone);
        const wanted = icuLocal(at, zone) + count * DAY;
        expect(icuLocal(later, zone)).toBeGreaterThanOrEqual(wanted);
        expect(icuLocal(later - 1, zone)).toBeLessThan(wanted);
      }),
      { numRuns: 1000 },
    );
  });

  it('hours are absolute, everywhere', () => {
    fc.assert(
      fc.property(aZonedInstant, fc.integer({ min: -5000, max: 5000 }), ({ zone, at }, hours) => {
        expect(addDuration(at, { months: 0, days: 0, ms: hours * HOUR }, zone)).toBe(at + hours * HOUR);
      }),
    );
  });

  it('days: a later start never ends earlier', () => {
    const steps = fc.constantFrom('1d', '3d', '1w', 'P1DT2H', '-1d', '-2w');
    fc.assert(
      fc.property(aZonedInstant, fc.integer({ min: 0, max: 3 * DAY }), steps, ({ zone, at }, gap, text) => {
        // In the second of two equal hours the local clock is behind that of the first.
        fc.pre(icuLocal(at + gap, zone) >= icuLocal(at, zone));
        const [first, second] = [at, at + gap].map((start) => addDuration(start, duration(text), zone));
        expect(second).toBeGreaterThanOrEqual(first!);
      }),
    );
  });

  it('subtracting is adding the negative', () => {
    fc.assert(
      fc.property(aZonedInstant, fc.constantFrom('3d', '1mo', '4h', 'P1DT2H'), ({ zone, at }, text) => {
        expect(subtractDuration(at, duration(text), zone)).toBe(
          addDuration(at, duration(`-${text}`) ?? duration('0d'), zone),
        );
      }),
    );
  });

  it.each([
    ['1d', DAY],
    ['7d', 7 * DAY],
    ['1w', 7 * DAY],
    ['1mo', 30 * DAY],
    ['6mo', 180 * DAY],
    ['1y', 365 * DAY],
    ['12mo', 365 * DAY],
    ['P1Y1M', 395 * DAY],
    ['16h', 16 * HOUR],
    ['-1d', -DAY],
  ])('P10: %s has the fixed length %i ms', (text, ms) => expect(durationMs(duration(text))).toBe(ms));
});
