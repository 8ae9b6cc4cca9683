import type { Library } from '../../src/scenarios/index.ts';
import { formatInstant } from '../../src/shared/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { at, DAY, library } from './factories.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
beforeEach(() => forgetContacts(db.database));
afterAll(() => db.close());

const BEGIN = at('2026-06-01T00:00:00Z');
const WORLDS: [string, (lib: Library) => EngineRun][] = [
  ['in memory', (lib) => new MemoryRun(lib, BEGIN)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, BEGIN)],
];

const GREETING = `trigger: { date: nameDay, at: "09:00", yearly: true }
reentry: always
steps: { mark: { set: { greeted: true } } }`;

describe.each(WORLDS)('T10: a clock that is moved past the hour of a date, %s', (_world, make) => {
  async function known(scenario: string, traits: Record<string, unknown> = {}): Promise<EngineRun> {
    const run = make(library([scenario]));
    await run.identify('ada', { timezone: 'Europe/Paris', nameDay: '1990-06-24', ...traits });
    await run.settleInstant();
    return run;
  }
  async function identify(run: EngineRun, instant: string, traits: Record<string, unknown>): Promise<void> {
    await run.runUntil(at(instant));
    await run.identify('ada', traits);
    await run.settleInstant();
  }
  const entries = async (run: EngineRun): Promise<string[]> =>
    (await run.of('ada')).enrollments.map(({ enteredAt }) => formatInstant(enteredAt)).toSorted();

  test.each([
    ['its zone', { timezone: 'Asia/Dubai' }],
    ['its country, where it names no zone', { timezone: null, country: 'AE' }],
  ])('fires at once, that day, and once, when %s changes', async (_what, traits) => {
    const run = await known(GREETING);
    await identify(run, '2026-06-24T06:00:00Z', traits);
    await identify(run, '2026-06-24T06:30:00Z', { timezone: 'America/New_York' });
    await run.runUntil(BEGIN + 300 * DAY);
    expect(await entries(run)).toEqual(['2026-06-24T06:00:00.000Z']);
  });

  test('also when the whole day is jumped over, and whatever else is heard at that instant', async () => {
    const run = await known(GREETING, { timezone: 'Pacific/Niue' });
    await run.runUntil(at('2026-06-24T10:30:00Z'));
    await run.identify('ada', { timezone: 'Pacific/Kiritimati' });
    await run.identify('ada', { firstName: 'Ada' });
    await run.settleInstant();
    await run.runUntil(BEGIN + 300 * DAY);
    expect(await entries(run)).toEqual(['2026-06-24T10:30:00.000Z']);
  });

  test('and not when the hour is still to come there, nor once it has fired', async () => {
    const run = await known(GREETING);
    await identify(run, '2026-06-24T05:00:00Z', { timezone: 'Europe/Athens' });
    await identify(run, '2026-06-24T06:30:00Z', { timezone: 'Asia/Dubai' });
    expect(await entries(run)).toEqual(['2026-06-24T06:00:00.000Z']);
  });

  test('a date that is corrected to a day whose hour is past fires nothing that day (rule T5)', async () => {
    const run = await known(GREETING);
    await identify(run, '2026-06-20T12:00:00Z', { nameDay: '1990-06-20' });
    await run.runUntil(BEGIN + 300 * DAY);
    expect(await entries(run)).toEqual([]);
  });

  test('a date that is taken away before anybody has looked fires nothing', async () => {
    const run = await known(GREETING);
    await run.runUntil(at('2026-06-24T06:00:00Z'));
    await run.identify('ada', { timezone: 'Asia/Dubai' });
    await run.identify('ada', { nameDay: null });
    await run.settleInstant();
    await run.runUntil(BEGIN + 300 * DAY);
    expect(await entries(run)).toEqual([]);
  });

  test('what is waited for in a step is due at once, and is not past', async () => {
    const run = await known(`trigger: { event: Begun }
steps:
  day: { wait: { until: { attribute: visit, at: "09:00" }, ifMissing: exit, ifPast: exit } }
  mark: { set: { visited: true } }`);
    await run.identify('ada', { visit: '2026-06-24' });
    await run.track('ada', 'Begun');
    await run.settleInstant();
    await identify(run, '2026-06-24T06:00:00Z', { timezone: 'Asia/Dubai' });
    const [passage] = (await run.of('ada')).enrollments;
    expect([passage!.status, formatInstant(passage!.endedAt!)]).toEqual(['completed', '2026-06-24T06:00:00.000Z']);
  });
});
