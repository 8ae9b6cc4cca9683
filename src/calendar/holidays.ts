import Holidays from 'date-holidays';
import { DAY, fromDayNumber, toDayNumber, weekdayOf, writeDay, type CivilDate } from './civil.ts';
import { remember } from './remember.ts';

/** Whose public holidays: an ISO 3166-1 country, and a part of it (`57`, `BY`; also written `FR-57`, `DE-BY`). */
export interface HolidayCalendar {
  readonly country: string;
  readonly region?: string | null;
}

/** Half a day off still counts as a day off; a day that a clock change makes an hour longer is not two. */
const CLOCK_CHANGE = 2 * 3_600_000;

/** The public holidays of one calendar as day numbers, computed a year at a time. */
class PublicHolidays {
  private readonly source: Holidays;
  private readonly years = new Set<number>();
  private readonly days = new Set<number>();

  constructor(country: string, region: string) {
    const [state, part] = region.split('-');
    this.source = new Holidays({ country, state, region: part }, { types: ['public'] });
  }

  has(day: number): boolean {
    const { year } = fromDayNumber(day);
    // A holiday of several days may begin in the year before.
    this.load(year);
    this.load(year - 1);
    return this.days.has(day);
  }

  private load(year: number): void {
    if (this.years.has(year)) return;
    this.years.add(year);
    for (const holiday of this.source.getHolidays(year)) {
      // `date` is local text, `2026-05-14 00:00:00`; the instants beside it follow the zone of the country's capital.
      const [, y, m, d, hours, minutes] = /^(\d+)-(\d+)-(\d+) (\d+):(\d+)/.exec(holiday.date) ?? [];
      const first = toDayNumber(Number(y), Number(m), Number(d));
      const into = Number(hours) * 3_600_000 + Number(minutes) * 60_000;
      const length = holiday.end.getTime() - holiday.start.getTime();
      const days = Math.max(1, Math.ceil((into + length - CLOCK_CHANGE) / DAY));
      for (let day = first; day < first + days; day++) this.days.add(day);
    }
  }
}

const namesOf = remember(1024, (key: string): ReadonlyMap<string, string> => {
  const [country = '', region = '', year, language] = key.split('/');
  const [state, part] = region.split('-');
  const source = new Holidays({ country, state, region: part }, { types: ['public'], languages: [language!, 'en'] });
  return new Map(source.getHolidays(Number(year), language).map(({ date, name }) => [date.slice(0, 10), name]));
});

/** What a public holiday (`YYYY-MM-DD`) is called in a language (`en`, `fr`); null when nobody has a name for it. */
export function holidayName(calendar: HolidayCalendar, date: string, language: string): string | null {
  return namesOf(`${keyOf(calendar)}/${date.slice(0, 4)}/${language}`).get(date) ?? null;
}

const holidaysOf = remember(1024, (key: string) => {
  const [country = '', region = ''] = key.split('/');
  return new PublicHolidays(country, region);
});

const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();

/** What people call regions that the data names otherwise. */
const ALSO_CALLED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  FR: { moselle: '57', 'bas rhin': '67', 'haut rhin': '68', alsace: '67', 'alsace moselle': '57' },
};

const regionsOf = remember(256, (country: string): ReadonlyMap<string, string> => {
  const states = Object.entries(new Holidays().getStates(country) ?? {});
  return new Map([
    ...states.map(([code, name]) => [folded(name), code] as const),
    ...Object.entries(ALSO_CALLED[country] ?? {}),
    ...states.map(([code]) => [folded(code), code] as const),
  ]);
});

/**
 * The part of a country with holidays of its own, by its ISO 3166-2 code (`FR-57`, `57`, `DE-BY`) or its name in the
 * country's language (`Bayern`, `Moselle`), in any case and accents; null when there is none of this name.
 */
export function regionCode(country: string, text: string): string | null {
  const name = folded(text);
  const prefix = `${country.toLowerCase()} `;
  return regionsOf(country).get(name.startsWith(prefix) ? name.slice(prefix.length) : name) ?? null;
}

/** `FR/57`; the region alone, however it is written. */
function keyOf(calendar: HolidayCalendar): string {
  const country = calendar.country.toUpperCase();
  let region = calendar.region ?? '';
  if (region !== '') {
    region = region.toUpperCase();
    if (region.startsWith(`${country}-`)) region = region.slice(country.length + 1);
  }
  return `${country}/${region}`;
}

/** `isHoliday` by day number. */
export function isHolidayOn(calendar: HolidayCalendar, day: number): boolean {
  return holidaysOf(keyOf(calendar)).has(day);
}

/** The public holidays from one day number to another, both included, that fall on weekdays asked for (1 Monday): `YYYY-MM-DD`. */
export function holidayDates(
  calendar: HolidayCalendar,
  from: number,
  to: number,
  onWeekday: (weekday: number) => boolean,
): string[] {
  const dates: string[] = [];
  for (let day = from; day <= to; day += 1)
    if (onWeekday(weekdayOf(day)) && isHolidayOn(calendar, day)) dates.push(writeDay(day));
  return dates;
}

/**
 * Whether a date is a public holiday, moveable ones included. A region adds its own, such as Good Friday in `57`, `67`
 * and `68` (Moselle and Alsace); an unknown region has its country's, an unknown country has none.
 */
export function isHoliday(country: string, region: string | null, date: CivilDate): boolean {
  return isHolidayOn({ country, region }, toDayNumber(date.year, date.month, date.day));
}
