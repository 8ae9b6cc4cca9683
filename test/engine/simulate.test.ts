import { simulatePublication, type Simulation } from '../../src/engine/index.ts';
import { fates, type InFlightChoice } from '../../src/scenarios/in-flight.ts';
import { LibraryService } from '../../src/scenarios/library.service.ts';
import { PublishService } from '../../src/scenarios/publish.service.ts';
import type { PublishPlan } from '../../src/scenarios/plan.ts';
import { POLICY, publishable } from '../scenarios/sources.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { DAY, HOUR, START } from './factories.ts';

const NIGHT = `${POLICY}quietHours: [{ channels: [email], allow: "Mon-Sun 13:00-20:00" }]\n`;
const FIRST = `steps:
  hello: { send: { channel: email, template: mail-a } }
  pause: { wait: 3d }
  asks: { waitFor: { event: Bought }, timeout: 5d, onEvent: end, onTimeout: end }
`;
const TEMPLATES = [{ id: 'mail-a', files: { 'meta.yaml': 'subject: A' } }];
const files = (a: string) => publishable({ a }, { policy: { source: NIGHT }, templates: TEMPLATES });

let db: TestDatabase;
let publisher: PublishService;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 3 });
  publisher = new PublishService(db.database);
});
afterAll(() => db.close());
beforeEach(async () => {
  await forgetContacts(db.database);
  for (const table of ['scenario_version', 'policy_version', 'template_version'])
    await db.database.run({ name: `forget-${table}`, text: `DELETE FROM ${table}` });
});

/** Forty people: ten wait for a held message, the others since different days, half of those for an event. */
async function peopleInside(): Promise<PostgresRun> {
  await publisher.apply(files(FIRST), START - 1);
  const library = () => new LibraryService(db.database, run.clock).current();
  const run: PostgresRun = new PostgresRun(db.database, undefined as never, START);
  run.library = await library();
  for (let n = 0; n < 40; n++) {
    if (n === 15 || n === 30) {
      await run.settleInstant();
      await run.runUntil(START + (n === 15 ? DAY : 5 * DAY));
    }
    await run.identify(`p${n}`, { email: `p${n}@example.com`, country: 'FR' });
    await run.consent(`p${n}`, 'granted');
    await run.track(`p${n}`, 'Begun');
  }
  await run.settleInstant();
  await run.runUntil(START + 5 * DAY + HOUR);
  return run;
}

const enrollments = (run: PostgresRun) =>
  Promise.all(Array.from({ length: 40 }, async (_, n) => (await run.of(`p${n}`)).enrollments[0]!));

const passages = ({ passages: found }: Simulation) =>
  found.map(({ from, becomes, at, due, people }) => `${people} ${from} ${becomes} ${at} ${due}`).sort();
const messages = ({ messages: found }: Simulation) =>
  found.map(({ isNew, status, messages: count }) => `${count} ${isNew ? 'new' : 'old'} ${status}`).sort();

async function simulated(run: PostgresRun, steps: string, choice: InFlightChoice) {
  const plan = await publisher.plan(files(steps));
  return { plan, simulation: await simulatePublication(db.database, plan, choice, run.clock.now()) };
}

/** The engine really does it, and what it made of everybody is told in the same words. */
async function carriedOut(run: PostgresRun, plan: PublishPlan, choice: InFlightChoice): Promise<string[]> {
  const before = await enrollments(run);
  await publisher.publish(plan, run.clock.now(), choice);
  run.library = await new LibraryService(db.database, run.clock).current();
  while ((await run.tick()) > 0);
  const counts = new Map<string, number>();
  for (const [n, after] of (await enrollments(run)).entries()) {
    const { stepEnteredAt, planned, state } = before[n]!;
    const now = run.clock.now();
    const stays = after.stepEnteredAt === stepEnteredAt && after.planned === planned;
    const due = after.dueAt === null ? 'outcome' : after.dueAt <= now + DAY ? 'day' : 'later';
    const told =
      after.endedAt === null
        ? `${state.value} ${stays ? 'waits' : 'moves'} ${after.state.value} ${due}`
        : `${state.value} ends ${after.status} null`;
    counts.set(told, (counts.get(told) ?? 0) + 1);
  }
  return [...counts].map(([told, people]) => `${people} ${told}`).sort();
}

describe('a publication is simulated first', () => {
  test('D7: what it says is what the engine then does, for people in every kind of step', async () => {
    const run = await peopleInside();
    const steps = `steps:
  greet: { send: { channel: email, template: mail-a } }
  pause: { wait: 1d }
  asks: { waitFor: { event: Bought }, timeout: 6d, onEvent: end, onTimeout: end }
  rest: { wait: 2d }
`;
    const choice: InFlightChoice = { inFlight: 'migrate', maps: new Map([['a', { hello: 'greet' }]]) };
    const { plan, simulation } = await simulated(run, steps, choice);
    expect(passages(simulation)).toEqual(['10 hello waits greet outcome', '30 asks waits asks later'].sort());
    expect(messages(simulation)).toEqual(['10 old held']);
    expect(await carriedOut(run, plan, choice)).toEqual(passages(simulation));
  });

  test('D7: also where people leave at once, enter a step of another kind, or are stopped', async () => {
    const run = await peopleInside();
    const steps = `steps:
  hello: { wait: 12h }
  asks: { waitFor: { event: Bought }, timeout: 1d, onEvent: end, onTimeout: more }
  more: { send: { channel: email, template: mail-a } }
`;
    const choice: InFlightChoice = { inFlight: 'migrate', maps: new Map([['a', { hello: 'hello' }]]) };
    const { plan, simulation } = await simulated(run, steps, choice);
    expect(passages(simulation)).toEqual(
      ['10 hello moves hello day', '15 asks moves more outcome', '15 asks waits asks day'].sort(),
    );
    expect(messages(simulation)).toEqual(['10 old cancelled', '15 new held'].sort());
    expect(await carriedOut(run, plan, choice)).toEqual(passages(simulation));
  });

  test('stop says how many are stopped, and what is cancelled with them', async () => {
    const run = await peopleInside();
    const choice: InFlightChoice = { inFlight: 'stop' };
    const { plan, simulation } = await simulated(run, FIRST.replace('3d', '4d'), choice);
    expect(passages(simulation)).toEqual(['10 hello ends stopped null', '30 asks ends stopped null']);
    expect(simulation.passages[0]!.reason).toBe('replaced by version 2');
    expect(messages(simulation)).toEqual(['10 old cancelled']);
    expect(await carriedOut(run, plan, choice)).toEqual(passages(simulation));
  });

  test('it writes nothing, and says how far it has come', async () => {
    const run = await peopleInside();
    const before = await Promise.all(Array.from({ length: 40 }, (_, n) => run.of(`p${n}`)));
    const plan = await publisher.plan(files(FIRST.replace('asks:', 'waits:')));
    const choice: InFlightChoice = { inFlight: 'migrate' };
    const heard: number[] = [];
    const simulation = await simulatePublication(db.database, plan, choice, run.clock.now(), (n) => heard.push(n));
    expect(heard.at(-1)).toBe(40);
    const lost = simulation.passages.find(({ becomes }) => becomes === 'ends')!;
    expect([lost.people, lost.reason]).toEqual([30, 'replaced by version 2, which has no waitFor step `asks`']);
    expect(await Promise.all(Array.from({ length: 40 }, (_, n) => run.of(`p${n}`)))).toEqual(before);
    expect(await db.database.run({ name: 'any-inbox', text: 'SELECT * FROM inbox' })).toEqual([]);
    expect(await publisher.plan(files(FIRST.replace('asks:', 'waits:')))).toEqual(plan);
    expect(
      fates(plan, choice, await publisher.standing(plan))
        .map(({ becomes }) => becomes)
        .sort(),
    ).toEqual(['lost', 'migrate']);
  });

  test('a plan that is outdated is not simulated', async () => {
    const run = await peopleInside();
    const plan = await publisher.plan(files(FIRST.replace('3d', '4d')));
    await publisher.apply(files(FIRST.replace('3d', '5d')), run.clock.now());
    const simulating = simulatePublication(db.database, plan, { inFlight: 'stop' }, run.clock.now());
    await expect(simulating).rejects.toThrow('Something else was published');
  });
});
