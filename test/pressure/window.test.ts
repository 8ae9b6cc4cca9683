import fc from 'fast-check';
import { NO_AUDIENCES } from '../../src/audience/index.ts';
import { policySchema } from '../../src/gate/index.ts';
import { compileRule, room, RuleSet } from '../../src/pressure/index.ts';
import type { PressureFacts, PressureRule, Room } from '../../src/pressure/index.ts';
import { at, contact, DAY, HOUR, message, MINUTE, POLICY, sends } from '../gate/factories.ts';

const rule = (written: Record<string, unknown>): PressureRule =>
  policySchema.parse({ ...POLICY, pressure: [{ rule: 'rule', ...written }] }).pressure[0]!;

const known = (given: Partial<PressureFacts> = {}): PressureFacts => ({
  sends: [],
  planned: [],
  inside: [],
  fatigue: null,
  ownLimits: null,
  zone: 'Europe/Paris',
  conditionFacts: (now) => ({
    now,
    contact: contact(),
    zone: 'Europe/Paris',
    history: [],
    consents: [],
    messages: [],
    audiences: NO_AUDIENCES,
    brandOf: new Map(),
  }),
  ...given,
});

const ask = (written: Record<string, unknown>, instants: readonly number[], now: number, zone = 'Europe/Paris'): Room =>
  room(message(), new RuleSet([compileRule(rule(written))]), known({ sends: sends(instants), zone }), now)[0]!;

describe('P10: a rolling window counts to the instant', () => {
  const NOW = at('2026-03-30T12:00:00+02:00');
  const weekly = { window: { rolling: '7d' }, max: 1 };

  test.each([
    ['a message sent exactly one length ago has left it', 7 * DAY, 0],
    ['a millisecond later it is still inside', 7 * DAY - 1, 1],
    ['a message of this very instant is inside', 0, 1],
  ])('%s', (_name, ago, used) => {
    expect(ask(weekly, [NOW - ago], NOW).used).toBe(used);
  });

  test('a day in it is 24 hours, also when the clocks change inside', () => {
    // 29 March 2026 has 23 hours in Paris.
    const sent = at('2026-03-28T12:00:00+01:00');
    expect(ask({ window: { rolling: '2d' }, max: 1 }, [sent], NOW - HOUR).earliest).toBe(
      at('2026-03-30T13:00:00+02:00'),
    );
  });

  test('a gap allows one message in its span', () => {
    const sent = NOW - 15 * HOUR;
    expect(ask({ window: { gap: '16h' } }, [sent], NOW)).toMatchObject({ used: 1, max: 1, earliest: sent + 16 * HOUR });
    expect(ask({ window: { gap: '16h' } }, [sent - HOUR], NOW)).toMatchObject({ used: 0, earliest: NOW });
  });
});

describe('P10: calendar windows use the contact’s zone', () => {
  const period = (calendar: string, sent: string, now: string, zone?: string, more = {}): [number, number] => {
    const { used, earliest } = ask({ window: { calendar, ...more }, max: 1 }, [at(sent)], at(now), zone);
    return [used, earliest];
  };

  test.each([
    ['month', '2026-03-31T23:59:59+02:00', '2026-04-01T00:00:00+02:00', 0, '2026-04-01T00:00:00+02:00'],
    ['month', '2026-03-01T00:00:00+01:00', '2026-03-31T12:00:00+02:00', 1, '2026-04-01T00:00:00+02:00'],
    ['day', '2026-03-29T00:30:00+01:00', '2026-03-29T22:30:00+02:00', 1, '2026-03-30T00:00:00+02:00'],
    ['week', '2026-03-02T00:00:00+01:00', '2026-03-08T23:00:00+01:00', 1, '2026-03-09T00:00:00+01:00'],
    ['week', '2026-03-01T23:00:00+01:00', '2026-03-02T00:00:00+01:00', 0, '2026-03-02T00:00:00+01:00'],
    ['quarter', '2026-01-01T00:00:00+01:00', '2026-03-31T12:00:00+02:00', 1, '2026-04-01T00:00:00+02:00'],
    ['year', '2026-01-01T00:00:00+01:00', '2026-12-31T12:00:00+01:00', 1, '2027-01-01T00:00:00+01:00'],
  ])('%s with a message of %s, asked at %s', (unit, sent, now, used, earliest) => {
    expect(period(unit, sent, now)).toEqual([used, at(earliest)]);
  });

  test('`week` starts on Monday unless Sunday is said', () => {
    const asked = ['2026-03-01T12:00:00+01:00', '2026-03-02T12:00:00+01:00'] as const;
    expect(period('week', ...asked)[0]).toBe(0);
    expect(period('week', ...asked, undefined, { weekStart: 'sunday' })[0]).toBe(1);
  });

  test('one instant lies in different months of different zones', () => {
    const asked = ['2026-03-31T12:00:00Z', '2026-03-31T23:00:00Z'] as const;
    expect(period('month', ...asked, 'Europe/Paris')[0]).toBe(0);
    expect(period('month', ...asked, 'America/Guadeloupe')[0]).toBe(1);
  });
});

test('a lifetime has no other room, ever', () => {
  expect(ask({ window: { lifetime: true }, max: 1 }, [0], 1e12)).toMatchObject({ used: 1, earliest: Infinity });
  expect(ask({ window: { lifetime: true }, max: 2 }, [0], 1e12)).toMatchObject({ used: 1, earliest: 1e12 });
});

test.each([{ rolling: '7d' }, { calendar: 'month' }, { lifetime: true }])(
  'no room at all never comes: %j',
  (window) => {
    expect(ask({ window, max: 0 }, [], 1e12)).toMatchObject({ used: 0, max: 0, earliest: Infinity });
  },
);

describe('scope', () => {
  const of = {
    channel: 'sms',
    category: 'service',
    programme: 'welcome',
    scenarioId: 'hello',
    sender: 'brand',
  } as const;
  test.each([
    ['channels', ['sms'], ['email']],
    ['categories', ['service'], ['marketing']],
    ['programmes', ['welcome'], ['activation']],
    ['scenarios', ['hello'], ['news']],
    ['senders', ['brand'], ['mail-only']],
  ])('%s chooses both whom a rule can refuse and what it counts', (key, mine, others) => {
    const rooms = (names: string[]): Room[] =>
      room(
        message(of),
        new RuleSet([compileRule(rule({ scope: { [key]: names }, window: { rolling: '7d' }, max: 5 }))]),
        known({
          sends: [
            ...sends([1], of),
            ...sends([2], { channel: 'email', category: 'x', programme: 'x', scenarioId: 'x', sender: 'x' }),
          ],
        }),
        3,
      );
    expect(rooms(mine)).toMatchObject([{ used: 1 }]);
    expect(rooms([...mine, ...others])).toMatchObject([{ used: key === 'channels' ? 2 : 1 }]);
    expect(rooms(others)).toEqual([]);
    expect(rooms([])).toMatchObject([{ used: 2 }]);
  });
});

describe('against a plain re-statement of the rules by brute force', () => {
  const UNIT = MINUTE;
  const instants = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 12 });

  test('P1, P9, P10: rolling windows, with sends before and after the instant', () => {
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 1, max: 25 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 70 }),
        (sent, length, max, asked) => {
          // One more at t must leave every window that holds t at or below the maximum.
          const counted = (t: number): number => {
            let fullest = 0;
            for (let end = t; end < t + length; end += 1)
              fullest = Math.max(fullest, sent.filter((s) => s > end - length && s <= end).length);
            return fullest;
          };
          let earliest = asked;
          while (counted(earliest) >= max && earliest < 500) earliest += 1;
          const answer = ask(
            { window: { rolling: `${length}m` }, max },
            sent.map((s) => s * UNIT),
            asked * UNIT,
          );
          expect(answer.used).toBe(counted(asked));
          expect(answer.earliest).toBe(max === 0 ? Infinity : earliest * UNIT);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test.each(['Europe/Paris', 'America/Guadeloupe', 'Australia/Lord_Howe', 'Pacific/Apia'])(
    'P9, P10: calendar windows in %s',
    (zone) => {
      const format = new Intl.DateTimeFormat('en-CA', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
      });
      const dayOf = (instant: number): string => format.format(instant);
      const keyOf = {
        day: dayOf,
        week: (instant: number) => {
          const day = Date.parse(dayOf(instant)) / DAY;
          return String(Math.floor((day + 3) / 7));
        },
        month: (instant: number) => dayOf(instant).slice(0, 7),
        quarter: (instant: number) =>
          `${dayOf(instant).slice(0, 4)} ${Math.ceil(Number(dayOf(instant).slice(5, 7)) / 3)}`,
        year: (instant: number) => dayOf(instant).slice(0, 4),
      };
      const start = at('2026-03-20T00:00:00Z');
      const step = 30 * MINUTE;
      fc.assert(
        fc.property(
          fc.constantFrom('day', 'week', 'month', 'quarter', 'year' as const),
          fc.array(fc.integer({ min: 0, max: 48 * 45 }), { maxLength: 12 }),
          fc.integer({ min: 1, max: 3 }),
          fc.integer({ min: 0, max: 48 * 45 }),
          (unit, sent, max, asked) => {
            const key = keyOf[unit];
            const times = sent.map((s) => start + s * step);
            const used = (t: number): number => times.filter((s) => key(s) === key(t)).length;
            const now = start + asked * step;
            let earliest = now;
            while (used(earliest) >= max) {
              const full = key(earliest);
              // A day at a time first, so that a year is not walked by half-hours.
              while (key(earliest + DAY) === full) earliest += DAY;
              while (key(earliest) === full) earliest += step;
            }
            expect(ask({ window: { calendar: unit }, max }, times, now, zone)).toMatchObject({
              used: used(now),
              earliest,
            });
          },
        ),
        { numRuns: 150 },
      );
    },
  );
});

test('P6: a reservation that is released gives back exactly its room', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 10 }),
      fc.nat(),
      fc.integer({ min: 1, max: 4 }),
      (sent, which, max) => {
        const now = 40 * HOUR;
        const times = sent.map((s) => s * HOUR);
        const released = which % times.length;
        const written = { window: { rolling: '16h' }, max };
        const before = ask(written, times, now);
        const after = ask(
          written,
          times.filter((_time, index) => index !== released),
          now,
        );
        expect(after.used).toBe(before.used - (times[released]! > now - 16 * HOUR ? 1 : 0));
        expect(after.earliest).toBeLessThanOrEqual(before.earliest);
      },
    ),
  );
});

test('the cost of a judgement follows the sends inside the window, not the history before it', () => {
  const NOW = 1e12;
  // Touching a send is what costs; a history of 10,000 touches hardly more than one of ten.
  const touched = (history: number): number => {
    let touches = 0;
    const old = sends(Array.from({ length: history }, (_none, index) => NOW - 30 * DAY - index * HOUR));
    const watched = new Proxy(old, {
      get: (target, property, receiver): unknown => {
        if (typeof property === 'string' && /^\d+$/.test(property)) touches += 1;
        return Reflect.get(target, property, receiver);
      },
    });
    room(
      message(),
      new RuleSet([compileRule(rule({ scope: { channels: ['email'] }, window: { rolling: '7d' }, max: 4 }))]),
      known({ sends: watched }),
      NOW,
    );
    return touches;
  };
  expect(touched(10_000)).toBeLessThan(touched(10) + 20);
});
