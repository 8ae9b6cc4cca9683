import { stableFraction } from '../../src/shared/hash.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { DAY, HOUR, library, START } from './factories.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
beforeEach(() => forgetContacts(db.database));
afterAll(() => db.close());

const CALLS = `
scenario: calls
trigger: { event: Begun }
reentry: always
exit: [{ event: Left }]
steps:
  before: { wait: 1h }
  tell: { webhook: { url: "https://crm.example/{{contact.userId}}" }, onError: failed }
  done: { set: { told: "yes" }, next: end }
  failed: { set: { told: "no" } }`;

/** Both worlds, each with a scenario. */
const both = (source: string): [string, () => EngineRun][] => [
  ['memory', () => new MemoryRun(library([source]), START)],
  ['PostgreSQL', () => new PostgresRun(db.database, library([source]), START)],
];

describe.each(both(CALLS))('in %s', (_world, world) => {
  async function told(run: EngineRun): Promise<unknown> {
    await run.track('ada', 'Begun');
    await run.settleInstant();
    await run.runUntil(START + DAY);
    return (await run.of('ada')).contact!.attributes['told'];
  }

  test.each([
    ['done', 'yes'],
    ['failed', 'no'],
  ] as const)('a call that is %s leads on', async (outcome, expected) => {
    const run = world();
    run.answerCall = () => outcome;
    expect(await told(run)).toBe(expected);
    const { calls, enrollments } = await run.of('ada');
    expect(calls).toMatchObject([
      { step: 'tell', method: 'POST', url: 'https://crm.example/ada', status: outcome, plannedAt: START + HOUR },
    ]);
    expect(enrollments).toMatchObject([{ status: 'completed' }]);
  });

  /** Ada is in `tell`, and her call has not been made. */
  async function waiting(): Promise<EngineRun> {
    const run = world();
    await run.track('ada', 'Begun');
    await run.settleInstant();
    run.clock.moveTo(START + HOUR);
    await run.tick();
    expect((await run.of('ada')).calls).toMatchObject([{ status: 'ready', settledAt: null }]);
    return run;
  }

  test('an exit cancels the call that was not begun, with its reason', async () => {
    const run = await waiting();
    await run.track('ada', 'Left');
    await run.tick();
    const { calls, enrollments, contact } = await run.of('ada');
    expect(calls).toMatchObject([{ status: 'cancelled', error: 'Left', settledAt: START + HOUR }]);
    expect(enrollments).toMatchObject([{ status: 'exited' }]);
    await run.settleInstant();
    expect(contact!.attributes['told']).toBeUndefined();
  });

  test('an exit at the instant of the step leaves nothing to call', async () => {
    const run = world();
    await run.track('ada', 'Begun');
    await run.settleInstant();
    run.clock.moveTo(START + HOUR);
    await run.tick();
    await run.track('ada', 'Left');
    await run.settleInstant();
    expect((await run.of('ada')).calls).toMatchObject([{ status: 'cancelled' }]);
  });

  test('a stop cancels it, a version that has the step keeps it', async () => {
    const stopped = await waiting();
    await stopped.replace('ada', 'stop', null, 'calls');
    await stopped.tick();
    expect((await stopped.of('ada')).calls).toMatchObject([{ status: 'cancelled' }]);
  });
});

describe.each(both(CALLS.replace('{{contact.userId}}', '{{contact.crmId}}')))('in %s', (_world, world) => {
  test('a call that cannot be written fails at once and is not made', async () => {
    const run = world();
    run.answerCall = () => {
      throw new Error('called');
    };
    await run.track('ada', 'Begun');
    await run.settleInstant();
    await run.runUntil(START + DAY);
    const { calls, contact } = await run.of('ada');
    expect(calls).toMatchObject([
      { status: 'failed', attempts: 0, error: 'nothing to put for {{contact.crmId}} into the path' },
    ]);
    expect(contact!.attributes['told']).toBe('no');
  });
});

describe.each(both(`${CALLS}\nholdout: 50%`))('in %s', (_world, world) => {
  test('the holdout is not called for, and goes on', async () => {
    const run = world();
    const users = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'];
    for (const user of users) await run.track(user, 'Begun');
    await run.settleInstant();
    await run.runUntil(START + DAY);
    const kept = await Promise.all(users.map((user) => run.of(user)));
    expect(kept.map(({ calls }) => calls[0]!.status)).toEqual(
      kept.map(({ contact }) => (stableFraction('holdout', 'calls', contact!.id) < 0.5 ? 'holdout' : 'done')),
    );
    expect(new Set(kept.map(({ calls }) => calls[0]!.status)).size).toBe(2);
    expect(kept.map(({ contact }) => contact!.attributes['told'])).toEqual(users.map(() => 'yes'));
  });
});

test('webhooks that lead to one another by events are stopped like any circle', async () => {
  const source =
    'scenario: round\ntrigger: { event: Ping }\nreentry: always\nsteps: { tell: { webhook: { url: "https://crm.example" } }, again: { emit: { event: Ping } } }';
  const run = new MemoryRun(library([source]), START);
  await run.track('ada', 'Ping');
  await run.settleInstant();
  const { enrollments, calls } = await run.of('ada');
  expect(enrollments.filter(({ status }) => status === 'stopped')).toHaveLength(1);
  expect(calls.length).toBeLessThan(25);
});

describe('statements of a tick with calls', () => {
  async function statements(count: number): Promise<number[]> {
    await forgetContacts(db.database);
    const run = new PostgresRun(db.database, library([CALLS]), START);
    run.limits = { items: 10_000, lanes: 64 };
    const users = Array.from({ length: count }, (_, n) => `user-${n}`);
    for (const user of users) await run.track(user, 'Begun');
    const counts: number[] = [];
    const tick = async (): Promise<void> => {
      const before = db.database.statements;
      expect(await run.tick()).toBe(count);
      counts.push(db.database.statements - before);
    };
    await tick();
    run.clock.moveTo(START + HOUR);
    await tick();
    for (const user of users) await run.track(user, 'Left');
    await tick();
    return counts;
  }

  test('do not depend on how many calls are planned or cancelled', async () => {
    expect(await statements(500)).toEqual(await statements(1));
  }, 60_000);
});
