import type { Library } from '../../src/scenarios/index.ts';
import { formatInstant } from '../../src/shared/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { at, DAY, HOUR, library, START } from './factories.ts';

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

const CUSTOMER = 'attribute: status, equals: customer';
const BOUGHT = 'event: Bought, within: 3d';
/** A scenario with this trigger that anyone may enter again and again, and that marks who did. */
const marks = (trigger: string, more = ''): string =>
  `trigger: { ${trigger} }\nreentry: always\n${more}steps: { mark: { set: { on: true } } }`;

describe.each(WORLDS)('audience trigger, %s', (_world, make) => {
  /** Ada is known, and so far nothing of her but where she lives. */
  async function known(scenarios: string | string[], policy = {}, timezone = 'Europe/Paris'): Promise<EngineRun> {
    const run = make(library([scenarios].flat(), policy));
    await run.identify('ada', { timezone, email: 'ada@example.com' });
    await run.consent('ada', 'granted');
    await run.settleInstant();
    return run;
  }
  /** When she entered the scenario, in the order of time. */
  const entries = async (run: EngineRun, scenarioId = 'trial'): Promise<string[]> => {
    const { enrollments } = await run.of('ada');
    const own = enrollments.filter((each) => each.scenarioId === scenarioId);
    return own.map(({ enteredAt }) => formatInstant(enteredAt)).sort();
  };
  const NOW = formatInstant(START);
  const after = (milliseconds: number): string => formatInstant(START + milliseconds);

  test('an event that completes the condition lets in at its instant, and once', async () => {
    const run = await known(marks('enters: { event: Bought, count: { gte: 2 } }'));
    await run.track('ada', 'Bought');
    await run.settleInstant();
    expect(await entries(run)).toEqual([]);
    await run.track('ada', 'Bought');
    await run.track('ada', 'Bought');
    await run.settleInstant();
    expect(await entries(run)).toEqual([NOW]);
  });

  test('a trait lets in when it becomes true, and `leaves` when it is true no more', async () => {
    const run = await known([marks(`enters: { ${CUSTOMER} }`), `scenario: gone\n${marks(`leaves: { ${CUSTOMER} }`)}`]);
    await run.identify('ada', { status: 'customer' });
    await run.settleInstant();
    await run.runUntil(START + HOUR);
    await run.identify('ada', { status: 'customer', firstName: 'Ada' });
    await run.settleInstant();
    await run.runUntil(START + 2 * HOUR);
    await run.identify('ada', { status: null });
    await run.settleInstant();
    expect([await entries(run), await entries(run, 'gone')]).toEqual([[NOW], [after(2 * HOUR)]]);
  });

  test('a `set` and an `emit` step of another scenario let in at the same instant, in the same tick', async () => {
    const run = await known([
      marks('enters: { all: [{ attribute: tier, equals: gold }, { event: Told, within: 1h }] }'),
      'scenario: other\nsteps: { gild: { set: { tier: gold } }, tell: { emit: { event: Told } } }',
    ]);
    await run.track('ada', 'Begun');
    expect(await run.tick()).toBe(1);
    expect(await entries(run)).toEqual([NOW]);
  });

  test('what it lets into may bring about the next, without going round for ever', async () => {
    const run = await known([
      `scenario: off\n${marks('enters: { attribute: on, equals: true }').replace('on: true', 'on: false')}`,
      `scenario: on\n${marks('enters: { attribute: on, equals: false }')}`,
    ]);
    await run.identify('ada', { on: true });
    await run.settleInstant();
    expect([await entries(run, 'off'), await entries(run, 'on')]).toEqual([[NOW], [NOW]]);
  });

  test('consent given and withdrawn', async () => {
    const granted = 'consent: { channel: sms, purpose: newsletter }, is: granted';
    const run = await known([marks(`enters: { ${granted} }`), `scenario: gone\n${marks(`leaves: { ${granted} }`)}`]);
    await run.consent('ada', 'granted', 'sms');
    await run.settleInstant();
    await run.runUntil(START + HOUR);
    await run.consent('ada', 'withdrawn', 'sms');
    await run.settleInstant();
    expect([await entries(run), await entries(run, 'gone')]).toEqual([[NOW], [after(HOUR)]]);
  });

  test('a message that was sent, and that it was sent long ago', async () => {
    const sent = 'message: { template: hello }, is: sent, within: 2d';
    const run = await known([
      marks(`enters: { ${sent} }`),
      `scenario: gone\n${marks(`leaves: { ${sent} }`)}`,
      'scenario: other\nsteps: { hello: { send: { channel: email, template: hello } } }',
    ]);
    await run.track('ada', 'Begun');
    await run.settleInstant();
    await run.runUntil(START + 5 * DAY);
    expect([await entries(run), await entries(run, 'gone')]).toEqual([[NOW], [after(2 * DAY)]]);
  });

  test('`within` ends to the very instant, in the steps of the calendar', async () => {
    const run = await known(marks(`leaves: { ${BOUGHT} }`));
    await run.runUntil(at('2026-03-27T10:00:00+01:00'));
    await run.track('ada', 'Bought');
    await run.settleInstant();
    // The clocks go forward on the 29th: three days are an hour shorter.
    await run.runUntil(at('2026-03-30T10:00:00+02:00'));
    expect(await entries(run)).toEqual([]);
    await run.settleInstant();
    expect(await entries(run)).toEqual(['2026-03-30T08:00:00.000Z']);
    await run.runUntil(at('2026-05-01T00:00:00Z'));
    expect(await entries(run)).toHaveLength(1);
  });

  test('an event meanwhile puts the end off', async () => {
    const run = await known(marks(`leaves: { ${BOUGHT} }`));
    await run.track('ada', 'Bought');
    await run.settleInstant();
    await run.runUntil(START + 2 * DAY);
    await run.track('ada', 'Bought');
    await run.settleInstant();
    await run.runUntil(START + 10 * DAY);
    expect(await entries(run)).toEqual([after(5 * DAY)]);
  });

  test.each([
    ['Europe/Paris', '2026-03-30T22:00:00.000Z'],
    ['America/New_York', '2026-03-31T04:00:00.000Z'],
  ])('`daysSince` becomes true at midnight in %s, also after the clocks changed', async (timezone, expected) => {
    const run = await known(marks('enters: { daysSince: lastOrderAt, gte: 29 }'), {}, timezone);
    await run.identify('ada', { lastOrderAt: '2026-03-02T12:00:00Z' });
    await run.settleInstant();
    await run.runUntil(at('2026-06-01T00:00:00Z'));
    expect(await entries(run)).toEqual([expected]);
  });

  test('whoever moves to another clock is looked at by that', async () => {
    const run = await known(marks('enters: { daysSince: day, gte: 1 }'));
    await run.identify('ada', { day: '2026-03-02' });
    await run.settleInstant();
    await run.identify('ada', { timezone: 'Asia/Tokyo' });
    await run.settleInstant();
    await run.runUntil(START + 10 * DAY);
    expect(await entries(run)).toEqual(['2026-03-02T15:00:00.000Z']);
  });

  test('a schedule that a move to another clock brings into the past does not make forgotten what came since', async () => {
    const daily =
      'scenario: daily\ntrigger: { rrule: FREQ=DAILY, at: "09:00" }\nsteps: { mark: { set: { seen: true } } }';
    const run = await known([marks('enters: { event: Bought }'), daily]);
    await run.runUntil(START + 13 * HOUR);
    await run.track('ada', 'Bought');
    await run.settleInstant();
    await run.identify('ada', { timezone: 'America/New_York' });
    await run.settleInstant();
    expect((await run.of('ada')).enrollments.map(({ scenarioId }) => scenarioId).sort()).toEqual(['daily', 'trial']);
    const { watches } = await run.of('ada');
    expect(watches.find(({ scenarioId }) => scenarioId === 'trial')!.fired).toEqual({ inside: true });
  });

  test('whoever is new begins outside, and enters by the first that is heard', async () => {
    const run = make(library([marks('enters: { attribute: country, equals: FR }')]));
    await run.identify('ada', { country: 'FR' });
    await run.settleInstant();
    expect(await entries(run)).toEqual([NOW]);
  });

  test('whoever is inside already at the publication does not enter, and whoever left and comes back does', async () => {
    const run = await known([]);
    await run.identify('ada', { status: 'customer' });
    await run.settleInstant();
    await run.runUntil(START + HOUR);
    run.library = library([marks(`enters: { ${CUSTOMER} }`)]);
    await run.watchAgain('trial');
    await run.settleInstant();
    expect(await entries(run)).toEqual([]);
    await run.identify('ada', { status: 'prospect' });
    await run.identify('ada', { status: 'customer' });
    await run.settleInstant();
    expect(await entries(run)).toEqual([after(HOUR)]);
  });

  test('what happens at the very instant of the publication is a change', async () => {
    const run = await known([]);
    run.library = library([marks(`enters: { ${BOUGHT} }`)]);
    await run.watchAgain('trial');
    await run.track('ada', 'Bought');
    await run.settleInstant();
    expect(await entries(run)).toEqual([NOW]);
  });

  test('a condition published anew is looked at anew, and lets nobody in by that', async () => {
    const run = await known(marks(`enters: { ${CUSTOMER} }`));
    run.library = library([marks('enters: { attribute: email, exists: true }')]);
    await run.watchAgain('trial');
    await run.settleInstant();
    await run.runUntil(START + 10 * DAY);
    expect(await entries(run)).toEqual([]);
    expect((await run.of('ada')).watches).toMatchObject([{ dueAt: null, fired: { inside: true } }]);
  });

  test('after an outage a change and its reversal are two, in one tick', async () => {
    const run = await known([marks(`enters: { ${CUSTOMER} }`), `scenario: gone\n${marks(`leaves: { ${CUSTOMER} }`)}`]);
    for (const status of ['customer', 'prospect', 'customer']) {
      run.clock.moveTo(run.clock.now() + HOUR);
      await run.identify('ada', { status });
    }
    run.clock.moveTo(START + 5 * HOUR);
    expect(await run.tick()).toBeGreaterThan(0);
    const { enrollments } = await run.of('ada');
    expect(enrollments.map(({ scenarioId }) => scenarioId).sort()).toEqual(['gone', 'trial', 'trial']);
  });

  test('after an outage what time has done is caught up with, late', async () => {
    const run = await known([marks(`enters: { ${BOUGHT} }`), `scenario: gone\n${marks(`leaves: { ${BOUGHT} }`)}`]);
    await run.track('ada', 'Bought');
    await run.settleInstant();
    run.clock.moveTo(START + 4 * DAY);
    await run.track('ada', 'Bought');
    run.clock.moveTo(START + 5 * DAY);
    await run.settleInstant();
    await run.runUntil(START + 20 * DAY);
    expect(await entries(run)).toEqual([NOW, after(5 * DAY)]);
    expect(await entries(run, 'gone')).toEqual([after(5 * DAY), after(7 * DAY)]);
  });

  test('a late event counts, is noted, and lets nobody in', async () => {
    const run = await known(marks('enters: { event: Bought }'));
    await run.track('ada', 'Bought', {}, { historical: true });
    await run.settleInstant();
    await run.runUntil(START + HOUR);
    await run.track('ada', 'Bought');
    await run.settleInstant();
    const { watches } = await run.of('ada');
    expect([await entries(run), watches[0]!.fired]).toEqual([[], { inside: true }]);
  });

  test('a late event does not cover up what else has changed by then', async () => {
    const run = await known(marks('enters: { any: [{ daysSince: day, gte: 1 }, { event: Bought }] }'));
    await run.identify('ada', { day: '2026-03-02' });
    await run.settleInstant();
    run.clock.moveTo(at('2026-03-03T00:00:00+01:00'));
    await run.track('ada', 'Bought', {}, { historical: true });
    await run.settleInstant();
    expect(await entries(run)).toEqual(['2026-03-02T23:00:00.000Z']);
  });

  test('an event dated ahead counts when its time has come', async () => {
    const run = await known(marks('enters: { event: Bought }'));
    await run.track('ada', 'Bought', {}, { at: START + HOUR });
    await run.settleInstant();
    await run.runUntil(START + DAY);
    expect(await entries(run)).toEqual([after(HOUR)]);
  });

  test('a named audience is that of the policy in force', async () => {
    const scenario = marks('enters: { audience: vip }');
    const run = await known(scenario, { audiences: { vip: { attribute: 'status', equals: 'vip' } } });
    await run.identify('ada', { status: 'customer' });
    await run.settleInstant();
    expect(await entries(run)).toEqual([]);
    run.library = library([scenario], { audiences: { vip: { event: 'Bought' } } });
    await run.track('ada', 'Bought');
    await run.settleInstant();
    expect(await entries(run)).toEqual([NOW]);
  });

  test('re-entry, audience and holdout are those of any scenario', async () => {
    const send = 'steps: { hello: { send: { channel: email, template: a } } }';
    const run = await known([
      `trigger: { enters: { ${CUSTOMER} } }\n${send}`,
      `scenario: filtered\ntrigger: { enters: { ${CUSTOMER} } }\naudience: { attribute: country, equals: FR }\n${send}`,
      `scenario: later\ntrigger: { enters: { ${CUSTOMER} } }\nreentry: { after: 1d }\nholdout: 100%\n${send}`,
    ]);
    for (const status of ['customer', 'prospect', 'customer', 'prospect']) {
      await run.identify('ada', { status });
      await run.settleInstant();
      await run.runUntil(run.clock.now() + HOUR);
    }
    await run.runUntil(START + 2 * DAY);
    await run.identify('ada', { status: 'customer' });
    await run.settleInstant();
    expect(await entries(run)).toEqual([NOW]);
    expect(await entries(run, 'filtered')).toEqual([]);
    expect(await entries(run, 'later')).toEqual([NOW, after(2 * DAY)]);
    const { messages } = await run.of('ada');
    expect(messages.map(({ scenarioId, status }) => `${scenarioId} ${status}`).sort()).toEqual([
      'later holdout',
      'later holdout',
      'trial sent',
    ]);
  });
});
