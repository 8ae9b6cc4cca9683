import { appendToLedger, brokenAt } from '../../src/consent/index.ts';
import { ledgerOf } from '../../src/consent/ledger.store.ts';
import { LibraryService, PublishService, readyLibrary } from '../../src/scenarios/index.ts';
import { PostgresWorld, tick } from '../../src/engine/index.ts';
import { isPopulated, loadSampleData } from '../../src/sample/index.ts';
import { makeSample } from '../../src/sample/sample.ts';
import type { Statement } from '../../src/database/index.ts';
import { systemClock, VirtualClock } from '../../src/shared/clock.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { Sequence } from '../../src/shared/sequence.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const DAY = 86_400_000;
const NOW = systemClock.now();

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
}, 120_000);
afterEach(() => db.close());

const load = (now = NOW) => loadSampleData(db.database, new Sequence(new VirtualClock(now)), now);

async function count(table: string, where = 'true'): Promise<number> {
  const statement: Statement<{ n: number }> = {
    name: '',
    text: `SELECT count(*)::int AS n FROM ${table} WHERE ${where}`,
  };
  return (await db.database.run(statement))[0]!.n;
}

/** Lets the engine do all that is due until `until`, as a service would that runs all the time. */
async function runEngine(from: number, until: number): Promise<void> {
  const places = { scenariosDir: 'scenarios', templatesDir: 'templates' };
  const clock = new VirtualClock(from);
  await new PublishService(db.database).apply((await readyLibrary(places)).files, from);
  const library = new LibraryService(db.database, clock);
  const world = new PostgresWorld(db.database);
  for (;;) {
    while ((await tick(world, await library.current(), clock.now(), { items: 6_400, lanes: 64 })) > 0);
    const due = await world.nextDue();
    if (due === null || due > until) return;
    clock.moveTo(due);
  }
}

test('loads contacts, events and consents in a dozen statements', async () => {
  expect(await isPopulated(db.database)).toBe(false);
  const before = db.database.statements;
  const loaded = await load();
  // A consent also opens a mailbox that a withdrawal had closed (C5a): one statement for all of them.
  expect(db.database.statements - before).toBeLessThan(16);
  expect(loaded.contacts).toBe(300);
  expect(await count('event')).toBe(loaded.events);
  expect(await count('consent_entry')).toBe(loaded.consents);
  expect(await isPopulated(db.database)).toBe(true);
});

test('a second time changes nothing, also months later', async () => {
  await load();
  const before = [await count('event'), await count('inbox'), await count('consent_entry')];
  for (const later of [0, 1, 100]) {
    expect(await load(NOW + later * DAY)).toEqual({ contacts: 0, events: 0, consents: 0 });
  }
  expect([await count('event'), await count('inbox'), await count('consent_entry')]).toEqual(before);
});

test('two processes that load it at once load it once', async () => {
  const loaded = await Promise.all([load(), load()]);
  expect(loaded.reduce((sum, { events }) => sum + events, 0)).toBe(await count('event'));
  expect(loaded.reduce((sum, { consents }) => sum + consents, 0)).toBe(await count('consent_entry'));
  expect(await count('event')).toBe(await count('inbox'));
});

test('what a real contact of the same name has said is left alone', async () => {
  const said = {
    channel: 'email',
    purpose: 'newsletter',
    action: 'withdrawn',
    legalBasis: null,
    textVersion: null,
    text: null,
  } as const;
  const entry = { ...said, at: NOW, source: { kind: 'form', reference: null }, ip: null, userAgent: null };
  const ada = contactIdOf('ada');
  await db.database.transaction((sql) => appendToLedger(sql, ada, [entry], NOW));
  await load();
  expect(await count('consent_entry', `contact_id = '${ada}'`)).toBe(1);
  expect(await count('consent_state', `contact_id = '${ada}' AND state = 'withdrawn'`)).toBe(1);
});

test('every ledger is a whole chain, as if each entry had been recorded by itself', async () => {
  await load();
  const { consents } = makeSample(NOW, () => 0);
  for (const { contactId, entries } of consents.slice(0, 20)) {
    const ledger = await db.database.transaction((sql) => ledgerOf(sql, contactId));
    expect(ledger).toHaveLength(entries.length);
    expect(brokenAt(ledger)).toBeNull();
  }
});

test('the engine takes it up: contacts with their traits, nobody written to, and a quiet first week', async () => {
  await load();
  await runEngine(NOW, NOW);
  expect(await count('contact')).toBe(300);
  expect(await count('contact', "country = 'FR' AND timezone = 'Europe/Paris' AND locale = 'fr-FR'")).toBeGreaterThan(
    80,
  );
  expect(await count('contact', "user_id = 'ada' AND email = 'ada@example.com'")).toBe(1);
  expect(await count('message')).toBe(0);

  await runEngine(NOW, NOW + 3 * DAY);
  const planned = await count('message');
  expect(planned).toBeGreaterThanOrEqual(5);
  expect(planned).toBeLessThan(60);
  expect(await count('message', "scenario_id = 'birthday-greeting' AND status = 'ready'")).toBeGreaterThan(0);
  expect(await count('message', "scenario_id = 'newsletter-welcome'")).toBe(0);
});
