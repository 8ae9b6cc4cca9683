import fc from 'fast-check';
import { outlook, type Outlook } from '../../src/explain/outlook/outlook.ts';
import { judge, type Message } from '../../src/gate/index.ts';
import { at, contact, DAY, facts, HOUR, message, policy, sends } from '../gate/factories.ts';

/** Monday 2 March 2026, 10:00 in Paris. */
const NOW = at('2026-03-02T09:00:00Z');
const version = policy({
  pressure: [
    {
      rule: 'weekly',
      scope: { categories: ['marketing'] },
      window: { rolling: '7d' },
      max: 2,
      onBlocked: { hold: '3d' },
    },
    { rule: 'mail-gap', scope: { channels: ['email'] }, window: { gap: '24h' } },
    { rule: 'sms-month', scope: { channels: ['sms'] }, window: { calendar: 'month' }, max: 1 },
    { rule: 'birthdays', scope: { programmes: ['birthday'] }, window: { rolling: '7d' }, max: 1 },
  ],
  quietHours: [{ channels: ['email'], allow: 'Mon-Fri 08:00-18:00' }],
});
const look = (given: Parameters<typeof facts>[0] = {}, waiting: Message[] = []): Outlook =>
  outlook(facts(given), waiting, version, {}, NOW);
const days = (seen: Outlook, rule: string, key: 'free' | 'used' | 'planned'): number[] =>
  seen.rules.find((each) => each.rule === rule)!.days.map((day) => day[key]);
const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

describe('the room a contact’s history leaves', () => {
  test('by rule, now and at the beginning of each of the next days, as windows leave it', () => {
    const seen = look({ sends: sends([NOW - 5 * DAY, NOW - HOUR]) });
    expect(seen.rules.map(({ rule }) => rule)).toEqual(['weekly', 'mail-gap', 'sms-month', 'birthdays']);
    expect(days(seen, 'weekly', 'free')).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
    expect(days(seen, 'mail-gap', 'free').slice(0, 3)).toEqual([0, 0, 1]);
    expect(days(seen, 'sms-month', 'free')).toEqual(Array(14).fill(1));
    const [today] = seen.rules[0]!.days;
    expect(today).toMatchObject({ date: '2026-03-02', at: NOW, used: 2, max: 2, roomFrom: NOW + 2 * DAY });
    expect(iso(seen.rules[0]!.days[1]!.at)).toBe('2026-03-02T23:00:00.000Z');
  });

  test('what waits uses room from when it falls due, if it counts', () => {
    const held = message({ dueAt: NOW + 2 * DAY });
    const free = message({ dueAt: NOW + 2 * DAY, countsToward: false });
    const ready = message({ status: 'ready', dueAt: NOW, countedAt: NOW });
    const seen = look({}, [held, free, ready]);
    expect(days(seen, 'weekly', 'planned')).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
    expect(seen.waiting.map(({ id }) => id)).toEqual([ready.id, ...[held.id, free.id].sort()]);
  });

  test('P8: the contact’s own limits are among the rules', () => {
    const own = { maxPerWeek: 1, pauseUntil: NOW + DAY };
    const seen = look({ sends: sends([NOW - HOUR]), ownLimits: own });
    expect(seen.rules.slice(0, 2).map(({ rule }) => rule)).toEqual(['own-pause', 'own-max-per-week']);
    expect(days(seen, 'own-pause', 'free')).toEqual([0, 0]);
    expect(days(seen, 'own-max-per-week', 'free')).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    expect(seen.ownLimits).toEqual(own);
  });

  test('P9, T3: the earliest instant for a mail and a text, by hours and every rule, and the hours of today', () => {
    const sunday = at('2026-03-08T10:00:00+01:00');
    const seen = outlook(facts({ sends: sends([sunday - HOUR]) }), [], version, {}, sunday);
    expect(seen.channels.map(({ channel, earliest }) => [channel, iso(earliest)])).toEqual([
      ['email', '2026-03-09T08:00:00.000Z'],
      ['sms', '2026-03-09T07:00:00.000Z'],
    ]);
    expect(seen.channels.map(({ openToday }) => openToday)).toEqual([[], []]);
    const monday = look().channels.map(({ openToday }) => openToday.map(({ from, until }) => [iso(from), iso(until)]));
    expect(monday).toEqual([
      [['2026-03-02T07:00:00.000Z', '2026-03-02T17:00:00.000Z']],
      [['2026-03-02T07:00:00.000Z', '2026-03-02T21:00:00.000Z']],
    ]);
  });

  test('a rule of a programme holds when that programme is asked about', () => {
    const known = facts({ sends: sends([NOW - HOUR], { programme: 'birthday', channel: 'sms' }) });
    const earliest = (asked: object): string | null =>
      iso(outlook(known, [], version, asked, NOW).channels[0]!.earliest);
    expect(earliest({})).toBe(iso(NOW));
    expect(earliest({ programme: 'birthday' })).toBe('2026-03-09T08:00:00.000Z');
  });

  test('what it calls the earliest instant the gate lets pass, and no minute before it that was tried', () => {
    const history = fc.array(fc.integer({ min: -14 * 24, max: 0 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        history,
        fc.integer({ min: 0, max: 7 * 24 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (hours, later, share) => {
          const now = NOW + later * HOUR;
          const known = facts({ contact: contact(), sends: sends(hours.map((hour) => NOW + hour * HOUR)) });
          const { earliest } = outlook(known, [], version, {}, now).channels[0]!;
          const passes = (when: number): boolean =>
            judge(message({ plannedAt: when, programme: '' }), known, version, when).verdict.kind === 'send';
          expect(passes(earliest!)).toBe(true);
          if (earliest! > now) expect(passes(Math.floor(now + (earliest! - now) * share))).toBe(false);
        },
      ),
    );
  });
});
