import { rm } from 'node:fs/promises';
import path from 'node:path';
import { appendToLedger } from '../../src/consent/index.ts';
import type { Sql } from '../../src/database/index.ts';
import { rehearseRequest, type Rehearsal } from '../../src/rehearsal/index.ts';
import { LibraryService, PublishService, readyLibrary } from '../../src/scenarios/index.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { PostgresRun } from '../support/postgres-run.ts';
import { POLICY, scenarioOf, writeFolder } from './people.ts';

// The same contact, the same moment: what a rehearsal says is what the engine then does on the database (rule D7).

const START = Date.parse('2026-03-02T09:00:00+01:00');
const DAY = 86_400_000;

let db: TestDatabase;
let folder: string;
let live: PostgresRun;
let places: { scenariosDir: string; templatesDir: string };

beforeEach(async () => {
  folder = await writeFolder({
    'scenarios/policy.yaml': POLICY.replace('onBlocked: drop', 'onBlocked: { hold: 14d }'),
    'scenarios/trial.yaml': scenarioOf(
      'trial',
      `  regular:
    choose:
      - { when: { event: Order Completed, count: { gte: 2 }, within: 60d }, next: first }
      - otherwise: end
  first: { send: { channel: email, template: hello } }
  pause: { wait: 1d }
  second: { send: { channel: email, template: hello } }
  text: { send: { channel: sms, template: hello } }`,
      'trigger: { event: Begun }\nreentry: { after: 30d }',
    ),
    'scenarios/idle.yaml': scenarioOf(
      'idle',
      '  mail: { send: { channel: email, template: hello } }',
      'trigger: { inactivity: 30d, activity: [Order Completed], at: "10:00" }',
    ),
    'templates/hello/email.html.hbs': 'Hello {{contact.firstName}} <a href="{{links.unsubscribe}}">Unsubscribe</a>',
    'templates/hello/sms.txt.hbs': 'Hello. STOP 36000',
    'templates/hello/meta.yaml': 'subject: Hello\n',
  });
  places = { scenariosDir: path.join(folder, 'scenarios'), templatesDir: path.join(folder, 'templates') };
  db = await createTestDatabase();
  const publisher = new PublishService(db.database);
  await publisher.publish(await publisher.plan((await readyLibrary(places)).files), START - 100 * DAY);
  const library = await new LibraryService(db.database, { now: () => START }).current();
  live = new PostgresRun(db.database, library, START - 40 * DAY);
  await live.identify('ada', {
    email: 'ada@example.com',
    phone: '+33639980001',
    firstName: 'Ada',
    timezone: 'Europe/Paris',
    country: 'FR',
  });
  await live.settleInstant();
  await live.consent('ada', 'granted');
  await live.settleInstant();
  for (const day of [20, 10]) {
    await live.runUntil(START - day * DAY);
    await live.track('ada', 'Order Completed', { total: 30 });
    await live.settleInstant();
  }
});
afterEach(async () => {
  await db.close();
  await rm(folder, { recursive: true });
});

const rehearse = (more: object = {}): Promise<Rehearsal> =>
  db.database.transaction(async (sql: Sql) => {
    await sql.run({ name: 'read-only', text: 'SET TRANSACTION READ ONLY' });
    const request = {
      scenario: 'trial',
      contact: 'ada',
      from: new Date(live.clock.now()).toISOString(),
      published: true,
      ...more,
    };
    return rehearseRequest(request, places, sql, live.clock.now());
  });

/** What counts of a path, without ids that the triggering event gives. */
const decided = (
  messages: readonly {
    step: string;
    status: string;
    settledAt: number | null;
    heldUntil: number | null;
    gate: string | null;
    reason: string | null;
    rule: string | null;
  }[],
) =>
  messages
    .map(({ step, status, settledAt, heldUntil, gate, reason, rule }) => ({
      step,
      status,
      settledAt,
      heldUntil,
      gate,
      reason,
      rule,
    }))
    .sort((a, b) => (a.step < b.step ? -1 : 1));

describe('a rehearsal for a real contact', () => {
  test('takes the decisions that the engine then takes, with the history, consents and sends of the database', async () => {
    await live.runUntil(START);
    const rehearsal = await rehearse();
    expect(rehearsal.entries.find(({ kind }) => kind === 'guard')).toMatchObject({
      guard: 'number of Order Completed ≥ 2 within 60d',
      value: true,
    });

    await live.track('ada', 'Begun');
    await live.settleInstant();
    await live.runUntil(START + 20 * DAY);
    const { messages, enrollments } = await live.of('ada');
    expect(decided(rehearsal.messages.map(({ message }) => message))).toEqual(decided(messages));
    expect(decided(messages).map(({ step, status, gate }) => [step, status, gate])).toEqual([
      ['first', 'sent', null],
      ['second', 'sent', null],
      ['text', 'blocked', 'consent'],
    ]);
    expect(rehearsal.status).toBe(enrollments.find(({ scenarioId }) => scenarioId === 'trial')!.status);
  });

  test('P12: counts what another contact with the same address was sent, as the engine then does', async () => {
    await live.identify('bob', { email: 'ADA@example.com', timezone: 'Europe/Paris', country: 'FR' });
    await live.consent('bob', 'granted');
    await live.runUntil(START - DAY);
    for (const _ of [1, 2]) await live.track('bob', 'Order Completed', { total: 30 });
    await live.track('bob', 'Begun');
    await live.settleInstant();
    await live.runUntil(START - DAY / 2);
    const rehearsal = await rehearse({ until: new Date(START).toISOString() });
    const [rehearsed] = rehearsal.entries.flatMap((entry) => (entry.kind === 'judged' ? [entry.gates] : []));
    await live.track('ada', 'Begun');
    await live.settleInstant();
    const [decision] = (await live.of('ada')).decisions;
    for (const gates of [rehearsed!, decision!.gates])
      expect(gates.at(-1)!.counters).toEqual([{ rule: 'weekly', used: 1, max: 2 }]);
  });

  test('goes on from the step in which the contact is, with what is held and what was sent', async () => {
    await live.runUntil(START);
    await live.track('ada', 'Begun');
    await live.settleInstant();
    await live.runUntil(START + 5 * DAY);
    const again = live.of('ada');
    expect((await again).enrollments.filter(({ endedAt }) => endedAt === null)).toEqual([]);
    const refused = await rehearse();
    expect(refused).toMatchObject({
      status: 'not-entered',
      reason: expect.stringMatching(/^has been in it, last from 2026-03-02.*re-entry: 30d after/),
    });

    await live.runUntil(START + 35 * DAY);
    for (const _ of [1, 2]) await live.track('ada', 'Order Completed');
    await live.track('ada', 'Begun');
    await live.settleInstant();
    await live.runUntil(START + 35 * DAY + 3_600_000);
    const rehearsal = await rehearse({ until: new Date(START + 60 * DAY).toISOString() });
    expect(rehearsal.entries.find(({ kind }) => kind === 'not-entered')).toMatchObject({
      reason: expect.stringMatching(/^is inside since .*, in step pause$/),
    });
    await live.runUntil(START + 60 * DAY);
    const kept = await live.of('ada');
    const told = decided(rehearsal.messages.map(({ message }) => message));
    expect(decided(kept.messages.filter(({ plannedAt }) => plannedAt > START + 35 * DAY + 3_600_000))).toEqual(told);
    expect(rehearsal.status).toBe('completed');
  });

  test('looks at the watch of an inactivity trigger as it stands in the database', async () => {
    await live.runUntil(START);
    const rehearsal = await rehearse({ scenario: 'idle' });
    await live.runUntil(START + 40 * DAY);
    const entered = (await live.of('ada')).enrollments.find(({ scenarioId }) => scenarioId === 'idle');
    expect(rehearsal.enrollments.map(({ enteredAt, status }) => [enteredAt, status])).toEqual([
      [entered!.enteredAt, entered!.status],
    ]);
    // Once an idle period: who is rehearsed after it has fired stays out.
    expect(await rehearse({ scenario: 'idle', until: new Date(START + 50 * DAY).toISOString() })).toMatchObject({
      status: 'not-entered',
    });
  });

  test('from a day in the past knows only what was known then, consents by the ledger', async () => {
    const id = contactIdOf('ada');
    const entry = (action: 'granted' | 'withdrawn', said: number) => ({
      channel: 'sms' as const,
      purpose: 'newsletter',
      action,
      at: said,
      legalBasis: null,
      source: { kind: 'form', reference: '/' },
      textVersion: null,
      text: null,
      ip: null,
      userAgent: null,
    });
    await db.database.transaction((sql) =>
      appendToLedger(sql, id, [entry('granted', START - 30 * DAY)] as never, START - 30 * DAY),
    );
    await db.database.transaction((sql) =>
      appendToLedger(sql, id, [entry('withdrawn', START - DAY)] as never, START - DAY),
    );
    await live.runUntil(START);
    const from = new Date(START - 5 * DAY).toISOString();
    const rehearsal = await rehearse({ from, until: new Date(START + 20 * DAY).toISOString() });
    expect(rehearsal.notes).toEqual([expect.stringContaining('The beginning lies in the past')]);
    expect(rehearsal.messages.find(({ message }) => message.step === 'text')?.message).not.toMatchObject({
      gate: 'consent',
      reason: 'withdrawn',
    });
    const earlier = await rehearse({ from: new Date(START - 15 * DAY).toISOString() });
    expect(earlier.entries.find(({ kind }) => kind === 'guard')).toMatchObject({ value: false });
  });

  test('runs what is in the files, and whoever is inside an older version finishes it', async () => {
    await live.runUntil(START);
    await live.track('ada', 'Begun');
    await live.settleInstant();
    const rehearsal = await rehearse({ published: undefined });
    expect(rehearsal.version).toBeNull();
    expect(rehearsal.enrollments).toMatchObject([{ scenarioVersion: 1, status: 'completed' }]);
  });

  test('names nobody and nothing that is not there', async () => {
    await expect(rehearse({ contact: 'eve' })).rejects.toThrow('Nobody has the user id eve');
    await expect(rehearse({ scenario: 'trail' })).rejects.toThrow('did you mean trial?');
  });
});
