import type { Library } from '../../src/scenarios/index.ts';
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

const mail = (name: string, priority: number): string =>
  `scenario: ${name.toLowerCase()}\ntrigger: { event: ${name} }\nreentry: always\npriority: ${priority}\nsteps: { mail: { send: { channel: email, template: a } } }`;

const USERS = ['ada', 'bob', 'cyd'];

describe.each<[string, (lib: Library) => EngineRun]>([
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
])('P2, P12, %s: what waits for the room of a shared address gets it', (_name, runOf) => {
  /** One message in three days for a mailbox that three contacts have; it is used at the start. */
  const begin = async (max = 1): Promise<EngineRun> => {
    const run = runOf(
      library([mail('First', 50), mail('High', 80), mail('Mid', 50), mail('Low', 30)], {
        pressure: [{ rule: 'shared', window: { rolling: '3d' }, max, onBlocked: { hold: '20d' } }],
      }),
    );
    for (const user of USERS) {
      await run.identify(user, { email: 'home@example.com', country: 'BE', timezone: 'UTC' });
      await run.consent(user, 'granted');
    }
    await run.settleInstant();
    for (let count = 0; count < max; count += 1) {
      await run.track('ada', 'First');
      await run.settleInstant();
    }
    return run;
  };
  const sentAt = async (run: EngineRun, user: string): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await run.of(user)).messages
        .filter(({ status, scenarioId }) => status === 'sent' && scenarioId !== 'first')
        .map(({ scenarioId, settledAt }) => [scenarioId, (settledAt! - START) / DAY]),
    );

  test.each(USERS)('by priority, though another contact was first: %s has the higher', async (high) => {
    const run = await begin();
    const low = USERS.find((user) => user !== high)!;
    await run.runUntil(START + HOUR);
    await run.track(low, 'Low');
    await run.settleInstant();
    await run.runUntil(START + 2 * HOUR);
    await run.track(high, 'High');
    await run.settleInstant();
    await run.runUntil(START + 8 * DAY);
    expect([await sentAt(run, high), await sentAt(run, low)]).toEqual([{ high: 3 }, { low: 6 }]);
  });

  test.each(USERS)('message by message, where %s has the highest and the lowest', async (one) => {
    const run = await begin(2);
    const other = USERS.find((user) => user !== one)!;
    for (const [user, event] of [
      [one, 'Low'],
      [other, 'Mid'],
      [one, 'High'],
    ] as const)
      await run.track(user, event);
    await run.settleInstant();
    await run.runUntil(START + 8 * DAY);
    expect([await sentAt(run, one), await sentAt(run, other)]).toEqual([{ high: 3, low: 6 }, { mid: 3 }]);
  });
});

describe('P9: a maximum that changes by time alone is part of the instant', () => {
  const vip = (max: object[]): Library =>
    library([mail('News', 50), mail('Offer', 50), mail('Tip', 50)], {
      pressure: [{ rule: 'by-age', window: { rolling: '30d' }, max, onBlocked: { hold: '60d' } }],
    });
  const judged = async (lib: Library): Promise<[string, number][]> => {
    const run = new MemoryRun(lib, START);
    await run.identify('ada', { email: 'ada@example.com', country: 'BE', timezone: 'UTC', joined: '2026-03-02' });
    await run.consent('ada', 'granted');
    for (const event of ['News', 'Offer', 'Tip']) await run.track('ada', event);
    await run.settleInstant();
    await run.runUntil(START + 70 * DAY);
    return (await run.of('ada')).messages
      .map(({ status, settledAt }): [string, number] => [status, Math.floor((settledAt! - START) / DAY)])
      .sort((a, b) => a[1] - b[1]);
  };

  test('it rises: what waits leaves when it does, and not a month later', async () => {
    const all = await judged(vip([{ when: { daysSince: 'joined', gte: 10 }, max: 2 }, { otherwise: 1 }]));
    expect(all.map(([status]) => status)).toEqual(['sent', 'sent', 'sent']);
    expect(all[1]![1]).toBeLessThanOrEqual(10);
    expect(all[2]![1]).toBe(30);
  });

  test('it falls: what waits is not sent by a maximum that is gone by then', async () => {
    const all = await judged(vip([{ when: { daysSince: 'joined', lt: 10 }, max: 2 }, { otherwise: 1 }]));
    expect(all).toEqual([
      ['sent', 0],
      ['sent', 0],
      ['sent', 30],
    ]);
  });
});
