import type { Database } from '../../src/database/index.ts';
import { PostgresWorld, tick } from '../../src/engine/index.ts';
import { StaleLibrary } from '../../src/engine/tick.ts';
import type { Library } from '../../src/scenarios/index.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { DAY, HOUR, library, MINUTE, START } from './factories.ts';

let db: TestDatabase;
let database: Database;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 4 });
  ({ database } = db);
});
beforeEach(() => forgetContacts(database));
afterAll(() => db.close());

const TRACE = 'reentry: always\nsteps: { note: { set: { trail: "{{contact.trail}} {{event.n}}" } } }';
const trailOf = async (run: PostgresRun, user: string): Promise<unknown> =>
  (await run.of(user)).contact?.attributes['trail'];
const inboxSize = async (): Promise<number> =>
  (await database.run<{ size: number }>({ name: 'inbox-size', text: 'SELECT count(*) AS size FROM inbox' }))[0]!.size;

/** The first users, of `user-0`, `user-1` …, whose lane passes. */
function users(count: number, passes: (lane: number) => boolean = () => true): string[] {
  const found: string[] = [];
  for (let n = 0; found.length < count; n++) if (passes(laneOf(contactIdOf(`user-${n}`)))) found.push(`user-${n}`);
  return found;
}

describe('statements of a tick', () => {
  /** All that a tick can have to do: history, messages, activity, entries, timers, watches, judgements. */
  const everything = (): Library =>
    library([
      'scenario: asks\ntrigger: { event: Begun }\nreentry: { after: 1d }\naudience: { not: { event: Bought } }\nsteps: { hello: { send: { channel: email, template: a } }, sent: { choose: [{ when: { message: { template: a }, is: sent }, next: pause }, { otherwise: end }] }, pause: { wait: 1h } }',
      'scenario: idle\ntrigger: { inactivity: 30m, activity: [Bought, Begun] }\nsteps: { hello: { send: { channel: sms, template: a } } }',
      'scenario: born\ntrigger: { date: birthday, at: "11:00", yearly: true }\nsteps: { hello: { send: { channel: email, template: b } } }',
    ]);

  async function mostStatements(people: readonly string[]): Promise<number> {
    await forgetContacts(database);
    const run = new PostgresRun(database, everything(), START);
    run.limits = { items: 10_000, lanes: 64 };
    for (const user of people) {
      await run.identify(user, { email: `${user}@example.com`, birthday: '1990-03-02' });
      await run.track(user, 'Begun');
    }
    let most = 0;
    for (const later of [0, HOUR, 2 * HOUR]) {
      run.clock.moveTo(START + later);
      for (const user of people) await run.track(user, 'Begun');
      const before = database.statements;
      expect(await run.tick()).toBe(people.length);
      most = Math.max(most, database.statements - before);
    }
    return most;
  }

  test('do not depend on the number of contacts, and are few', async () => {
    const few = await mostStatements(users(1));
    const many = await mostStatements(users(500));
    expect(many).toBe(few);
    // Locks, claims, loads and one write a table.
    expect(many).toBeLessThanOrEqual(20);
  }, 60_000);

  test('P12: are two more where room is given back that somebody shares (who does, and to tell them), and no more where nobody does', async () => {
    const mail = 'steps: { mail: { send: { channel: email, template: a } } }';
    const lib = library(
      [
        `scenario: a\ntrigger: { event: A }\nexit: [{ event: Leave }]\n${mail}`,
        `scenario: b\ntrigger: { event: B }\n${mail}`,
      ],
      { pressure: [{ rule: 'daily', window: { rolling: '24h' }, max: 1, onBlocked: { hold: '3d' } }] },
    );
    const givingBack = async (leaves: boolean, bobs: string): Promise<number> => {
      await forgetContacts(database);
      const run = new PostgresRun(database, lib, START);
      const people = { ada: 'ada@example.com', bob: bobs, cyd: 'cyd@example.com' };
      for (const [user, email] of Object.entries(people)) {
        await run.identify(user, { email });
        await run.consent(user, 'granted');
      }
      await run.track('ada', 'A');
      await run.tick();
      await run.track('bob', 'B');
      await run.tick();
      await run.track('cyd', 'B');
      await run.track('ada', leaves ? 'Leave' : 'Nothing');
      const before = database.statements;
      await run.tick();
      return database.statements - before;
    };
    const alone = await givingBack(true, 'bob@example.com');
    expect(alone).toBe(await givingBack(false, 'bob@example.com'));
    expect(await givingBack(true, 'Ada@example.com')).toBe(alone + 2);
  });

  test('are two at rest, and one to know when to wake up', async () => {
    const run = new PostgresRun(database, everything(), START);
    const before = database.statements;
    expect(await run.tick()).toBe(0);
    expect(database.statements - before).toBe(2);
    expect(await run.world.nextDue()).toBeNull();
    expect(database.statements - before).toBe(3);
  });
});

test('the next due instant is the earliest of arrivals, timers, watches and held messages', async () => {
  const lib = library(
    [
      'scenario: a\ntrigger: { event: Wait }\nsteps: { pause: { wait: 5h } }',
      'scenario: b\ntrigger: { date: birthday, at: "14:00", yearly: true }\nsteps: { pause: { wait: 9d } }',
      'scenario: c\ntrigger: { event: Send }\nsteps: { hello: { send: { channel: email, template: a } } }',
    ],
    { quietHours: [{ channels: ['email'], allow: 'Mon-Sun 13:00-20:00' }] },
  );
  const run = new PostgresRun(database, lib, START);
  const settled = async (): Promise<number | null> => {
    await run.settleInstant();
    return run.world.nextDue();
  };
  expect(await run.world.nextDue()).toBeNull();
  await run.track('ada', 'Wait');
  expect(await run.world.nextDue()).toBe(START);
  expect(await settled()).toBe(START + 5 * HOUR);
  await run.identify('bob', { birthday: '1990-03-02', email: 'bob@example.com' });
  expect(await settled()).toBe(START + 4 * HOUR);
  await run.consent('bob', 'granted');
  await run.track('bob', 'Send');
  expect(await settled()).toBe(START + 3 * HOUR);
});

describe('lanes', () => {
  test('D5: two engines never act on one lane at once, and the second takes what the first leaves', async () => {
    const [first, second] = users(2);
    const run = new PostgresRun(database, library([TRACE]), START);
    for (const user of [first!, second!]) await run.track(user, 'Begun', { n: 1 });
    const other = new PostgresWorld(database);
    const held: string[] = [];
    await run.world.tick(START, { items: 100, lanes: 1 }, async ({ due }) => {
      held.push(...due.map(({ contactId }) => contactId));
      await other.tick(START, { items: 100, lanes: 64 }, (inner) => {
        held.push(...inner.due.map(({ contactId }) => contactId));
        return Promise.resolve([]);
      });
      // All that is due is held by one of the two.
      expect(
        await other.tick(START, { items: 100, lanes: 64 }, () => Promise.reject(new Error('a lane held twice'))),
      ).toBe(0);
      return [];
    });
    expect(held.sort()).toEqual([first, second].map((user) => contactIdOf(user!)).sort());
  });

  test('every lane has its turn, however busy the others are', async () => {
    const lib = library([TRACE]);
    const run = new PostgresRun(database, lib, START);
    run.limits = { items: 2, lanes: 2 };
    const busy = users(6, (lane) => lane < 8);
    const [quiet] = users(1, (lane) => lane === 63);
    await run.track(quiet!, 'Begun', { n: 1 });
    // Lanes that are never emptied.
    for (const user of busy) for (let n = 0; n < 60; n++) await run.track(user, 'Begun', { n });
    let ticks = 0;
    while ((await trailOf(run, quiet!)) === undefined) {
      expect(await run.tick()).toBeGreaterThan(0);
      expect(++ticks).toBeLessThanOrEqual(32);
    }
  });
});

describe('an inbox longer than a tick takes', () => {
  const limits = { items: 3, lanes: 1 };

  test('D5: keeps the order of every contact', async () => {
    const run = new PostgresRun(database, library([TRACE]), START);
    run.limits = limits;
    const [first, second] = users(2, (lane) => lane === 5);
    for (let n = 1; n <= 10; n++) for (const user of [first!, second!]) await run.track(user, 'Begun', { n });
    await run.settleInstant();
    for (const user of [first!, second!]) expect(await trailOf(run, user)).toBe(' 1 2 3 4 5 6 7 8 9 10');
  });

  test('D2, D5: a timer that was due before the last arrivals is not overtaken by them', async () => {
    const lib = library([
      'trigger: { event: Begun }\nexit: [{ event: Left }]\nsteps: { pause: { wait: 1h }, mark: { set: { waited: true } } }',
    ]);
    const run = new PostgresRun(database, lib, START);
    await run.track('ada', 'Begun');
    await run.settleInstant();
    run.limits = limits;
    // The engines are away from here on.
    run.clock.moveTo(START + 2 * HOUR);
    await run.track('ada', 'Left');
    for (let n = 0; n < 5; n++) await run.track('ada', 'Other');
    run.clock.moveTo(START + DAY);
    await run.settleInstant();
    expect(await run.of('ada')).toMatchObject({
      contact: { attributes: { waited: true } },
      enrollments: [{ status: 'completed' }],
    });
  });

  test('D2, D5: nor does it overtake arrivals of before that are still in the inbox', async () => {
    const lib = library(['exit: [{ event: Left }]\nsteps: { pause: { wait: 1h }, mark: { set: { waited: true } } }']);
    const run = new PostgresRun(database, lib, START);
    await run.track('ada', 'Begun');
    await run.settleInstant();
    run.limits = limits;
    run.clock.moveTo(START + MINUTE);
    for (let n = 0; n < 5; n++) await run.track('ada', 'Other');
    await run.track('ada', 'Left');
    run.clock.moveTo(START + DAY);
    await run.settleInstant();
    expect((await run.of('ada')).enrollments).toMatchObject([{ status: 'exited', reason: 'Left' }]);
  });

  test('does not keep timers waiting that were due before it', async () => {
    const lib = library(['trigger: { event: Begun }\nsteps: { pause: { wait: 1h }, mark: { set: { waited: true } } }']);
    const run = new PostgresRun(database, lib, START);
    const [waiting, busy] = users(2, (lane) => lane === 5);
    await run.track(waiting!, 'Begun');
    await run.settleInstant();
    run.limits = limits;
    run.clock.moveTo(START + 2 * HOUR);
    for (let n = 0; n < 5; n++) await run.track(busy!, 'Other');
    await run.tick();
    expect(await inboxSize()).toBe(2);
    expect((await run.of(waiting!)).contact!.attributes).toEqual({ waited: true });
  });

  test('T5: a birthday that is due is not lost to an identify behind it', async () => {
    const lib = library([
      'trigger: { date: birthday, at: "11:00", yearly: true }\nsteps: { mark: { set: { greeted: true } } }',
    ]);
    const run = new PostgresRun(database, lib, START);
    await run.identify('ada', { birthday: '1990-03-02' });
    await run.settleInstant();
    run.limits = limits;
    run.clock.moveTo(START + HOUR + MINUTE);
    for (let n = 0; n < 5; n++) await run.identify('ada', { seen: n });
    await run.settleInstant();
    expect((await run.of('ada')).contact!.attributes).toEqual({ greeted: true, seen: 4 });
  });
});

describe('a tick is all or nothing (D2)', () => {
  test.each([
    ['before anything is written', () => Promise.reject(new Error('broken'))],
    // No table takes a contact without its creation.
    [
      'in the middle of what is written',
      async (decide: () => Promise<unknown[]>) => {
        const changes = (await decide()) as { contact: object | null; enrollments: object[] }[];
        return changes.map((change) => ({
          ...change,
          enrollments: change.enrollments.map((each) => ({ ...each, enteredAt: null })),
        }));
      },
    ],
  ])('one that fails %s leaves everything as it was', async (_when, fail) => {
    const lib = library(['steps: { pause: { wait: 1d } }']);
    const run = new PostgresRun(database, lib, START);
    await run.track('ada', 'Begun');
    const failing = {
      tick: (now: number, limits: typeof run.limits, decide: (taken: never) => Promise<never[]>) =>
        run.world.tick(now, limits, (taken) => fail(() => decide(taken as never)) as never),
      nextDue: () => run.world.nextDue(),
    };
    await expect(tick(failing as never, lib, START, run.limits)).rejects.toThrow();
    expect(await inboxSize()).toBe(1);
    expect(await run.of('ada')).toMatchObject({ contact: null, enrollments: [], messages: [] });
    await run.settleInstant();
    expect(await inboxSize()).toBe(0);
    expect(await run.of('ada')).toMatchObject({ contact: { userId: 'ada' }, enrollments: [{ status: 'waiting' }] });
  });

  test('D8: by a library that was replaced meanwhile, nothing is decided', async () => {
    const run = new PostgresRun(database, library([TRACE]), START);
    await run.track('ada', 'Begun', { n: 1 });
    await expect(tick(run.world, { ...run.library, revision: 7 }, START, run.limits)).rejects.toBeInstanceOf(
      StaleLibrary,
    );
    expect(await inboxSize()).toBe(1);
  });
});

test('a key longer than an index can hold stops nobody', async () => {
  const run = new PostgresRun(database, library(['key: properties.n\nsteps: { pause: { wait: 1d } }']), START);
  // Random enough that no compression helps.
  const long = Array.from({ length: 400 }, (_, n) => contactIdOf(String(n))).join('');
  await run.track('ada', 'Begun', { n: long });
  await run.track('ada', 'Begun', { n: `${long}!` });
  await run.track('ada', 'Begun', { n: long });
  await run.settleInstant();
  expect((await run.of('ada')).enrollments).toHaveLength(2);
});
