import fc from 'fast-check';
import { judge } from '../../src/gate/index.ts';
import type { Message } from '../../src/gate/index.ts';
import { at, contact, facts, HOUR, message, policy } from './factories.ts';

const text = (given: Partial<Message> = {}): Message => message({ channel: 'sms', ...given });

describe('quiet hours', () => {
  const version = policy({
    quietHours: [
      { channels: ['sms'], countries: ['FR'], allow: 'Mon-Sat 08:00-20:00', holidays: 'closed' },
      { channels: ['email'], allow: 'Mon-Sun 07:00-22:00' },
    ],
  });
  const until = (of: Message, who: Parameters<typeof contact>[0], now: number): number | 'send' => {
    const { verdict } = judge(of, facts({ contact: contact(who) }), version, now);
    return verdict.kind === 'hold' ? verdict.until : (verdict.kind as 'send');
  };

  test.each([
    ['Saturday evening waits for Monday', '2026-03-07T20:30:00+01:00', '2026-03-09T08:00:00+01:00'],
    ['the closing instant is closed', '2026-03-05T20:00:00+01:00', '2026-03-06T08:00:00+01:00'],
    ['Easter Monday is closed', '2026-04-04T20:30:00+02:00', '2026-04-07T08:00:00+02:00'],
    ['1 May is closed', '2026-05-01T10:00:00+02:00', '2026-05-02T08:00:00+02:00'],
    ['Ascension Day is closed', '2026-05-14T10:00:00+02:00', '2026-05-15T08:00:00+02:00'],
  ])('T2: %s', (_name, now, opening) => {
    expect(until(text(), {}, at(now))).toBe(at(opening));
  });

  test('the opening instant is open, and so is the last millisecond', () => {
    expect(until(text(), {}, at('2026-03-05T08:00:00+01:00'))).toBe('send');
    expect(until(text(), {}, at('2026-03-05T20:00:00+01:00') - 1)).toBe('send');
  });

  test('an entry for some countries leaves the others alone; no country means the policy’s', () => {
    const evening = at('2026-03-05T20:30:00+01:00');
    const abroad = { phone: '+3225550100', timezone: 'Europe/Brussels' };
    expect(until(text(), { ...abroad, country: 'BE' }, evening)).toBe('send');
    expect(until(text(), { ...abroad, country: null }, evening)).toBe(at('2026-03-06T08:00:00+01:00'));
  });

  test('T1: in the contact’s zone, else its country’s, else the policy’s', () => {
    const now = at('2026-03-05T06:30:00Z');
    expect(until(message(), { timezone: 'Europe/Paris', country: 'FR' }, now)).toBe('send');
    expect(until(message(), { timezone: 'America/Guadeloupe', country: 'FR' }, now)).toBe(
      at('2026-03-05T07:00:00-04:00'),
    );
    expect(until(message(), { timezone: null, country: 'GP' }, now)).toBe(at('2026-03-05T07:00:00-04:00'));
    expect(until(message(), { timezone: 'Mars/Olympus', country: 'GP' }, now)).toBe(at('2026-03-05T07:00:00-04:00'));
    expect(until(message(), { timezone: null, country: null }, now)).toBe('send');
  });

  test('T1: a country with several zones must be open in all of them', () => {
    // 07:00 in Honolulu is 17:00 UTC; 22:00 in New York is 03:00 UTC.
    const american = { timezone: null, country: 'US' };
    expect(until(message(), american, at('2026-01-14T12:30:00Z'))).toBeGreaterThan(at('2026-01-14T16:59:59Z'));
    expect(until(message(), american, at('2026-01-14T20:00:00Z'))).toBe('send');
  });

  test('no category is let off', () => {
    const night = at('2026-03-05T23:00:00+01:00');
    for (const category of ['marketing', 'service', 'transactional']) {
      const free = message({ category, needsConsent: false, subjectTo: false, countsToward: false });
      expect(until(free, {}, night)).toBe(at('2026-03-06T07:00:00+01:00'));
    }
  });

  test('hours that never meet block the message instead of holding it for ever', () => {
    const never = policy({
      quietHours: [
        { channels: ['email'], allow: 'Mon 08:00-09:00' },
        { channels: ['email'], allow: 'Tue 08:00-09:00' },
      ],
    });
    expect(judge(message(), facts(), never, at('2026-03-05T12:00:00Z')).verdict).toEqual({
      kind: 'block',
      gate: 'quiet-hours',
      reason: 'never-open',
    });
  });
});

describe('send window', () => {
  test('T2: it may cross midnight', () => {
    const nights = message({ window: 'Fri-Sat 22:00-02:00' });
    const verdict = (now: string): unknown => judge(nights, facts(), policy(), at(now)).verdict;
    expect(verdict('2026-03-08T01:30:00+01:00')).toMatchObject({ kind: 'send' });
    expect(verdict('2026-03-08T02:00:00+01:00')).toEqual({
      kind: 'hold',
      gate: 'window',
      reason: 'closed',
      until: at('2026-03-13T22:00:00+01:00'),
    });
  });

  test('it moves with the clocks', () => {
    const morning = message({ window: 'Mon-Sun 09:00-10:00' });
    expect(judge(morning, facts(), policy(), at('2026-03-28T12:00:00+01:00')).verdict).toMatchObject({
      until: at('2026-03-29T09:00:00+02:00'),
    });
  });
});

describe('T3: marketing SMS in France', () => {
  const lax = policy({ quietHours: [{ channels: ['sms'], allow: 'Mon-Sun 00:00-24:00' }] });
  const reason = (who: Parameters<typeof contact>[0], now: string, of: Partial<Message> = {}): string => {
    const { verdict } = judge(text(of), facts({ contact: contact(who) }), lax, at(now));
    return verdict.kind === 'hold' ? verdict.reason : verdict.kind;
  };
  const french = { country: 'FR', phone: '+33612345678', timezone: 'Europe/Paris' };

  test.each([
    ['Sunday', '2026-03-08T12:00:00+01:00', 'legal-hours'],
    ['before 08:00', '2026-03-05T07:59:59+01:00', 'legal-hours'],
    ['08:00', '2026-03-05T08:00:00+01:00', 'send'],
    ['21:59', '2026-03-05T21:59:59+01:00', 'send'],
    ['22:00', '2026-03-05T22:00:00+01:00', 'legal-hours'],
    ['Easter Monday', '2026-04-06T12:00:00+02:00', 'legal-hours'],
    ['14 July', '2026-07-14T12:00:00+02:00', 'legal-hours'],
    ['11 November', '2026-11-11T12:00:00+01:00', 'legal-hours'],
    ['Whit Monday', '2026-05-25T12:00:00+02:00', 'legal-hours'],
  ])('%s, whatever the policy says', (_name, now, expected) => {
    expect(reason(french, now)).toBe(expected);
  });

  const sunday = '2026-03-08T12:00:00+01:00';
  test.each([
    ['a French number of a contact elsewhere', { ...french, country: 'BE' }, {}, 'legal-hours'],
    ['a foreign number of a contact in France', { ...french, phone: '+3225550100' }, {}, 'legal-hours'],
    [
      'no country, with the policy’s country France',
      { ...french, country: null, phone: '+3225550100' },
      {},
      'legal-hours',
    ],
    [
      'a number of La Réunion',
      { country: 'BE', phone: '+262692123456', timezone: 'Indian/Reunion' },
      {},
      'legal-hours',
    ],
    ['neither', { ...french, country: 'BE', phone: '+3225550100' }, {}, 'send'],
    ['a service message', french, { category: 'service', needsConsent: false, subjectTo: false }, 'send'],
    ['advertising under another name', french, { category: 'promotion', needsConsent: true }, 'legal-hours'],
    ['marketing that is said to need no consent', french, { needsConsent: false }, 'legal-hours'],
  ])('on a Sunday: %s', (_name, who, of, expected) => {
    expect(reason(who, sunday, of)).toBe(expected);
  });

  test('a mail may go on a Sunday', () => {
    expect(judge(message(), facts(), lax, at(sunday)).verdict.kind).toBe('send');
  });

  test('overseas it is the local clock, and the local holidays too', () => {
    const reunion = { country: 'RE', phone: '+262692123456', timezone: null };
    // 07:00 in Paris is 10:00 in Saint-Denis; 19:30 in Paris is 22:30 there.
    expect(reason(reunion, '2026-03-05T07:00:00+01:00')).toBe('send');
    expect(reason(reunion, '2026-03-05T19:30:00+01:00')).toBe('legal-hours');
    // Abolition of slavery on La Réunion.
    expect(reason(reunion, '2025-12-20T12:00:00+04:00')).toBe('legal-hours');
    expect(reason(french, '2025-12-20T12:00:00+01:00')).toBe('send');
  });

  test('without a zone, a number from overseas must be open there and in the contact’s country', () => {
    const unsettled = { country: 'FR', phone: '+596696123456', timezone: null };
    expect(reason(unsettled, '2026-03-05T10:00:00+01:00')).toBe('legal-hours');
    expect(reason(unsettled, '2026-03-05T14:00:00+01:00')).toBe('send');
  });

  test('no policy makes it looser, at any hour of three years', () => {
    const clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Paris',
      weekday: 'short',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 * 365 * 24 }), fc.boolean(), (hours, withHours) => {
        const now = at('2026-01-01T00:00:00Z') + hours * HOUR;
        const { verdict } = judge(text(), facts(), withHours ? lax : policy(), now);
        const parts = Object.fromEntries(clock.formatToParts(now).map(({ type, value }) => [type, value]));
        const outside = parts['weekday'] === 'Sun' || Number(parts['hour']) < 8 || Number(parts['hour']) >= 22;
        if (outside) expect(verdict.kind).toBe('hold');
        if (verdict.kind === 'hold') {
          // Judged again at that instant it may go, so the instant is neither too early nor in another closed time.
          expect(judge(text(), facts(), lax, verdict.until).verdict.kind).toBe('send');
          expect(judge(text(), facts(), lax, verdict.until - 1).verdict.kind).toBe('hold');
        }
      }),
      { numRuns: 1000 },
    );
  });
});
