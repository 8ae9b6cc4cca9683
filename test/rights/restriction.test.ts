import { performance } from 'node:perf_hooks';
import { restrict } from '../../src/rights/restriction/restriction.store.ts';
import type { Library } from '../../src/scenarios/index.ts';
import { contactIdOf, type Id } from '../../src/shared/ids.ts';
import { racingMails } from '../dispatch/racing.ts';
import { FakeChannel, scene, START as NOON, stored } from '../dispatch/setting.ts';
import { DAY, HOUR, library, START } from '../engine/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { PostgresRun } from '../support/postgres-run.ts';
import { until } from '../support/until.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 12 });
});
afterAll(() => db.close());

const WORLDS: [string, (lib: Library) => EngineRun][] = [
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
];
const MAIL = 'send: { channel: email, template: a }';

async function begin(run: EngineRun, user: string): Promise<void> {
  await run.identify(user, { email: `${user}@example.com`, country: 'FR' });
  await run.consent(user, 'granted');
  await run.settleInstant();
}

describe.each(WORLDS)('L12: a restricted contact (%s)', (world, make) => {
  const named = (name: string): string => `${name}-${world.replaceAll(' ', '-')}`;

  test('is not moved on by a timer, an event or a watch, and goes on at the lift', async () => {
    const ada = named('ada');
    const run = make(
      library([
        `scenario: waiting\ntrigger: { event: Begun }\nsteps: { pause: { wait: 2d }, mail: { ${MAIL} } }`,
        `scenario: idle\ntrigger: { inactivity: 3d, activity: [Bought] }\nsteps: { mail: { ${MAIL} } }`,
        `scenario: asked\ntrigger: { event: Asked }\nsteps: { mail: { ${MAIL} } }`,
        `scenario: rich\ntrigger: { enters: { attribute: tier, equals: gold } }\nsteps: { mail: { ${MAIL} } }`,
      ]),
    );
    await begin(run, ada);
    await run.track(ada, 'Begun');
    await run.settleInstant();
    await run.runUntil(START + DAY);
    await run.restrict(ada);
    await run.track(ada, 'Asked');
    await run.identify(ada, { tier: 'gold' });
    await run.runUntil(START + 20 * DAY);
    await run.settleInstant();
    const frozen = await run.of(ada);
    expect(frozen.messages).toEqual([]);
    expect(frozen.enrollments).toMatchObject([{ scenarioId: 'waiting', status: 'waiting' }]);
    expect(frozen.contact?.attributes).toEqual({});
    expect(await run.world.nextDue()).toBeNull();

    await run.lift(ada);
    await run.settleInstant();
    const { messages, enrollments, contact } = await run.of(ada);
    expect(contact?.attributes).toEqual({ tier: 'gold' });
    expect(enrollments.map(({ scenarioId }) => scenarioId).sort()).toEqual(['asked', 'idle', 'rich', 'waiting']);
    expect(messages.map(({ status, settledAt }) => [status, settledAt])).toEqual(
      Array.from({ length: 4 }, () => ['sent', START + 20 * DAY]),
    );
  });

  test('D5: what arrived meanwhile goes before what fell due: an order keeps the reminder back', async () => {
    const bob = named('bob');
    const run = make(
      library([
        `scenario: reminder\ntrigger: { event: Begun }\nexit: [{ event: Bought }]\nsteps: { pause: { wait: 2d }, mail: { ${MAIL} } }`,
      ]),
    );
    await begin(run, bob);
    await run.track(bob, 'Begun');
    await run.settleInstant();
    await run.restrict(bob);
    await run.runUntil(START + 5 * DAY);
    await run.track(bob, 'Bought');
    await run.runUntil(START + 6 * DAY);
    await run.lift(bob);
    await run.settleInstant();
    expect(await run.of(bob)).toMatchObject({ enrollments: [{ status: 'exited' }], messages: [] });
  });

  test('a held message waits for the lift, and is expired by then when its time has run out', async () => {
    const cyd = named('cyd');
    const run = make(
      library(
        [
          `scenario: short\ntrigger: { event: Begun }\nsteps: { mail: { send: { channel: email, template: a, expires: 3d } } }`,
          `scenario: long\ntrigger: { event: Begun }\nsteps: { mail: { send: { channel: email, template: b, expires: 30d } } }`,
        ],
        { quietHours: [{ channels: ['email'], allow: 'Mon-Sun 12:00-20:00' }] },
      ),
    );
    await begin(run, cyd);
    await run.track(cyd, 'Begun');
    await run.settleInstant();
    expect((await run.of(cyd)).messages).toMatchObject([{ status: 'held' }, { status: 'held' }]);
    await run.restrict(cyd);
    await run.runUntil(START + 10 * DAY + 4 * HOUR);
    await run.lift(cyd);
    await run.settleInstant();
    const { messages } = await run.of(cyd);
    expect(messages.map(({ template, status }) => `${template} ${status}`).sort()).toEqual(['a expired', 'b sent']);
  });

  test('that is restricted again before the engine took note of the lift stays so, and is lifted once', async () => {
    const dan = named('dan');
    const run = make(library([`scenario: asked\ntrigger: { event: Asked }\nsteps: { mail: { ${MAIL} } }`]));
    await begin(run, dan);
    await run.restrict(dan);
    await run.track(dan, 'Asked');
    await run.lift(dan);
    await run.restrict(dan);
    await run.settleInstant();
    expect((await run.of(dan)).messages).toEqual([]);
    await run.lift(dan);
    await run.lift(dan);
    await run.settleInstant();
    expect((await run.of(dan)).messages).toMatchObject([{ status: 'sent' }]);
  });
});

test('L12: a lift whose arrivals take several ticks does nothing of the clock before the last of them (D2)', async () => {
  const run = new PostgresRun(
    db.database,
    library([
      `scenario: reminder\ntrigger: { event: Begun }\nexit: [{ event: Bought }]\nsteps: { pause: { wait: 2d }, mail: { ${MAIL} } }`,
    ]),
    START,
  );
  run.limits = { items: 1, lanes: 64 };
  await begin(run, 'eve');
  await run.track('eve', 'Begun');
  await run.settleInstant();
  await run.restrict('eve');
  await run.runUntil(START + 5 * DAY);
  for (let count = 0; count < 5; count++) await run.track('eve', 'Looked');
  await run.track('eve', 'Bought');
  await run.lift('eve');
  await run.settleInstant();
  expect(await run.of('eve')).toMatchObject({ enrollments: [{ status: 'exited' }], messages: [] });
  expect(await db.dataSource.query('SELECT FROM restriction')).toEqual([]);
});

test('D4, L12: nothing is handed over once a restriction has committed, whatever the race; what was ready is held', async () => {
  const names = Array.from({ length: 80 }, (_, index) => `racer-${index}`);
  const {
    mails,
    email,
    handedOver: endOfHandOver,
  } = await racingMails(db.database, names, 4, (messageId) => messageId.charCodeAt(9) % 7, 6);
  const race = { over: false };
  const dispatchers = Array.from({ length: 2 }, () =>
    scene(db.database, { channels: { email, sms: new FakeChannel('sms') } }),
  );
  const dispatched = Promise.all(
    dispatchers.map(async ({ dispatcher }) => {
      while ((await dispatcher.handOver(24)) > 0 || (await dispatcher.nextDue()) !== null);
      race.over = true;
    }),
  );
  const committed = new Map<Id, number>();
  const leaving = names.filter((_, index) => index % 5 !== 0).map(contactIdOf);
  while (!race.over && leaving.length > 0) {
    const contactId = leaving.pop()!;
    // In step with the dispatchers, however fast this machine is: nobody wins the race before it has begun.
    await until(() => race.over || endOfHandOver.size >= 2 * committed.size, { every: 1 });
    await db.database.transaction((sql) => restrict(sql, contactId, NOON));
    committed.set(contactId, performance.now());
  }
  await dispatched;

  const after = await stored(db.database);
  let handedBefore = 0;
  let held = 0;
  for (const { id, contactId } of mails) {
    const { status, countedAt } = after.get(id)!;
    const end = endOfHandOver.get(id);
    expect(status).toBe(end === undefined ? 'held' : 'sent');
    const since = committed.get(contactId);
    if (since === undefined) expect(status).toBe('sent');
    else if (end === undefined) {
      // Its room is given back.
      expect(countedAt).toBeNull();
      held += 1;
    } else {
      expect(end).toBeLessThan(since);
      handedBefore += 1;
    }
  }
  expect(handedBefore).toBeGreaterThan(10);
  expect(held).toBeGreaterThan(10);
});
