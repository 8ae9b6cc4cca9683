import { isHoliday } from '../../src/calendar/index.ts';

/** Easter Sundays as published (Bureau des longitudes), not computed. */
const EASTER = [
  '2024-03-31',
  '2025-04-20',
  '2026-04-05',
  '2027-03-28',
  '2028-04-16',
  '2029-04-01',
  '2030-04-21',
  '2031-04-13',
  '2032-03-28',
  '2033-04-17',
  '2034-04-09',
];
const FIXED = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];

const date = (text: string): { year: number; month: number; day: number } => {
  const [year, month, day] = text.split('-').map(Number);
  return { year: year!, month: month!, day: day! };
};
const after = (text: string, days: number): string =>
  new Date(Date.parse(text) + days * 86_400_000).toISOString().slice(0, 10);
const holidaysOf = (year: string, region: string | null): string[] => {
  const days: string[] = [];
  for (let day = `${year}-01-01`; day.startsWith(year); day = after(day, 1)) {
    if (isHoliday('FR', region, date(day))) days.push(day);
  }
  return days;
};

describe('T2: public holidays', () => {
  it.each(EASTER)('France, Easter on %s: the eleven of the year, and no other day', (easter) => {
    const year = easter.slice(0, 4);
    const moveable = [1, 39, 50].map((days) => after(easter, days));
    expect(holidaysOf(year, null)).toEqual([...new Set([...FIXED.map((day) => `${year}-${day}`), ...moveable])].sort());
  });

  it.each(['57', '67', '68', 'FR-67'])('Moselle and Alsace (%s) add Good Friday and 26 December', (region) => {
    const added = holidaysOf('2026', region).filter((day) => !isHoliday('FR', null, date(day)));
    expect(added).toEqual(['2026-04-03', '2026-12-26']);
  });

  it.each([
    ['Réunion has its own day, by its own code', 'RE', null, '2026-12-20', true],
    ['and France has not', 'FR', null, '2026-12-20', false],
    ['Belgium', 'BE', null, '2026-07-21', true],
    ['lower case', 'be', null, '2026-07-21', true],
    ['Bavaria', 'DE', 'BY', '2026-01-06', true],
    ['Germany as a whole', 'DE', null, '2026-01-06', false],
    ['an observance is none', 'FR', null, '2026-05-31', false],
    ['a substitute day', 'GB', 'ENG', '2027-12-27', true],
    ['the last of six days, begun in the year before', 'SZ', null, '2027-01-02', true],
    ['the day after', 'SZ', null, '2027-01-03', false],
    ['an unknown region has its country’s', 'FR', '99', '2026-05-01', true],
    ['an unknown country has none', 'XX', null, '2026-01-01', false],
    ['a lunar one, computed', 'MA', null, '2024-04-10', true],
  ])('%s', (_case, country, region, day, expected) => {
    expect(isHoliday(country, region, date(day))).toBe(expected);
  });
});
