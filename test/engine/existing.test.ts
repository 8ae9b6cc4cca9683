import { existingCrowds, type Library } from '../../src/scenarios/index.ts';
import { lineAnew } from '../../src/scenarios/existing.schema.ts';
import { formatInstant } from '../../src/shared/clock.ts';
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

const WORLDS: [string, (lib: Library) => EngineRun][] = [
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
];
const idle = (existing: string, more = ''): string =>
  `trigger: { inactivity: 30d, activity: [Ordered], existing: ${existing}${more} }
reentry: always
steps: { mark: { set: { seen: true } } }`;
const ago = (days: number): string => formatInstant(START - days * DAY);

describe.each(WORLDS)('existing of an inactivity trigger, %s', (_world, make) => {
  const USERS = ['ada', 'bob', 'cyd', 'dan', 'eve', 'new'];
  /** Five who have long been idle, `eve` the shortest, and one who is new; then the scenario is published. */
  async function published(scenario: string): Promise<EngineRun> {
    const run = make(library([]));
    for (const [index, user] of USERS.entries())
      await run.identify(user, { timezone: 'UTC', ...(user !== 'new' && { createdAt: ago(100 - index) }) });
    await run.settleInstant();
    run.library = library([scenario]);
    await run.runUntil(START + HOUR);
    await run.watchAgain('trial');
    await run.settleInstant();
    return run;
  }
  /** Days after the publication, by user, on which each entered first. */
  async function entries(run: EngineRun): Promise<Record<string, number[]>> {
    const all = await Promise.all(
      USERS.map(async (user) => {
        const { enrollments } = await run.of(user);
        const days = enrollments.map(({ enteredAt }) => (enteredAt - START - HOUR) / DAY);
        return [user, days.sort((a, b) => a - b)] as const;
      }),
    );
    return Object.fromEntries(all.filter(([, days]) => days.length > 0));
  }

  test('enter: all at once', async () => {
    const run = await published(idle('enter'));
    expect(await entries(run)).toEqual({ ada: [0], bob: [0], cyd: [0], dan: [0], eve: [0] });
  });

  test('skip: nobody until their next idle period', async () => {
    const run = await published(idle('skip'));
    await run.runUntil(START + 10 * DAY + HOUR);
    await run.track('bob', 'Ordered');
    await run.settleInstant();
    await run.runUntil(START + 60 * DAY);
    expect(await entries(run)).toEqual({ bob: [40], new: [30 - 1 / 24] });
  });

  test('spread: so many a day, those active last first, and nobody who has been active meanwhile', async () => {
    const run = await published(idle('{ spread: 2/d }'));
    await run.runUntil(START + HOUR + DAY / 2);
    await run.track('cyd', 'Ordered');
    await run.settleInstant();
    await run.runUntil(START + 45 * DAY);
    expect(await entries(run)).toEqual({ eve: [0], dan: [0], bob: [1], ada: [2], cyd: [30.5], new: [30 - 1 / 24] });
  });

  test('spread: at the hour asked for, and republished with another number on what is left of the day', async () => {
    const run = await published(idle('{ spread: 2/d }', ', at: "12:00"'));
    await run.runUntil(START + 4 * HOUR);
    expect(await entries(run)).toEqual({ eve: [2 / 24], dan: [2 / 24] });
    run.library = library([idle('{ spread: 2/d }')]);
    await run.watchAgain('trial');
    await run.settleInstant();
    expect(Object.keys(await entries(run))).toEqual(['dan', 'eve']);
    await run.runUntil(START + DAY + 2 * HOUR);
    expect(Object.keys(await entries(run))).toEqual(['bob', 'cyd', 'dan', 'eve']);
  });

  test('whoever comes with a creation of the past takes the next places, and enters as the scenario says', async () => {
    const run = await published(idle('{ spread: 4/d }'));
    for (const user of ['late-a', 'late-b']) await run.identify(user, { createdAt: ago(200) });
    await run.settleInstant();
    await run.runUntil(START + 3 * DAY);
    const days = await Promise.all(
      ['ada', 'late-a', 'late-b'].map(async (user) => (await run.of(user)).enrollments[0]!.enteredAt - START - HOUR),
    );
    expect(days).toEqual([DAY, DAY, DAY]);
    const skipping = await published(idle('skip'));
    await skipping.identify('late-c', { createdAt: ago(200) });
    await skipping.settleInstant();
    await skipping.runUntil(skipping.clock.now() + 20 * DAY);
    expect((await skipping.of('late-c')).enrollments).toEqual([]);
  });
});

test('a line that is begun anew has what is left of the day under way', () => {
  const at = (days: number, taken: number) => lineAnew({ since: START, taken }, 500, START + days * DAY);
  expect(at(0.5, 200)).toEqual({ since: START, taken: 200 });
  expect(at(2.5, 5_000)).toEqual({ since: START + 2 * DAY, taken: 500 });
  expect(at(2.5, 1_100)).toEqual({ since: START + 2 * DAY, taken: 100 });
  expect(at(9, 1_100)).toEqual({ since: START + 9 * DAY, taken: 0 });
});

test('a publication counts those whose time has passed, and says what they would be sent', async () => {
  const run = new PostgresRun(db.database, library([]), START);
  for (const [user, days] of [
    ['ada', 29],
    ['bob', 31],
    ['cyd', 90],
    ['dan', 90],
  ] as const)
    await run.identify(user, { createdAt: ago(days), timezone: 'Europe/Paris' });
  await run.settleInstant();
  await run.track('cyd', 'Ordered', {}, { at: START - 5 * DAY });
  await run.track('dan', 'Ordered', {}, { at: START - 40 * DAY });
  await run.settleInstant();
  const head = 'scenario: trial\nprogramme: p\nname: T\ncategory: marketing\npurpose: newsletter\nsender: brand\n';
  const source = `${head}${idle('{ spread: 1/d }').replace('{ mark: { set: { seen: true } } }', '{ hello: { send: { channel: email, template: back } } }')}\n`;
  const policy =
    'timezone: Europe/Paris\ncountry: FR\nsenders: { brand: { email: "A <a@example.com>", address: x } }\npurposes: { newsletter: { label: N, legalBasis: consent } }\ncategories: { marketing: { subjectTo: true, countsToward: true, needsConsent: true } }\n';
  const change = { kind: 'new', from: null, version: 1, hash: 'x' } as const;
  const plan = {
    revision: 0,
    scenarios: [{ ...change, id: 'trial', content: { source, path: 'trial.yaml' } }],
    policy: { ...change, id: 'policy', content: { source: policy } },
    templates: [],
  };
  // dan's order was imported when its period had run out, which fires nothing (rule T8).
  expect(await existingCrowds(db.database, plan, START)).toEqual([
    {
      scenario: 'trial',
      inactivity: '30d',
      people: 1,
      existing: { spread: '1/d' },
      last: START,
      sends: [{ step: 'hello', channel: 'email', template: 'back' }],
    },
  ]);
});
