import { isHoliday, parseDate } from '../../src/calendar/index.ts';
import { judge, policySchema, type Message } from '../../src/gate/index.ts';
import { at, contact, facts, message, POLICY, policy } from './factories.ts';

/** Easter Sunday in March as day 1 and on, by Meeus and Jones, and Butcher (Nature, 20 April 1876). */
function easter(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const days = h + l - 7 * m + 114;
  return new Date(Date.UTC(year, Math.floor(days / 31) - 1, (days % 31) + 1)).toISOString().slice(0, 10);
}
const after = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
const closes = (country: string, region: string | null, date: string): boolean => {
  const { year, month, day } = parseDate(date)!;
  return isHoliday(country, region, { year: year!, month, day });
};

describe('T2: holidays that hang on Easter, 2024 to 2034, against Butcher’s algorithm', () => {
  const years = Array.from({ length: 11 }, (_, index) => 2024 + index);

  test.each(years)('%i', (year) => {
    const sunday = easter(year);
    for (const [country, region] of [
      ['FR', null],
      ['RE', null],
      ['GP', null],
      ['NC', null],
      ['FR', '57'],
    ] as const) {
      for (const days of [1, 39, 50])
        expect([country, days, closes(country, region, after(sunday, days))]).toEqual([country, days, true]);
      const goodFriday = country === 'GP' || region === '57';
      expect([country, region, closes(country, region, after(sunday, -2))]).toEqual([country, region, goodFriday]);
    }
    // Fixed days of places: abolition of slavery, citizenship, Saint Stephen's.
    expect(closes('RE', null, `${year}-12-20`)).toBe(true);
    expect(closes('GP', null, `${year}-05-27`)).toBe(true);
    expect(closes('NC', null, `${year}-09-24`)).toBe(true);
    expect(closes('FR', '68', `${year}-12-26`)).toBe(true);
    expect(closes('FR', null, `${year}-12-26`)).toBe(false);
  });
});

const until = (
  who: Parameters<typeof contact>[0],
  now: string,
  written: Record<string, unknown>,
  of: Partial<Message> = {},
): string => {
  const plannedAt = at(now);
  const { verdict } = judge(
    message({ plannedAt, ...of }),
    facts({ contact: contact(who) }),
    policy(written),
    plannedAt,
  );
  return verdict.kind === 'hold' ? new Date(verdict.until).toISOString() : verdict.kind;
};
const iso = (text: string): string => new Date(at(text)).toISOString();

describe('T2: whose holidays', () => {
  const hours = { quietHours: [{ channels: ['email'], allow: 'Mon-Fri 09:00-18:00', holidays: 'closed' }] };
  const goodFriday = '2026-04-03T10:00:00+02:00';
  const afterEaster = iso('2026-04-07T09:00:00+02:00');

  test.each([
    ['the region as a code', { region: '57' }],
    ['as ISO 3166-2 has it', { region: 'FR-67' }],
    ['by its name', { region: 'Alsace' }],
    ['in any case, with its department', { region: 'DÉPARTEMENT HAUT-RHIN' }],
    ['as a number', { region: 68 }],
    ['in Segment’s address', { address: { state: 'Moselle' } }],
    ['by the postal code', { postalCode: '57000' }],
    ['by the postal code of the address', { address: { postalCode: '67000' } }],
  ])('Alsace and Moselle are closed on Good Friday: %s', (_name, attributes) => {
    expect(until({ attributes }, goodFriday, hours)).toBe(afterEaster);
  });

  test.each([
    ['elsewhere in France', { region: 'Bretagne' }],
    ['a postal code of Paris', { postalCode: '75002' }],
    ['nothing known', {}],
    ['something that is no text', { region: { code: 57 } }],
  ])('and not %s', (_name, attributes) => {
    expect(until({ attributes }, goodFriday, hours)).toBe('send');
  });

  test.each([
    ['the country', { country: 'RE', timezone: null }],
    ['the zone of somebody in France', { country: 'FR', timezone: 'Indian/Reunion' }],
    ['the postal code, without a zone', { country: 'FR', timezone: null, attributes: { postalCode: '97400' } }],
    ['the region', { country: 'FR', timezone: 'Indian/Reunion', attributes: { region: 'RE' } }],
  ])('La Réunion has its own day, known by %s', (_name, who) => {
    // 20 December 2027, a Monday.
    const day = judge(message(), facts({ contact: contact(who) }), policy(hours), at('2027-12-20T12:00:00+04:00'));
    expect(day.gates.find(({ gate }) => gate === 'quiet-hours')).toMatchObject({
      passed: false,
      closed: { holidays: [{ date: '2027-12-20', country: 'RE' }] },
    });
  });

  test.each([
    [
      'Guadeloupe',
      { country: 'FR', timezone: 'America/Guadeloupe' },
      '2026-05-27T10:00:00-04:00',
      '2026-05-28T09:00:00-04:00',
    ],
    ['Nouméa', { country: 'NC', timezone: 'Pacific/Noumea' }, '2026-09-24T10:00:00+11:00', '2026-09-25T09:00:00+11:00'],
    [
      'Bavaria',
      { country: 'DE', timezone: 'Europe/Berlin', attributes: { region: 'Bayern' } },
      '2027-01-06T10:00:00+01:00',
      '2027-01-07T09:00:00+01:00',
    ],
    [
      'Quebec',
      { country: 'CA', timezone: 'America/Toronto', attributes: { region: 'CA-QC' } },
      '2026-06-24T10:00:00-04:00',
      '2026-06-25T09:00:00-04:00',
    ],
  ])('%s', (_name, who, now, opening) => {
    expect(until(who, now, hours)).toBe(iso(opening));
  });

  test('an entry for France is one for what is French overseas; one for overseas leaves France alone', () => {
    const forFrance = { quietHours: [{ channels: ['email'], countries: ['FR'], allow: 'Mon-Sun 09:00-18:00' }] };
    const forReunion = { quietHours: [{ channels: ['email'], countries: ['RE'], allow: 'Mon-Sun 09:00-18:00' }] };
    const night = '2026-03-03T22:00:00+04:00';
    const opening = iso('2026-03-04T09:00:00+04:00');
    expect(until({ country: 'RE', timezone: null }, night, forFrance)).toBe(opening);
    expect(until({ country: 'FR', timezone: 'Indian/Reunion' }, night, forReunion)).toBe(opening);
    expect(until({ country: 'FR' }, '2026-03-03T22:00:00+01:00', forReunion)).toBe('send');
  });

  test('T1: without a zone, where the country has several, the day must be open in all of them', () => {
    // Independence Day, observed on Friday 3 July 2026, still runs in Honolulu when New York has Saturday.
    const american = { country: 'US', timezone: null, attributes: {} };
    expect(until(american, '2026-07-03T12:00:00-04:00', hours)).toBe(iso('2026-07-06T09:00:00-10:00'));
  });
});

describe('T3, L6: French texts, the strict reading', () => {
  const lax = { quietHours: [{ channels: ['sms'], allow: 'Mon-Sun 00:00-24:00' }] };
  const text = (who: Parameters<typeof contact>[0], now: string): string => until(who, now, lax, { channel: 'sms' });

  test.each([
    [
      '+33, of nobody knows where',
      { country: null, timezone: null, phone: '+33612345678' },
      '2026-03-08T12:00:00+01:00',
      '2026-03-09T08:00:00+01:00',
    ],
    [
      '+33, of a Belgian',
      { country: 'BE', timezone: 'Europe/Brussels', phone: '+33612345678' },
      '2026-03-08T12:00:00+01:00',
      '2026-03-09T08:00:00+01:00',
    ],
    // 20:00 in New York is 01:00 in Paris; both are open from 08:00 in New York on.
    [
      '+33, of a New Yorker: both clocks',
      { country: 'US', timezone: 'America/New_York', phone: '+33612345678' },
      '2026-03-03T20:00:00-05:00',
      '2026-03-04T08:00:00-05:00',
    ],
    [
      '+33, of somebody on La Réunion: the clock there',
      { country: 'FR', timezone: 'Indian/Reunion', phone: '+33612345678' },
      '2026-03-03T07:30:00+04:00',
      '2026-03-03T08:00:00+04:00',
    ],
    [
      '+262, by its own clock',
      { country: 'FR', timezone: null, phone: '+262692123456' },
      '2026-03-03T22:30:00+04:00',
      '2026-03-04T08:00:00+01:00',
    ],
    [
      '+262, of La Réunion: not Mayotte’s clock',
      { country: 'RE', timezone: null, phone: '+262692123456' },
      '2026-03-03T07:30:00+04:00',
      '2026-03-03T08:00:00+04:00',
    ],
    [
      '+262, of somebody in Paris: both clocks',
      { country: 'FR', timezone: 'Europe/Paris', phone: '+262692123456' },
      '2026-03-03T19:30:00+01:00',
      '2026-03-04T08:00:00+01:00',
    ],
    [
      '+590, in its own zone',
      { country: 'GP', timezone: null, phone: '+590690123456' },
      '2026-03-03T07:30:00-04:00',
      '2026-03-03T08:00:00-04:00',
    ],
    [
      '+687, in its own zone',
      { country: 'NC', timezone: null, phone: '+687751234' },
      '2026-03-03T07:30:00+11:00',
      '2026-03-03T08:00:00+11:00',
    ],
    [
      'Good Friday in Strasbourg',
      { country: 'FR', attributes: { region: '67' } },
      '2026-04-03T12:00:00+02:00',
      '2026-04-04T08:00:00+02:00',
    ],
    [
      '27 April, of Mayotte, is none on La Réunion',
      { country: 'RE', timezone: 'Indian/Reunion', phone: '+262692123456' },
      '2026-04-27T12:00:00+04:00',
      'send',
    ],
  ])('%s', (_name, who, now, expected) => {
    expect(text(who, now)).toBe(expected === 'send' ? expected : iso(expected));
  });
});

describe('blackouts', () => {
  const shut = (more: Record<string, unknown> = {}) => ({
    blackouts: [{ from: '2026-12-24', to: '2026-12-26', reason: 'stock taking', ...more }],
  });
  const eve = '2026-12-24T10:00:00+01:00';
  const over = iso('2026-12-27T00:00:00+01:00');

  test.each([
    ['hold what would leave until they are over', {}, eve, over],
    ['the first instant of the first day', {}, '2026-12-24T00:00:00+01:00', over],
    ['not the last before it', {}, '2026-12-23T23:59:59.999+01:00', 'send'],
    ['the last instant of the last day', {}, '2026-12-26T23:59:59.999+01:00', over],
    ['of one day', { to: '2026-12-24' }, eve, iso('2026-12-25T00:00:00+01:00')],
    ['of another channel', { channels: ['sms'] }, eve, 'send'],
    ['of this channel', { channels: ['email'] }, eve, over],
    ['of another category', { categories: ['service'] }, eve, 'send'],
    ['of this category', { categories: ['marketing'] }, eve, over],
    ['of another country', { countries: ['BE'] }, eve, 'send'],
    ['of this country', { countries: ['FR', 'BE'] }, eve, over],
    ['longer than what hours look ahead', { from: '2026-09-01' }, '2026-09-01T10:00:00+02:00', over],
  ])('%s', (_name, more, now, expected) => {
    expect(until({}, now, shut(more))).toBe(expected);
  });

  test('the days are those of the contact’s calendar, in every zone it may be in', () => {
    expect(until({ timezone: 'America/Guadeloupe' }, '2026-12-27T03:59:59Z', shut())).toBe(iso('2026-12-27T04:00:00Z'));
    expect(until({ timezone: 'Pacific/Noumea' }, '2026-12-23T13:00:00Z', shut())).toBe(iso('2026-12-26T13:00:00Z'));
    // From the first midnight in Samoa's neighbourhood to the last in Honolulu.
    expect(until({ timezone: null, country: 'US' }, '2026-12-24T05:00:00Z', shut())).toBe(iso('2026-12-27T10:00:00Z'));
  });

  test('what follows each other is waited for together, and with the hours after it', () => {
    const two = {
      blackouts: [...shut().blackouts, { from: '2026-12-27', to: '2027-01-03', reason: 'holidays' }],
      quietHours: [{ channels: ['email'], allow: 'Mon-Fri 09:00-18:00' }],
    };
    expect(until({}, eve, two)).toBe(iso('2027-01-04T09:00:00+01:00'));
  });

  test('no category is let off that is not named, and the record says which days and why', () => {
    const free = message({ category: 'transactional', needsConsent: false, subjectTo: false, countsToward: false });
    const { verdict, gates } = judge(free, facts(), policy(shut()), at(eve));
    expect(verdict).toMatchObject({ kind: 'hold', gate: 'quiet-hours', reason: 'blackout' });
    expect(gates[3]).toMatchObject({
      closed: { zone: 'Europe/Paris', blackout: { from: '2026-12-24', to: '2026-12-26', reason: 'stock taking' } },
    });
  });

  test('T3: the law is named before them', () => {
    const { verdict } = judge(message({ channel: 'sms' }), facts(), policy(shut()), at('2026-12-25T12:00:00+01:00'));
    expect(verdict).toMatchObject({ reason: 'legal-hours', until: at('2026-12-28T08:00:00+01:00') });
  });

  test.each([
    ['no such day', { from: '2026-02-30' }, 'must be a date, such as `2026-12-24`'],
    ['an end before the beginning', { to: '2026-12-23' }, 'is before `from`'],
    ['no reason', { reason: ' ' }, 'must not be empty'],
    ['a category nobody has', { categories: ['marketting'] }, 'no category is called `marketting`'],
    ['a country that is none', { countries: ['France'] }, 'two-letter country code'],
  ])('%s is a fault', (_name, more, said) => {
    const { error } = policySchema.safeParse({ ...POLICY, ...shut(more) });
    expect(error?.issues.map(({ message: told }) => told).join()).toContain(said);
  });
});
