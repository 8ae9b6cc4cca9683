import fc from 'fast-check';
import {
  contactZones,
  countryZones,
  isWithin,
  nextWithin,
  parseWeeklyWindow,
  type WeeklyWindow,
} from '../../src/calendar/index.ts';
import { aZone, aZonedInstant, changesIn, icuLocal, instant, shown } from './icu.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const window = (text: string): WeeklyWindow => parseWeeklyWindow(text)!;
const PARIS = 'Europe/Paris';
const FRANCE = { country: 'FR' };
const DAYS = window('Mon-Sat 08:00-20:00');
const NIGHTS = window('Fri-Mon 22:00-06:00');
const TEXTS = [
  'Mon-Sat 08:00-20:00',
  'Fri-Mon 22:00-06:00',
  'Mon,Wed 09:00-12:00',
  'Mon-Sun 00:00-24:00',
  'Sun 01:30-02:30',
  'Sat-Sun 23:30-00:30',
];

describe('weekly windows', () => {
  it.each([
    ['Mon-Fri 09:00-19:00', [1, 2, 3, 4, 5], 9, 19],
    ['Fri-Mon 22:00-06:00', [1, 5, 6, 7], 22, 30],
    ['mon,WED 09:00-12:00', [1, 3], 9, 12],
    ['Mon-Tue, Sat 09:00 - 12:00', [1, 2, 6], 9, 12],
    ['Sun 00:00-24:00', [7], 0, 24],
    ['Monday-Friday 09:00-19:00', [1, 2, 3, 4, 5], 9, 19],
    ['Mon-Sun 20:00-00:00', [1, 2, 3, 4, 5, 6, 7], 20, 24],
  ])('reads %s', (text, days, start, end) => {
    const read = window(text);
    expect(read.days.flatMap((open, day) => (open ? [day] : []))).toEqual(days);
    expect([read.start / HOUR, read.end / HOUR]).toEqual([start, end]);
  });

  it.each([
    '',
    '09:00-19:00',
    'Mon',
    'Mon 9:00-12:00',
    'Mon 09:00-09:00',
    'Mon 09:00-24:30',
    'Mon 24:00-25:00',
    'Lun 09:00-12:00',
    'Mon-Tue-Wed 09:00-12:00',
    'Mon,,Tue 09:00-10:00',
  ])('refuses %j', (text) => expect(parseWeeklyWindow(text)).toBeNull());

  it.each([
    ['opens at its start', DAYS, '2026-03-02T08:00:00.000+01:00', true],
    ['not a millisecond before', DAYS, '2026-03-02T07:59:59.999+01:00', false],
    ['still open in its last millisecond', DAYS, '2026-03-02T19:59:59.999+01:00', true],
    ['closed at its end', DAYS, '2026-03-02T20:00:00.000+01:00', false],
    ['closed on Sunday', DAYS, '2026-03-01T10:00+01:00', false],
    ['T2: open before midnight', NIGHTS, '2026-03-06T23:00+01:00', true],
    ['T2: open after midnight', NIGHTS, '2026-03-07T05:59+01:00', true],
    [
      'T2: what follows midnight belongs to the day before: Tuesday 05:00 is Monday’s',
      NIGHTS,
      '2026-03-03T05:00+01:00',
      true,
    ],
    ['T2: and Friday 05:00 is Thursday’s, which is closed', NIGHTS, '2026-03-06T05:00+01:00', false],
    ['T2: closed by day', NIGHTS, '2026-03-07T12:00+01:00', false],
  ])('%s', (_rule, text, at, expected) => expect(isWithin(text, instant(at), PARIS)).toBe(expected));

  it.each([
    ['1 May', '2026-05-01T10:00+02:00'],
    ['Easter Monday', '2026-04-06T10:00+02:00'],
    ['Ascension', '2026-05-14T10:00+02:00'],
    ['Whit Monday', '2026-05-25T10:00+02:00'],
  ])('T2: closed on %s with holidays, open without', (_name, at) => {
    expect(isWithin(DAYS, instant(at), PARIS, FRANCE)).toBe(false);
    expect(isWithin(DAYS, instant(at), PARIS)).toBe(true);
  });

  it('T2: a night that begins on a holiday is closed to its end, one that reaches into a holiday is open', () => {
    const nights = window('Mon-Sun 22:00-06:00');
    expect(isWithin(nights, instant('2026-05-02T05:00+02:00'), PARIS, FRANCE)).toBe(false);
    expect(isWithin(nights, instant('2026-05-01T05:00+02:00'), PARIS, FRANCE)).toBe(true);
  });

  it('T2: Good Friday closes in Strasbourg and not in Paris', () => {
    const goodFriday = instant('2026-04-03T10:00+02:00');
    expect(isWithin(DAYS, goodFriday, PARIS, { country: 'FR', region: '67' })).toBe(false);
    expect(isWithin(DAYS, goodFriday, PARIS, { country: 'FR', region: null })).toBe(true);
  });

  it.each([
    ['open now', DAYS, '2026-03-02T12:00+01:00', '2026-03-02T12:00+01:00'],
    ['later today', DAYS, '2026-03-02T06:00+01:00', '2026-03-02T08:00+01:00'],
    ['Saturday evening to Monday', DAYS, '2026-03-07T20:01+01:00', '2026-03-09T08:00+01:00'],
    ['over the spring change', DAYS, '2026-03-28T20:00+01:00', '2026-03-30T08:00+02:00'],
    ['over a long week-end', DAYS, '2026-04-04T20:00+02:00', '2026-04-07T08:00+02:00'],
    ['over 1 May, a Friday', DAYS, '2026-04-30T20:00+02:00', '2026-05-02T08:00+02:00'],
    [
      'a start in the gap is the instant after it',
      window('Sun 02:30-05:00'),
      '2026-03-29T00:00+01:00',
      '2026-03-29T03:00+02:00',
    ],
    [
      'a window wholly in the gap does not exist that day',
      window('Sun 02:10-02:50'),
      '2026-03-29T00:00+01:00',
      '2026-04-05T02:10+02:00',
    ],
    [
      'a start that exists twice is the first',
      window('Sun 02:30-05:00'),
      '2026-10-25T00:00+02:00',
      '2026-10-25T02:30+02:00',
    ],
    [
      'an end that exists twice is the first',
      window('Sun 01:00-02:30'),
      '2026-10-25T02:15+01:00',
      '2026-11-08T01:00+01:00',
    ],
  ])('next open: %s', (_rule, text, at, expected) => {
    expect(shown(nextWithin(text, instant(at), [PARIS], FRANCE))).toBe(shown(instant(expected)));
  });

  it('stays open while the clock, turned back over midnight, shows the day before', () => {
    const sunday = window('Sun 00:00-01:00');
    expect(isWithin(sunday, instant('2010-11-06T23:30-03:30'), 'America/St_Johns')).toBe(true);
  });

  it('is never open when 60 days hold no opening, and in no zone at all', () => {
    const fridays = window('Fri 00:00-24:00');
    const year = { country: 'FR' };
    expect(nextWithin(fridays, instant('2026-05-01T00:00+02:00'), [PARIS], year)).toBe(
      instant('2026-05-08T00:00+02:00') + 7 * DAY,
    );
    expect(nextWithin({ ...DAYS, days: DAYS.days.map(() => false) }, 0, [PARIS])).toBeNull();
    expect(nextWithin(DAYS, 0, [])).toBeNull();
    // 09:00 to 10:00 in Paris is never 09:00 to 10:00 in Tokyo.
    expect(nextWithin(window('Mon-Sun 09:00-10:00'), 0, [PARIS, 'Asia/Tokyo'])).toBeNull();
  });

  it('T1: a contact in a country with several zones is written to when all of them are open', () => {
    const zones = contactZones({ timezone: null, country: 'US' }, PARIS);
    // 08:00 in Adak (UTC-10 in winter, as Honolulu) is 13:00 in New York.
    expect(shown(nextWithin(DAYS, instant('2026-01-12T09:00-05:00'), zones))).toBe('2026-01-12T18:00:00.000Z');
    // After 20:00 in New York nobody is written to before the next common hour.
    expect(shown(nextWithin(DAYS, instant('2026-01-12T20:00-05:00'), zones))).toBe('2026-01-13T18:00:00.000Z');
    // In summer Honolulu alone is the last.
    expect(shown(nextWithin(DAYS, instant('2026-07-13T00:00-04:00'), zones))).toBe('2026-07-13T18:00:00.000Z');
  });

  it('away from clock changes it is what the platform’s clock says', () => {
    const calm = aZonedInstant.filter(({ zone, at }) =>
      changesIn(zone).every((change) => Math.abs(change.at - at) > 2 * DAY),
    );
    fc.assert(
      fc.property(calm, fc.constantFrom(...TEXTS), ({ zone, at }, text) => {
        const { days, start, end } = window(text);
        const holds = (back: number): boolean => {
          const local = icuLocal(at, zone);
          const midnight = Math.floor(local / DAY) * DAY - back * DAY;
          const weekday = new Date(midnight).getUTCDay();
          return days[weekday === 0 ? 7 : weekday]! && local - midnight >= start && local - midnight < end;
        };
        expect(isWithin(window(text), at, zone)).toBe(holds(0) || holds(1));
      }),
      { numRuns: 2000 },
    );
  });

  it('near clock changes the fast answer and the exact one are the same', () => {
    fc.assert(
      fc.property(aZonedInstant, fc.constantFrom(...TEXTS), ({ zone, at }, text) => {
        expect(nextWithin(window(text), at, [zone]) === at).toBe(isWithin(window(text), at, zone));
      }),
      { numRuns: 2000 },
    );
  });

  it('T1: the next opening is open in every zone, and nothing before it is', () => {
    const zones = fc.oneof(
      fc.uniqueArray(aZone, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('US', 'CA', 'AU', 'ES').map((country) => countryZones(country)),
    );
    const wide = fc.constantFrom(
      'Mon-Sat 08:00-20:00',
      'Mon-Fri 06:00-23:00',
      'Fri-Mon 20:00-12:00',
      'Tue 00:00-24:00',
    );
    fc.assert(
      fc.property(
        aZonedInstant,
        zones,
        wide,
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 20, maxLength: 20 }),
        ({ at }, all, text, shares) => {
          const isOpen = (when: number): boolean => all.every((zone) => isWithin(window(text), when, zone));
          const next = nextWithin(window(text), at, all);
          const until = next ?? at + 60 * DAY;
          const earlier = [until - 1, ...shares.map((share) => Math.floor(at + (until - at) * share))];
          expect(isOpen(until)).toBe(next !== null);
          expect(earlier.filter((when) => when >= at && when < until && isOpen(when))).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
