import fc from 'fast-check';
import type { Facts } from '../../src/audience/index.ts';
import { contactZone } from '../../src/calendar/index.ts';
import { NOTHING_CAME_BACK } from '../../src/engine/index.ts';
import type { Library } from '../../src/scenarios/index.ts';
import { compileScenario } from '../../src/scenarios/compile.ts';
import { scenarioSchema, type Scenario } from '../../src/scenarios/scenario.schema.ts';
import { canonicalJson, stableFraction } from '../../src/shared/hash.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun, Kept } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { DAY, HOUR, library, START } from './factories.ts';
import { randomCase, type Happening, type RandomCase } from './random-world.ts';

/** More for a long run on one's own machine: `RUNS=2000 npx jest two-worlds`. */
const RUNS = Number(process.env['RUNS'] ?? 20);
const SEED = 15;
const USERS = ['ada', 'bob', 'cyd'];
/** Off the full hour, at which dates and hours of day fall due. */
const BEGIN = START + 7 * 60_000;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());

function libraryOfCase({ scenarios, policy }: RandomCase): Library {
  const head = { programme: 'trials', name: 'Trial', category: 'marketing', purpose: 'newsletter', sender: 'brand' };
  return library(
    scenarios.map((lines) => compileScenario(scenarioSchema.parse({ ...head, ...lines }) as Scenario, 1)),
    policy,
  );
}

async function happen(run: EngineRun, it: Happening): Promise<void> {
  if ('track' in it) {
    const now = run.clock.now();
    const late =
      it.late === 'no'
        ? {}
        : { at: now - (it.late === 'old' ? 2 * DAY : 4 * DAY), historical: it.late === 'historical' };
    return run.track(it.user, it.track, { n: it.n }, { active: it.active, ...late });
  }
  if ('identify' in it) return run.identify(it.user, it.identify);
  if ('consent' in it) return run.consent(it.user, it.consent, it.channel);
  if ('choose' in it) {
    const { pauseFor, ...chosen } = it.choose;
    if (pauseFor === undefined) return run.choose(it.user, chosen);
    return run.choose(it.user, { ...chosen, pauseUntil: pauseFor === null ? null : run.clock.now() + pauseFor });
  }
  if ('hit' in it) return run.hit(it.user, it.hit, it.template);
  if ('restrict' in it) return it.restrict ? run.restrict(it.user) : run.lift(it.user);
  return run.enrol(it.user, 'a', { n: 2 });
}

/** Lives through the whole case, ten days longer than its timeline; what is kept of everybody in the end. */
async function live(run: EngineRun, { timeline }: RandomCase, after = (): void => {}): Promise<Record<string, Kept>> {
  // Four of five hand-overs succeed, the same ones in both worlds.
  run.handOver = ({ id }) => (stableFraction('hand-over', id) < 0.8 ? 'sent' : 'failed');
  run.answerCall = ({ id }) => (stableFraction('call', id) < 0.7 ? 'done' : 'failed');
  for (const user of USERS) {
    await run.identify(user, { email: `${user}@example.com`, phone: '+33612345678', country: 'FR', trail: '' });
    for (const channel of ['email', 'sms']) await run.consent(user, 'granted', channel);
    if (user !== 'cyd') await run.consent(user, 'granted', 'email', 'open-tracking');
  }
  await run.settleInstant();
  let down = false;
  for (const it of timeline) {
    const at = run.clock.now() + it.after;
    if (!down) await run.runUntil(at);
    run.clock.moveTo(at);
    await happen(run, it);
    down = it.outage;
    if (!down) await run.settleInstant();
    if (!down) after();
  }
  await run.settleInstant();
  for (const then = run.clock.now() + 10 * DAY; run.clock.now() < then; after()) {
    await run.runUntil(Math.min(then, run.clock.now() + 17 * HOUR));
    await run.settleInstant();
  }
  return Object.fromEntries(
    await Promise.all(USERS.map(async (user) => [user, await run.kept(contactIdOf(user))] as const)),
  );
}

/** What the rehearsal and the live service may not differ in; as JSON, for that is what a database gives back. */
const asKept = (kept: unknown): unknown => JSON.parse(canonicalJson(kept)) as unknown;

/** How much arrived while its contact was restricted, and was taken note of after the lift. */
function parked({ timeline }: RandomCase): number {
  const restricted = new Map<string, number>();
  let count = 0;
  for (const it of timeline) {
    if ('restrict' in it && it.restrict) restricted.set(it.user, restricted.get(it.user) ?? 0);
    else if ('restrict' in it) {
      count += restricted.get(it.user) ?? 0;
      restricted.delete(it.user);
    } else if (restricted.has(it.user)) restricted.set(it.user, restricted.get(it.user)! + 1);
  }
  return count;
}

/** Lives random cases in both worlds; what happened in them, counted. */
async function compareWorlds(parameters: fc.Parameters<unknown>): Promise<Record<string, number>> {
  const seen = {
    sent: 0,
    held: 0,
    blocked: 0,
    cancelled: 0,
    enrollments: 0,
    followUps: 0,
    audiences: 0,
    done: 0,
    failed: 0,
    returns: 0,
    parked: 0,
  };
  await fc.assert(
    fc.asyncProperty(randomCase, async (made) => {
      const lib = libraryOfCase(made);
      const watches = new Set(lib.live.flatMap(({ id, watched }) => (watched === null ? [] : [id])));
      const memory = new MemoryRun(lib, BEGIN);
      const rehearsed = await live(memory, made);
      for (const { returns } of memory.memory.all()) seen.returns += returns.size;
      seen.parked += parked(made);
      await forgetContacts(db.database);
      const postgres = new PostgresRun(db.database, lib, BEGIN);
      postgres.limits = { items: made.items, lanes: made.items === 1 ? 1 : 64 };
      const lived = await live(postgres, made);
      expect(asKept(lived)).toEqual(asKept(rehearsed));
      for (const { messages, enrollments, calls } of Object.values(rehearsed)) {
        seen.enrollments += enrollments.length;
        seen.audiences += enrollments.filter(({ scenarioId }) => watches.has(scenarioId)).length;
        seen.followUps += enrollments.filter(({ entry }) => entry?.depth !== undefined).length;
        for (const { status } of calls) if (status === 'done' || status === 'failed') seen[status]++;
        for (const { status, heldUntil } of messages) {
          if (heldUntil !== null) seen.held++;
          if (status === 'sent' || status === 'blocked' || status === 'cancelled') seen[status]++;
        }
      }
    }),
    parameters as fc.Parameters<[RandomCase]>,
  );
  return seen;
}

test(
  'D7: PostgreSQL and memory take the same decisions for the same inputs, and keep the same of every contact',
  async () => {
    await compareWorlds({ numRuns: RUNS });
  },
  60_000 + RUNS * 5_000,
);

test('D7: the cases are worth something: everything that can become of a message or a call happens in them', async () => {
  // Chosen once, because by chance a few dozen cases may well be without a cancelled message.
  const seen = await compareWorlds({ numRuns: 12, seed: SEED });
  expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
}, 60_000);

/** All that is known of a contact at the moment. */
function factsOf({ memory, library: lib, clock }: MemoryRun, user: string): Facts {
  const record = memory.of(contactIdOf(user));
  const sent = [...record.messages.values()].filter(({ status }) => status === 'sent');
  return {
    now: clock.now(),
    contact: record.contact!,
    zone: contactZone(record.contact!, lib.policy.policy.timezone),
    history: record.events,
    consents: record.consents,
    messages: sent.map(({ settledAt, ...message }) => ({
      ...message,
      sentAt: settledAt!,
      ...(record.returns.get(message.id) ?? NOTHING_CAME_BACK),
    })),
    audiences: lib.policy.compiled.audiences,
  };
}

test('what is noted of audiences is true at any time, though it is looked at only when something may have changed', async () => {
  let inside = 0;
  await fc.assert(
    fc.asyncProperty(randomCase, async (made) => {
      const run = new MemoryRun(libraryOfCase(made), BEGIN);
      const isTrue = (): void => {
        for (const user of USERS.filter((each) => !run.memory.of(contactIdOf(each)).restricted)) {
          const facts = factsOf(run, user);
          for (const { id, watched, definition } of run.library.live) {
            if (watched === null) continue;
            const noted = run.memory.of(contactIdOf(user)).watches.get(id)!.fired.inside;
            expect({ trigger: definition.trigger, noted }).toEqual({
              trigger: definition.trigger,
              noted: watched.holds(facts),
            });
            if (noted === true) inside++;
          }
        }
      };
      await live(run, made, isTrue);
    }),
    { numRuns: RUNS * 5 },
  );
  expect(inside).toBeGreaterThan(0);
}, 60_000);
