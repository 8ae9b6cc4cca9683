import fc from 'fast-check';
import { dayOf, isHoliday, parseDate, parseWeeklyWindow } from '../../src/calendar/index.ts';
import { isBlackout, nextAllOpen, type Opening } from '../../src/gate/openings.ts';
import { changesIn, icuLocal, icuOffset, ZONES } from '../calendar/icu.ts';
import { DAY, HOUR, MINUTE } from './factories.ts';

/** How far the oracle steps, minute by minute. */
const SPAN = 8 * DAY;

const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

/** Every minute's local time by the platform, asked twice an hour: no clock changes between. */
function localMinutes(from: number, zone: string): number[] {
  const minutes: number[] = [];
  for (let half = from; half < from + SPAN + 4 * DAY; half += 30 * MINUTE) {
    const offset = icuOffset(half, zone);
    for (let minute = 0; minute < 30; minute += 1) minutes.push(half + minute * MINUTE + offset);
  }
  return minutes;
}

/** Which minutes an opening is open in one zone, by stepping: hours begin and end when the clock first shows them or more. */
function openMinutes(opening: Opening, locals: readonly number[]): boolean[] {
  if (isBlackout(opening)) {
    const { from, to } = opening.blackout;
    return locals.map((local) => dateOf(Math.floor(local / DAY)) < from || dateOf(Math.floor(local / DAY)) > to);
  }
  const { window, holidays } = opening;
  const open = locals.map(() => false);
  const reaches = (local: number): number => {
    const index = locals.findIndex((shown) => shown >= local);
    return index < 0 ? locals.length : index;
  };
  for (let day = Math.floor(locals[0]! / DAY); day <= Math.floor(locals.at(-1)! / DAY); day += 1) {
    const { year, month, day: date } = parseDate(dateOf(day))!;
    const weekday = new Date(day * DAY).getUTCDay() || 7;
    if (!window.days[weekday]!) continue;
    if (
      holidays !== undefined &&
      isHoliday(holidays.country, holidays.region ?? null, { year: year!, month, day: date })
    )
      continue;
    for (let minute = reaches(day * DAY + window.start); minute < reaches(day * DAY + window.end); minute += 1)
      open[minute] = true;
  }
  return open;
}

const hours = fc.constantFrom(
  'Mon-Sat 08:00-20:00',
  'Fri-Mon 22:00-06:00',
  'Mon-Sun 07:30-22:00',
  'Mon,Wed,Sat 09:00-12:00',
  'Sun 01:30-02:30',
  'Mon-Sun 23:00-03:00',
  'Tue-Sun 00:00-24:00',
);
const zones = fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 2 });
const holidays = fc.constantFrom(
  undefined,
  { country: 'FR' },
  { country: 'FR', region: '67' },
  { country: 'RE' },
  { country: 'US' },
);

describe('P9, T1, T2: the earliest instant at which all is open is the one that stepping minute by minute finds', () => {
  test('hours, holidays and blackouts, in any zones, near clock changes and away from them', () => {
    const moment = fc.record({
      zone: fc.constantFrom(...ZONES),
      pick: fc.nat(),
      away: fc.integer({ min: -4 * 24 * 60, max: 2 * 24 * 60 }),
    });
    fc.assert(
      fc.property(
        moment,
        zones,
        fc.array(fc.record({ text: hours, holidays }), { minLength: 1, maxLength: 2 }),
        fc.array(fc.record({ begins: fc.integer({ min: -1, max: 4 }), lasts: fc.integer({ min: 0, max: 3 }) }), {
          maxLength: 2,
        }),
        ({ zone, pick, away }, all, weekly, shut) => {
          const changes = changesIn(zone);
          const near = changes[pick % Math.max(1, changes.length)]?.at ?? Date.UTC(2026, 2, 29);
          const at = Math.floor((near + away * MINUTE) / (30 * MINUTE)) * 30 * MINUTE;
          const today = Math.floor(at / DAY);
          const openings: Opening[] = [
            ...weekly.map(({ text, holidays: whose }): Opening => ({
              window: parseWeeklyWindow(text)!,
              hours: text,
              zones: all,
              ...(whose !== undefined && { holidays: whose }),
            })),
            ...shut.map(({ begins, lasts }): Opening => {
              const [from, to] = [dateOf(today + begins), dateOf(today + begins + lasts)];
              return {
                shut: { first: dayOf(from)!, last: dayOf(to)! },
                blackout: { from, to, reason: 'x' },
                zones: all,
              };
            }),
          ];
          // What crosses midnight began on the day before.
          const before = 2 * DAY;
          const open = all.flatMap((each) => {
            const locals = localMinutes(at - before, each);
            return openings.map((opening) => openMinutes(opening, locals));
          });
          const first = before / MINUTE;
          const found = open[0]!.findIndex(
            (_open, minute) =>
              minute >= first && minute < first + SPAN / MINUTE && open.every((minutes) => minutes[minute]!),
          );
          const next = nextAllOpen(openings, at);
          if (found >= 0) expect(next).toBe(at + (found - first) * MINUTE);
          else expect(next === null || next >= at + SPAN).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each(ZONES.filter((zone) => changesIn(zone).length > 0))(
    'T7: %s: on the day of every clock change the hours still open when its clock shows them',
    (zone) => {
      const opening: Opening = { window: parseWeeklyWindow('Mon-Sun 08:00-20:00')!, hours: '', zones: [zone] };
      for (const { at } of changesIn(zone)) {
        const next = nextAllOpen([opening], at - 12 * HOUR)!;
        const opens = nextAllOpen([opening], at - 12 * HOUR - ((icuLocal(at - 12 * HOUR, zone) % DAY) - 21 * HOUR))!;
        for (const instant of [next, opens]) {
          const time = icuLocal(instant, zone) % DAY;
          expect([at, time >= 8 * HOUR && time < 20 * HOUR]).toEqual([at, true]);
        }
        // From 21:00 of a day on it is 08:00 to the millisecond.
        expect([at, icuLocal(opens, zone) % DAY]).toEqual([at, 8 * HOUR]);
      }
    },
  );
});
