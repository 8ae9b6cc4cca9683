import { compileScenario, libraryOf, type Library, type StepMap } from '../../src/scenarios/index.ts';
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

  describe('with a map', () => {
    const PAUSE = 'pause: { wait: 3d }';

    async function migrate(run: EngineRun, map: StepMap, ...steps: string[]): Promise<void> {
      run.library = versions(...steps);
      await run.replace('ada', 'migrate', steps.length, 'trial', map);
      await run.settleInstant();
    }

    // Taken over two hours after the entry, at 10:00 in Paris on 2 March 2026.
    test.each([
      ['a duration', PAUSE, 'wait: 5d', 5 * DAY],
      ['a duration that is past', PAUSE, 'wait: 1h', 2 * HOUR],
      ['a time of day', PAUSE, 'wait: { until: { time: "11:00" } }', 2 * HOUR],
      ['a time of day to come', PAUSE, 'wait: { until: { time: "18:00" } }', 8 * HOUR],
      [
        'a timeout',
        'pause: { waitFor: { event: Bought }, timeout: 1d, onTimeout: end }',
        'waitFor: { event: Sold }, timeout: 4d, onTimeout: end',
        4 * DAY,
      ],
      ['days over the clock change, which are an hour shorter', PAUSE, 'wait: 4w', 28 * DAY - HOUR],
    ])('a step of the same kind counts %s from when the old one was entered', async (_what, before, step, due) => {
      const run = await inside(before);
      const rest = `rest: { ${step} }, more: { wait: 1y }`;
      await migrate(run, { pause: 'rest' }, before, rest);
      const [moved] = (await run.of('ada')).enrollments;
      const past = due === 2 * HOUR;
      expect(moved).toMatchObject({
        scenarioVersion: 2,
        status: 'waiting',
        state: { value: past ? 'more' : 'rest' },
        stepEnteredAt: past ? START + due : START,
      });
      if (!past) expect(moved!.dueAt).toBe(START + due);
    });

    test('whoever waits for a message keeps it, and its outcome moves them on from the step of the new name', async () => {
      const run = await inside(MAIL);
      const greet = 'greet: { send: { channel: email, template: a }, onBlocked: end }, mark: { set: { new: true } }';
      await migrate(run, { hello: 'greet' }, MAIL, greet);
      expect(await run.of('ada')).toMatchObject({
        enrollments: [{ scenarioVersion: 2, state: { value: 'greet' }, stepEnteredAt: START }],
        messages: [{ status: 'held', step: 'hello' }],
      });
      // Renamed once more on the way.
      await migrate(run, { greet: 'salute' }, MAIL, greet, greet.replace('greet', 'salute'));
      await run.runUntil(START + DAY);
      expect(await run.of('ada')).toMatchObject({
        enrollments: [{ scenarioVersion: 3, status: 'completed' }],
        messages: [{ status: 'sent' }],
        contact: { attributes: { new: true } },
      });
    });

    test('a goal that is only recorded on the way does not make the awaited message unknown', async () => {
      const goal = '\ngoal: { event: Bought, stay: true }';
      const run = await inside(MAIL);
      const greet = 'greet: { send: { channel: email, template: a } }, mark: { set: { new: true } }';
      run.library = versions(MAIL, `${greet} }${goal}\nexit: [{ event: Left }] #`);
      await run.replace('ada', 'migrate', 2, 'trial', { hello: 'greet' });
      await run.settleInstant();
      await run.track('ada', 'Bought');
      await run.runUntil(START + DAY);
      expect(await run.of('ada')).toMatchObject({
        enrollments: [{ status: 'completed', convertedAt: START + 2 * HOUR }],
        contact: { attributes: { new: true } },
      });
    });

    test('a step of another kind is entered now: its message is planned', async () => {
      const run = await inside(PAUSE);
      await migrate(run, { pause: 'greet' }, PAUSE, 'greet: { send: { channel: email, template: a } }');
      expect(await run.of('ada')).toMatchObject({
        enrollments: [
          {
            scenarioVersion: 2,
            status: 'active',
            state: { value: 'greet' },
            stepEnteredAt: START + 2 * HOUR,
            dueAt: null,
          },
        ],
        messages: [{ status: 'held', step: 'greet', scenarioVersion: 2, plannedAt: START + 2 * HOUR }],
      });
      await run.runUntil(START + DAY);
      expect(await run.of('ada')).toMatchObject({
        enrollments: [{ status: 'completed' }],
        messages: [{ status: 'sent' }],
      });
    });

    test('what was waited for in a step of another kind is cancelled, and a wait counts from now', async () => {
      const run = await inside(MAIL);
      await migrate(run, { hello: 'rest' }, MAIL, 'first: { wait: 1d }, rest: { wait: 1d }');
      expect(await run.of('ada')).toMatchObject({
        enrollments: [
          {
            scenarioVersion: 2,
            status: 'waiting',
            state: { value: 'rest' },
            stepEnteredAt: START + 2 * HOUR,
            dueAt: START + 2 * HOUR + DAY,
          },
        ],
        messages: [{ status: 'cancelled', reason: 'replaced by version 2', countedAt: null }],
      });
    });

    test('a step that rests nowhere is passed through at once, with what it does', async () => {
      const run = await inside(PAUSE);
      await migrate(run, { pause: 'mark' }, PAUSE, 'mark: { set: { new: true } }, rest: { wait: 1d }');
      expect(await run.of('ada')).toMatchObject({
        enrollments: [{ state: { value: 'rest', context: {} }, dueAt: START + 2 * HOUR + DAY }],
        contact: { attributes: { new: true } },
      });
    });

    test('a step without a place in the new version stops its people', async () => {
      const run = await inside(PAUSE);
      await migrate(run, { pause: null }, PAUSE, PAUSE);
      expect((await run.of('ada')).enrollments).toMatchObject([
        { scenarioVersion: 1, status: 'stopped', reason: 'replaced by version 2' },
      ]);
    });

    test('whoever moved on meanwhile to a step that no map names is stopped, and told why', async () => {
      const run = await inside('pause: { wait: 1h }, later: { wait: 3d }');
      await migrate(run, { pause: 'rest' }, 'pause: { wait: 1h }, later: { wait: 3d }', 'rest: { wait: 3d }');
      expect((await run.of('ada')).enrollments).toMatchObject([
        { status: 'stopped', reason: 'replaced by version 2, which has no wait step `later`' },
      ]);
    });
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
