import { compileScenario, libraryOf, type Library } from '../../src/scenarios/index.ts';
import { compiled, scenario } from '../scenarios/journey.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { DAY, HOUR, library, START } from './factories.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());
beforeEach(() => forgetContacts(db.database));

const WORLDS: [string, (lib: Library) => EngineRun][] = [
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
];

describe.each(WORLDS)('%s', (_world, make) => {
  async function known(...scenarios: string[]): Promise<EngineRun> {
    const run = make(library(scenarios));
    await run.identify('ada', { email: 'ada@example.com', country: 'FR', trail: '' });
    await run.consent('ada', 'granted');
    await run.settleInstant();
    return run;
  }
  const statuses = async (run: EngineRun): Promise<string[]> =>
    (await run.of('ada')).enrollments.map(({ scenarioId, status }) => `${scenarioId} ${status}`).sort();
  const trail = async (run: EngineRun): Promise<unknown> => (await run.of('ada')).contact!.attributes['trail'];

  test('emit: the event lets in, ends a wait and exits at the same instant, with its placeholders filled in', async () => {
    const run = await known(
      'scenario: from\nsteps: { tell: { emit: { event: Told, properties: { sum: "{{event.total}}", of: "{{contact.email}}", say: "hi {{contact.country}}" } } }, pause: { wait: 1d } }',
      'scenario: into\ntrigger: { event: Told, where: { property: sum, gte: 20 } }\nsteps: { mark: { set: { sum: "{{event.sum}}", of: "{{event.of}}", say: "{{event.say}}" } }, pause: { wait: 1d } }',
      'scenario: waits\ntrigger: { event: Before }\nsteps: { for: { waitFor: { event: Told }, timeout: 9d, onTimeout: end }, mark: { set: { heard: true } } }',
      'scenario: leaves\ntrigger: { event: Before }\nexit: [{ event: Told }]\nsteps: { pause: { wait: 9d } }',
    );
    await run.track('ada', 'Before');
    await run.settleInstant();
    run.clock.moveTo(START + HOUR);
    await run.track('ada', 'Begun', { total: 25 });
    await run.settleInstant();
    expect(await statuses(run)).toEqual(['from waiting', 'into waiting', 'leaves exited', 'waits completed']);
    const { contact, enrollments } = await run.of('ada');
    expect(contact!.attributes).toMatchObject({ sum: 25, of: 'ada@example.com', say: 'hi FR', heard: true });
    expect(enrollments.find(({ scenarioId }) => scenarioId === 'into')).toMatchObject({
      enteredAt: START + HOUR,
      entry: { name: 'Told', at: START + HOUR },
    });
  });

  test('emit: the event is history for conditions of later ticks, and is activity', async () => {
    const run = await known(
      'scenario: from\nsteps: { tell: { emit: { event: Told } }, pause: { wait: 2d }, ask: { choose: [{ when: { event: Told, within: 3d }, next: yes-it }, { otherwise: end }] }, yes-it: { set: { told: true } } }',
      'scenario: idle\ntrigger: { inactivity: 5d, activity: [Told] }\nsteps: { pause: { wait: 1d } }',
    );
    await run.runUntil(START + DAY);
    await run.track('ada', 'Begun');
    await run.settleInstant();
    await run.runUntil(START + 6 * DAY);
    expect((await run.of('ada')).contact!.attributes).toMatchObject({ told: true });
    expect(await statuses(run)).toEqual(['from completed']);
    await run.runUntil(START + 6 * DAY + 1);
    expect(await statuses(run)).toEqual(['from completed', 'idle waiting']);
  });

  test('D5: what an event led to comes before the next event, however a tick is cut', async () => {
    const say = (what: string): string => `set: { trail: "{{contact.trail}} ${what}{{event.n}}" }`;
    const lib = [
      `scenario: first\nreentry: always\nsteps: { say: { ${say('first')} }, tell: { emit: { event: Told, properties: { n: "{{event.n}}" } } }, again: { emit: { event: Told, properties: { n: "{{event.n}}b" } } } }`,
      `scenario: second\ntrigger: { event: Told }\nreentry: always\nsteps: { say: { ${say('second')} }, to: { enrol: { scenario: third } } }`,
      `scenario: third\ntrigger: { manual: true }\nreentry: always\nsteps: { say: { ${say('third')} } }`,
    ];
    for (const items of [1, 1_000]) {
      const run = await known(...lib);
      run.limits = { items, lanes: items === 1 ? 1 : 64 };
      await run.track('ada', 'Begun', { n: 1 });
      await run.track('ada', 'Begun', { n: 2 });
      await run.settleInstant();
      expect(await trail(run)).toBe(' first1 second1 second1b third1 third1b first2 second2 second2b third2 third2b');
      await forgetContacts(db.database);
    }
  });

  test('enrol: the other scenario decides by its audience, re-entry and key, and sees what let the contact in here', async () => {
    const enters = (name: string): string => `${name}: { enrol: { scenario: ${name} } }`;
    const run = await known(
      `scenario: from\nreentry: always\nsteps: { ${['open', 'closed', 'keyed', 'missing'].map(enters).join(', ')} }`,
      'scenario: open\ntrigger: { manual: true }\nsteps: { mark: { set: { order: "{{event.order}}" } }, pause: { wait: 1d } }',
      'scenario: closed\ntrigger: { manual: true }\naudience: { attribute: country, equals: BE }\nsteps: { pause: { wait: 1d } }',
      'scenario: keyed\ntrigger: { manual: true }\nkey: properties.order\nsteps: { pause: { wait: 1d } }',
    );
    await run.track('ada', 'Begun', { order: 'A7' });
    await run.settleInstant();
    await run.track('ada', 'Begun', { order: 'A8' });
    await run.settleInstant();
    expect(await statuses(run)).toEqual([
      'from completed',
      'from completed',
      'keyed waiting',
      'keyed waiting',
      'open waiting',
    ]);
    expect((await run.of('ada')).contact!.attributes['order']).toBe('A7');
  });

  test('enrol: whoever has been in a scenario that never takes anybody back stays out', async () => {
    const run = await known(
      'scenario: from\nreentry: always\nsteps: { to: { enrol: { scenario: once } } }',
      'scenario: once\ntrigger: { manual: true }\nsteps: { mark: { set: { count: 1 } } }',
    );
    for (let day = 0; day < 3; day++) {
      run.clock.moveTo(START + day * DAY);
      await run.track('ada', 'Begun');
      await run.settleInstant();
    }
    expect(await statuses(run)).toEqual(['from completed', 'from completed', 'from completed', 'once completed']);
  });

  test('whoever is inside an old version is led by that version, and by the re-entry rules of where it leads', async () => {
    const told = compiled('scenario: told\ntrigger: { event: Told }\nsteps: { mark: { set: { done: true } } }');
    const steps = 'steps: { pause: { wait: 1d }, tell: { emit: { event: Told } } }';
    const old = compileScenario(scenario(`scenario: from\nreentry: always\n${steps}`), 1);
    const now = compileScenario(scenario('scenario: from\nreentry: always\nsteps: { pause: { wait: 2d } }'), 2);
    const before = library([old, told]);
    const run = make(before);
    await run.identify('ada', {});
    await run.track('ada', 'Begun');
    await run.track('ada', 'Told');
    await run.settleInstant();
    run.library = libraryOf({
      ...before,
      live: [now, told],
      scenario: (id, version) => (id === 'told' ? told : version === 1 ? old : now),
    });
    await run.runUntil(START + 2 * DAY);
    expect(await statuses(run)).toEqual(['from completed', 'told completed']);
  });

  test.each([
    [
      'emit at each other',
      [
        'scenario: ping\ntrigger: { event: Begun }\nreentry: always\nsteps: { to: { emit: { event: Pong } } }',
        'scenario: pong\ntrigger: { event: Pong }\nreentry: always\nsteps: { to: { emit: { event: Begun } } }',
      ],
    ],
    [
      'enter each other',
      [
        'scenario: ping\nreentry: always\nsteps: { to: { enrol: { scenario: pong } } }',
        'scenario: pong\ntrigger: { manual: true }\nreentry: always\nsteps: { to: { enrol: { scenario: ping } } }',
      ],
    ],
    [
      'lead to each other by way of messages',
      [
        'scenario: ping\ntrigger: { event: Begun }\nreentry: always\nsteps: { hello: { send: { channel: email, template: a, category: transactional } }, to: { emit: { event: Pong } } }',
        'scenario: pong\ntrigger: { event: Pong }\nreentry: always\nsteps: { hello: { send: { channel: email, template: b, category: transactional } }, to: { emit: { event: Begun } } }',
      ],
    ],
    [
      'ask each other, one by an event and one by name,',
      [
        'scenario: ping\ntrigger: { event: Begun }\nreentry: always\nsteps: { to: { enrol: { scenario: pong } } }',
        'scenario: pong\ntrigger: { manual: true }\nreentry: always\nsteps: { to: { emit: { event: Begun } } }',
      ],
    ],
  ])('two scenarios that %s without a wait are stopped with a clear reason', async (_what, scenarios) => {
    const run = await known(...scenarios);
    await run.track('ada', 'Begun');
    await run.settleInstant();
    const { enrollments } = await run.of('ada');
    expect(enrollments).toHaveLength(21);
    expect(enrollments.filter(({ status }) => status === 'stopped')).toMatchObject([
      { reason: 'runaway: more than 20 emit or enrol steps in a row without a wait', endedAt: START, dueAt: null },
    ]);
  });

  test('scenarios that make two of each event are stopped before there are millions', async () => {
    const run = await known(
      'reentry: always\nsteps: { one: { emit: { event: Begun } }, two: { emit: { event: Begun } } }',
    );
    await run.track('ada', 'Begun');
    await run.settleInstant();
    const { enrollments } = await run.of('ada');
    expect(enrollments.length).toBeLessThanOrEqual(201);
    expect(enrollments.map(({ reason }) => reason)).toContain(
      'runaway: more than 200 emit or enrol steps at one instant',
    );
  });

  test('a scenario that enters itself twice is stopped before there are millions', async () => {
    const run = await known(
      'scenario: twice\nreentry: always\nsteps: { one: { enrol: { scenario: twice } }, two: { enrol: { scenario: twice } } }',
    );
    await run.track('ada', 'Begun');
    await run.settleInstant();
    const { enrollments } = await run.of('ada');
    expect(enrollments.length).toBeLessThanOrEqual(201);
    expect(enrollments.map(({ reason }) => reason)).toContain(
      'runaway: more than 200 emit or enrol steps at one instant',
    );
  });

  test('messages that are blocked in a circle are stopped with a clear reason, and others go on', async () => {
    const run = await known(
      'scenario: circle\nsteps: { ping: { send: { channel: sms, template: a }, onBlocked: pong }, pong: { send: { channel: sms, template: a }, onBlocked: ping } }',
      'scenario: good\nsteps: { mark: { set: { good: true } } }',
    );
    await run.track('ada', 'Begun');
    await run.settleInstant();
    expect(await statuses(run)).toEqual(['circle stopped', 'good completed']);
    const { enrollments } = await run.of('ada');
    expect(enrollments.find(({ scenarioId }) => scenarioId === 'circle')).toMatchObject({
      reason: 'runaway: 3 messages and calls in a row without a wait',
      endedAt: START,
      dueAt: null,
    });
  });

  test('a circle in which time passes goes on for ever', async () => {
    const run = await known('reentry: always\nsteps: { pause: { wait: 30d }, again: { emit: { event: Begun } } }');
    await run.track('ada', 'Begun');
    await run.settleInstant();
    await run.runUntil(START + 30 * 30 * DAY + 2 * DAY);
    const { enrollments } = await run.of('ada');
    expect(enrollments.map(({ status }) => status).sort()).toEqual([...Array<string>(30).fill('completed'), 'waiting']);
  });
});
