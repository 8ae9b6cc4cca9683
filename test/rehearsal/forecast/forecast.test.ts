import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { contactIdOf } from '../../../src/shared/ids.ts';
import { dayOf } from '../../../src/rehearsal/forecast/days.ts';
import type { Forecast } from '../../../src/rehearsal/forecast/forecast.ts';
import { forecastText } from '../../../src/rehearsal/forecast/forecast-text.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { PostgresRun } from '../../support/postgres-run.ts';
import { PLACES } from '../people.ts';
import { fingerprint, forecastHere, publish } from './setting.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Monday 2 March 2026, 10:00 in Paris. */
const START = Date.parse('2026-03-02T09:00:00Z');
const ZONE = 'Europe/Paris';
const USERS = Array.from({ length: 40 }, (_, n) => `user-${n}`);

let db: TestDatabase;
let run: PostgresRun;
let before: string;
let found: Forecast;
/** Beside another policy, of everybody and of a sample. */
let compared: { whole: Forecast; sample: Forecast };

/** Weeks alternate between the same events at the same hours, as a replay expects them. */
async function liveThroughWeek(week: number): Promise<void> {
  for (let hour = 0; hour < 7 * 24; hour++) {
    const at = START + week * 7 * DAY + hour * HOUR + 7 * 60_000;
    for (const [n, user] of USERS.entries()) {
      if (n % 4 === 0 && hour === 130 + n) await step(at, user, 'Form Submitted', { form: 'newsletter' });
      if (n % 6 === 0 && hour === 60 + n) await step(at + 60_000, user, 'Order Completed', { total: n });
      if (n % 5 === 0 && hour === 11 + n) await step(at + 120_000, user, 'Product Viewed', {});
    }
  }
}

async function step(at: number, user: string, name: string, properties: Record<string, unknown>): Promise<void> {
  await run.runUntil(at);
  await run.track(user, name, properties);
  await run.settleInstant();
}

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
  const library = await publish(db.database, START - 60 * DAY);
  run = new PostgresRun(db.database, library, START - 50 * DAY);
  for (const [n, user] of USERS.entries()) {
    await run.identify(user, {
      email: n % 9 === 8 ? undefined : `${user}@example.com`,
      phone: n % 3 === 0 ? `+336399800${String(n).padStart(2, '0')}` : undefined,
      firstName: 'Ada',
      locale: 'fr',
      birthday: `1990-03-${String(1 + (n % 28)).padStart(2, '0')}`,
      timezone: n % 7 === 6 ? 'America/New_York' : ZONE,
      country: n % 7 === 6 ? 'US' : 'FR',
    });
    if (n % 5 > 0) await run.consent(user, 'granted', 'email', 'newsletter');
    if (n % 4 > 0) await run.consent(user, 'granted', 'email', 'offers');
    if (n % 2 === 0) await run.consent(user, 'granted', 'sms', 'newsletter');
  }
  await run.settleInstant();
  await run.runUntil(START);
  await liveThroughWeek(0);
  await run.runUntil(START + 7 * DAY);
  before = await fingerprint(db.database);
  const request = { replay: '1w', days: 7 };
  found = await forecastHere(db.database, START + 7 * DAY, request);
  const folder = await mkdtemp(path.join(tmpdir(), 'relance-forecast-'));
  const policy = path.join(folder, 'stricter.yaml');
  const present = await readFile(path.join(PLACES.scenariosDir, 'policy.yaml'), 'utf8');
  await writeFile(policy, present.replace('max: 3', 'max: 1'));
  compared = {
    whole: await forecastHere(db.database, START + 7 * DAY, { ...request, policy }),
    sample: await forecastHere(db.database, START + 7 * DAY, { ...request, policy, sample: 0.6 }),
  };
  await rm(folder, { recursive: true });
}, 120_000);
afterAll(() => db.close());

test('a forecast writes nothing: no row of any table is another after it', async () => {
  expect(await fingerprint(db.database)).toBe(before);
});

test('D7: what is forecast is what then happens: entries, messages and outcomes by day, gate and rule', async () => {
  const from = START + 7 * DAY;
  const until = from + 7 * DAY;
  await liveThroughWeek(1);
  await run.runUntil(until);
  const happened = { entries: {}, outcomes: {}, sent: {}, refused: {}, held: {} } as Record<
    string,
    Record<string, number>
  >;
  const add = (kind: string, ...key: (string | null)[]): void => {
    const name = key.join(' ');
    happened[kind]![name] = (happened[kind]![name] ?? 0) + 1;
  };
  let reached = 0;
  for (const user of USERS) {
    const { enrollments, messages, decisions } = await run.kept(contactIdOf(user));
    for (const { enteredAt } of enrollments) if (enteredAt >= from) add('entries', dayOf(enteredAt, ZONE));
    const own = messages.filter(({ settledAt }) => settledAt === null || settledAt >= from);
    for (const { settledAt, status, gate, rule, reason, channel, programme, id } of own) {
      const day = dayOf(settledAt ?? until, ZONE);
      if (settledAt !== null) add('outcomes', day, status);
      if (status === 'sent') add('sent', day, channel, programme);
      if (status === 'blocked' || status === 'expired') add('refused', day, status, gate, rule ?? reason);
      const holds = decisions.filter(
        ({ messageId, verdict, at }) => messageId === id && verdict === 'hold' && at >= from,
      );
      for (const why of new Set(holds.map((each) => `${each.gate} ${each.rule ?? each.reason}`))) add('held', why);
    }
    if (own.some(({ status }) => status === 'sent')) reached++;
  }
  const policy = found.policies[0]!;
  const forecast = { entries: {}, outcomes: {}, sent: {}, refused: {}, held: {} } as typeof happened;
  for (const { day, entries, outcomes, sent, refused } of policy.days) {
    if (entries > 0) forecast['entries']![day] = entries;
    for (const [outcome, count] of Object.entries(outcomes))
      if (count > 0) forecast['outcomes']![`${day} ${outcome}`] = count;
    for (const { channel, programme, messages } of sent) forecast['sent']![`${day} ${channel} ${programme}`] = messages;
    for (const { outcome, gate, rule, reason, messages } of refused)
      forecast['refused']![`${day} ${outcome} ${gate} ${rule ?? reason}`] = messages;
  }
  for (const { gate, rule, reason, messages } of policy.held)
    forecast['held']![`${gate} ${rule ?? reason}`] = messages.value;
  expect(forecast).toEqual(happened);
  expect(policy.reach).toMatchObject({ contacts: { value: USERS.length }, reached: { value: reached, margin: 0 } });
  // Worth something: everything that is compared does happen.
  for (const kind of Object.values(happened)) expect(Object.keys(kind).length).toBeGreaterThan(0);
}, 120_000);

describe('another policy beside it', () => {
  test('every difference is that of the two figures, and of the whole base it is counted', () => {
    const { comparison, policies } = compared.whole;
    expect(comparison.map(({ figure }) => figure)).toEqual(
      expect.arrayContaining(['entries', 'sent', 'held', 'nothing']),
    );
    for (const { before: a, after: b, difference } of comparison)
      expect(difference).toEqual({ value: b.value - a.value, margin: 0 });
    const held = comparison.find(({ figure, rule }) => figure === 'held' && rule === 'weekly-ceiling')!;
    expect(held.difference.value).toBeGreaterThan(0);
    expect(policies.map(({ outcomes }) => outcomes.sent.value)).toEqual(
      ['before', 'after'].map((when) =>
        comparison
          .filter(({ figure }) => figure === 'sent')
          .reduce((sum, row) => sum + row[when as 'before' | 'after'].value, 0),
      ),
    );
  });

  test('in a sample each contact is compared with itself: what the policy leaves as it is has a margin below both', () => {
    for (const { figure, before: a, after: b, difference } of compared.sample.comparison) {
      expect(difference.value).toBeCloseTo(b.value - a.value, 6);
      expect(difference.margin).toBeGreaterThan(0);
      if (figure === 'entries') expect(difference.margin).toBeLessThan(Math.hypot(a.margin, b.margin));
    }
    expect(forecastText(compared.sample)).toMatch(
      /Side by side +published policy +\S+stricter\.yaml +difference\nentries .* 0 ± \d+\n/,
    );
  });
});
