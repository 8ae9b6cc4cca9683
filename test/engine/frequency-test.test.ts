import { sideOf, type Side } from '../../src/gate/index.ts';
import type { Library } from '../../src/scenarios/index.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { HOUR, library, START } from './factories.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());
beforeEach(() => forgetContacts(db.database));

const someone = (side: Side): string =>
  Array.from({ length: 20 }, (_, index) => `user-${index}`).find(
    (user) => sideOf({ id: 'mails', share: 0.5 }, contactIdOf(user)) === side,
  )!;
const USERS = { base: someone('base'), variant: someone('variant') };

/** From Tuesday 3 March, 00:00 in Paris, 14 hours after the start, for two days. */
const tested = (base: object[], variant: object[], more: object = {}): Library =>
  library(
    [
      'scenario: news\ntrigger: { event: News }\nreentry: always\nsteps: { mail: { send: { channel: email, template: a } } }',
    ],
    {
      pressure: base,
      frequencyTest: { id: 'mails', from: '2026-03-03', until: '2026-03-05', share: '50%', pressure: variant },
      ...more,
    },
  );
const daily = (max: number, onBlocked: unknown = 'drop'): object => ({
  rule: 'daily',
  window: { rolling: '24h' },
  max,
  onBlocked,
});

/** What became of somebody's messages, in the order in which they were planned: `status at`, hours after the start. */
async function told(run: EngineRun, side: Side): Promise<string[]> {
  const { messages } = await run.of(USERS[side]);
  return messages
    .sort((a, b) => a.plannedAt - b.plannedAt || (a.id < b.id ? -1 : 1))
    .map(({ status, settledAt, dueAt }) => `${status} ${((settledAt ?? dueAt) - START) / HOUR}`)
    .sort();
}

describe.each<[string, (lib: Library) => EngineRun]>([
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
])('D7: %s', (_name, runOf) => {
  const begin = async (lib: Library): Promise<EngineRun> => {
    const run = runOf(lib);
    for (const user of Object.values(USERS)) {
      await run.identify(user, { email: `${user}@example.com`, country: 'BE', timezone: 'UTC' });
      await run.consent(user, 'granted');
    }
    await run.settleInstant();
    return run;
  };
  const news = async (run: EngineRun, ...hours: number[]): Promise<void> => {
    for (const hour of hours) {
      await run.runUntil(START + hour * HOUR);
      for (const user of Object.values(USERS)) await run.track(user, 'News');
      await run.settleInstant();
    }
  };

  test('each side is judged by its own rules while the test runs, and by the policy’s before and after', async () => {
    const run = await begin(tested([daily(2)], [daily(1)]));
    await news(run, 0, 1, 2);
    await news(run, 40, 41, 42);
    await news(run, 70, 71, 72);
    expect(await told(run, 'base')).toEqual(
      ['sent 0', 'sent 1', 'blocked 2', 'sent 40', 'sent 41', 'blocked 42', 'sent 70', 'sent 71', 'blocked 72'].sort(),
    );
    expect(await told(run, 'variant')).toEqual(
      [
        'sent 0',
        'sent 1',
        'blocked 2',
        'sent 40',
        'blocked 41',
        'blocked 42',
        'sent 70',
        'sent 71',
        'blocked 72',
      ].sort(),
    );
    const sides = (await run.of(USERS.variant)).decisions
      .sort((a, b) => a.at - b.at)
      .map(({ gates }) => gates.at(-1)!.test?.side ?? '-');
    expect(sides.join(' ')).toBe('- - - variant variant variant - - -');
  });

  test('P9: what waits leaves as soon as the test begins, where the variant has room then, and no sooner', async () => {
    const run = await begin(tested([daily(1, { hold: '3d' })], [daily(2, { hold: '3d' })]));
    await news(run, 0, 1);
    expect(await told(run, 'base')).toEqual(['held 24', 'sent 0']);
    expect(await told(run, 'variant')).toEqual(['held 14', 'sent 0']);
    await run.runUntil(START + 30 * HOUR);
    expect(await told(run, 'base')).toEqual(['sent 0', 'sent 24']);
    expect(await told(run, 'variant')).toEqual(['sent 0', 'sent 14']);
  });

  test('P9: and as soon as it ends, where the policy has; what the variant lets wait, waits on', async () => {
    const run = await begin(tested([daily(2, { hold: '3d' })], [daily(1, { hold: '3d' })]));
    // Thursday 5 March, 00:00 in Paris: 62 hours after the start.
    await news(run, 55, 56);
    expect(await told(run, 'base')).toEqual(['sent 55', 'sent 56']);
    expect(await told(run, 'variant')).toEqual(['held 62', 'sent 55']);
    await run.runUntil(START + 100 * HOUR);
    expect(await told(run, 'variant')).toEqual(['sent 55', 'sent 62']);
  });

  test('P11: room is kept on the side whose rules keep it', async () => {
    const lib = library(
      [
        'scenario: big\npriority: 90\ntrigger: { event: News }\nsteps: { rest: { wait: 5h }, mail: { send: { channel: email, template: a } } }',
        'scenario: small\npriority: 10\ntrigger: { event: News }\nsteps: { mail: { send: { channel: email, template: a } } }',
      ],
      {
        pressure: [daily(1)],
        frequencyTest: {
          id: 'mails',
          from: '2026-03-01',
          until: '2026-03-05',
          share: '50%',
          pressure: [{ ...daily(1), reserve: '6h' }],
        },
      },
    );
    const run = await begin(lib);
    await news(run, 0);
    await run.runUntil(START + 10 * HOUR);
    expect(await told(run, 'base')).toEqual(['blocked 5', 'sent 0']);
    expect(await told(run, 'variant')).toEqual(['blocked 0', 'sent 5']);
  });

  test('P12: contacts with one address share its pressure across sides, each judged by its own', async () => {
    const run = runOf(tested([daily(2)], [daily(1)]));
    for (const user of Object.values(USERS)) {
      await run.identify(user, { email: 'both@example.com', country: 'BE', timezone: 'UTC' });
      await run.consent(user, 'granted');
    }
    await run.settleInstant();
    await run.runUntil(START + 20 * HOUR);
    for (const [hour, side] of [
      [20, 'base'],
      [21, 'variant'],
      [22, 'base'],
      [23, 'base'],
    ] as const) {
      await run.runUntil(START + hour * HOUR);
      await run.track(USERS[side], 'News');
      await run.settleInstant();
    }
    expect(await told(run, 'base')).toEqual(['blocked 23', 'sent 20', 'sent 22']);
    expect(await told(run, 'variant')).toEqual(['blocked 21']);
  });
});
