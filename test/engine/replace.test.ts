import { compileScenario, libraryOf, type Library } from '../../src/scenarios/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { scenario } from '../scenarios/journey.ts';
import { DAY, HOUR, library, START } from './factories.ts';

const NIGHT = { quietHours: [{ channels: ['email'], allow: 'Mon-Sun 13:00-20:00' }] };
const MAIL = 'hello: { send: { channel: email, template: a } }';

/** Versions 1, 2, … of one scenario, the last one live. */
function versions(...steps: string[]): Library {
  const all = steps.map((each, index) => compileScenario(scenario(`steps: { ${each} }`), index + 1));
  const find = (id: string, version: number) => all.find((each) => each.id === id && each.version === version);
  return libraryOf({ ...library([all.at(-1)!], NIGHT), scenario: find });
}

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());

const worlds: [string, (lib: Library) => EngineRun][] = [
  ['memory', (lib) => new MemoryRun(lib, START)],
  ['PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
];

describe.each(worlds)('people in flight at a publication, in %s', (_name, begin) => {
  beforeEach(() => forgetContacts(db.database));

  /** Ada is inside version 1 of the scenario, two hours after the entry. */
  async function inside(steps: string): Promise<EngineRun> {
    const run = begin(versions(steps));
    await run.identify('ada', { email: 'ada@example.com', country: 'FR' });
    await run.consent('ada', 'granted');
    await run.track('ada', 'Begun', { n: 1 });
    await run.settleInstant();
    await run.runUntil(START + 2 * HOUR);
    return run;
  }

  async function publish(run: EngineRun, inFlight: 'migrate' | 'stop', ...steps: string[]): Promise<void> {
    run.library = versions(...steps);
    await run.replace('ada', inFlight, steps.length);
    await run.settleInstant();
  }

  test('D8: without a word they finish in the version of the entry', async () => {
    const run = await inside('pause: { wait: 3d }');
    run.library = versions('pause: { wait: 3d }', 'pause: { wait: 5d }');
    await run.runUntil(START + 3 * DAY + 1);
    expect((await run.of('ada')).enrollments).toMatchObject([{ scenarioVersion: 1, status: 'completed' }]);
  });

  test('migrate: the same step of the new version, its timer counted from when the step was entered', async () => {
    const run = await inside('pause: { wait: 3d }');
    await publish(run, 'migrate', 'pause: { wait: 3d }', 'pause: { wait: 5d }, mark: { set: { from: "{{event.n}}" } }');
    expect((await run.of('ada')).enrollments).toMatchObject([
      { scenarioVersion: 2, status: 'waiting', stepEnteredAt: START, dueAt: START + 5 * DAY, enteredAt: START },
    ]);
    await run.runUntil(START + 5 * DAY + 1);
    const { enrollments, contact } = await run.of('ada');
    expect(enrollments).toMatchObject([{ scenarioVersion: 2, status: 'completed', endedAt: START + 5 * DAY }]);
    expect(contact!.attributes).toEqual({ from: 1 });
  });

  test('migrate: a timer that is past then is due at once', async () => {
    const run = await inside('pause: { wait: 3d }');
    await publish(run, 'migrate', 'pause: { wait: 3d }', 'pause: { wait: 1h }, more: { wait: 1h }');
    expect((await run.of('ada')).enrollments).toMatchObject([
      { scenarioVersion: 2, state: { value: 'more' }, stepEnteredAt: START + 2 * HOUR, dueAt: START + 3 * HOUR },
    ]);
  });

  test('migrate: conditions of the new version know the past that the old one did not ask for', async () => {
    const run = await inside('pause: { wait: 3d }');
    await run.track('ada', 'Bought');
    await run.settleInstant();
    const asks = 'asks: { choose: [{ when: { event: Bought }, next: mark }, { otherwise: end }] }';
    await run.replace('ada', 'migrate', 2);
    run.library = versions('pause: { wait: 3d }', `pause: { wait: 1h }, ${asks}, mark: { set: { bought: true } }`);
    await run.settleInstant();
    expect((await run.of('ada')).contact!.attributes).toEqual({ bought: true });
  });

  test.each([
    ['is gone', 'rest: { wait: 3d }'],
    ['is of another kind', 'pause: { send: { channel: email, template: a } }'],
  ])('migrate: whose step %s is stopped, and told why', async (_what, steps) => {
    const run = await inside('pause: { wait: 3d }');
    await publish(run, 'migrate', 'pause: { wait: 3d }', steps);
    expect((await run.of('ada')).enrollments).toMatchObject([
      {
        scenarioVersion: 1,
        status: 'stopped',
        reason: 'replaced by version 2, which has no wait step `pause`',
        endedAt: START + 2 * HOUR,
        dueAt: null,
      },
    ]);
  });

  test('migrate: whoever waits for a held message keeps it, and goes the new way from there', async () => {
    const run = await inside(MAIL);
    await publish(run, 'migrate', MAIL, `${MAIL}, mark: { set: { new: true } }`);
    expect(await run.of('ada')).toMatchObject({
      enrollments: [{ scenarioVersion: 2, status: 'active', state: { value: 'hello' } }],
      messages: [{ status: 'held' }],
    });
    await run.runUntil(START + DAY);
    expect(await run.of('ada')).toMatchObject({
      enrollments: [{ scenarioVersion: 2, status: 'completed' }],
      messages: [{ status: 'sent' }],
      contact: { attributes: { new: true } },
    });
  });

  test('stop: the enrollment ends, and what it planned is cancelled', async () => {
    const run = await inside(MAIL);
    await publish(run, 'stop', MAIL, MAIL);
    const reason = 'replaced by version 2';
    expect(await run.of('ada')).toMatchObject({
      enrollments: [{ scenarioVersion: 1, status: 'stopped', reason }],
      messages: [{ status: 'cancelled', reason, countedAt: null }],
    });
  });

  test('stop: a retired scenario says so', async () => {
    const run = await inside('pause: { wait: 3d }');
    await run.replace('ada', 'stop', null);
    await run.settleInstant();
    expect((await run.of('ada')).enrollments).toMatchObject([{ status: 'stopped', reason: 'retired' }]);
  });

  test('whoever is in that version already, in a newer one or elsewhere is left alone', async () => {
    const run = await inside('pause: { wait: 3d }');
    for (const version of [0, 1]) await run.replace('ada', 'stop', version);
    await run.replace('ada', 'stop', 2, 'other');
    await run.settleInstant();
    expect((await run.of('ada')).enrollments).toMatchObject([{ scenarioVersion: 1, status: 'waiting' }]);
  });
});
