import type { Library } from '../../src/scenarios/index.ts';
import { formatInstant } from '../../src/shared/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { at, DAY, library, START } from './factories.ts';

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

describe.each(WORLDS)('schedule, %s', (_world, make) => {
  async function known(trigger: string, timezone = 'Europe/Paris', more = ''): Promise<EngineRun> {
    const run = make(library([`trigger: ${trigger}\nreentry: always\n${more}steps: { mark: { set: { on: true } } }`]));
    await run.identify('ada', { timezone });
    await run.settleInstant();
    return run;
  }
  const entries = async (run: EngineRun, until: string): Promise<string[]> => {
    await run.runUntil(at(until));
    const { enrollments } = await run.of('ada');
    return enrollments.map(({ enteredAt }) => formatInstant(enteredAt).replace(':00.000Z', 'Z')).sort();
  };

  // The engine begins on Monday 2 March 2026, 10:00 in Paris.
  test.each([
    ['FREQ=MONTHLY;BYMONTHDAY=1', '09:00', ['2026-04-01T07:00Z', '2026-05-01T07:00Z']],
    ['FREQ=WEEKLY;INTERVAL=4;BYDAY=MO', '10:00', ['2026-03-02T09:00Z', '2026-03-30T08:00Z', '2026-04-27T08:00Z']],
    ['FREQ=WEEKLY;INTERVAL=4;BYDAY=MO', '09:59', ['2026-03-30T07:59Z', '2026-04-27T07:59Z']],
    ['FREQ=MONTHLY;BYDAY=-1SU', '02:30', ['2026-03-29T01:00Z', '2026-04-26T00:30Z']],
    ['FREQ=DAILY;COUNT=3', '12:00', ['2026-03-02T11:00Z', '2026-03-03T11:00Z', '2026-03-04T11:00Z']],
    ['FREQ=DAILY;UNTIL=20260303T235959', '12:00', ['2026-03-02T11:00Z', '2026-03-03T11:00Z']],
  ])('T7: %s at %s stays at its local time over a clock change', async (rrule, time, expected) => {
    const run = await known(`{ rrule: "${rrule}", at: "${time}", start: 2026-03-02 }`);
    expect(await entries(run, '2026-05-02T00:00:00Z')).toEqual(expected);
  });

  test('without a start, weeks begin on Monday and months on the first', async () => {
    expect(await entries(await known('{ rrule: FREQ=WEEKLY, at: "09:00" }'), '2026-03-17T00:00:00Z')).toEqual([
      '2026-03-09T08:00Z',
      '2026-03-16T08:00Z',
    ]);
  });

  test('the audience decides at each occurrence', async () => {
    const run = await known(
      '{ rrule: FREQ=DAILY, at: "09:00" }',
      'Europe/Paris',
      'audience: { attribute: vip, equals: true }\n',
    );
    expect(await entries(run, '2026-03-05T00:00:00Z')).toEqual([]);
    await run.identify('ada', { vip: true });
    await run.settleInstant();
    expect(await entries(run, '2026-03-06T00:00:00Z')).toEqual(['2026-03-05T08:00Z']);
  });

  test('after an outage the latest of the missed occurrences fires, late, and none of them again', async () => {
    const run = await known('{ rrule: FREQ=DAILY, at: "09:00" }');
    run.clock.moveTo(START + 4 * DAY + 60_000);
    await run.settleInstant();
    expect(await entries(run, '2026-03-08T00:00:00Z')).toEqual(['2026-03-06T09:01Z', '2026-03-07T08:00Z']);
    expect((await run.of('ada')).watches).toMatchObject([{ fired: { day: '2026-03-07' } }]);
  });

  test('an occurrence comes once, whoever moves westwards after it', async () => {
    const run = await known('{ rrule: "FREQ=MONTHLY;BYMONTHDAY=1", at: "09:00" }');
    expect(await entries(run, '2026-04-01T08:00:00Z')).toEqual(['2026-04-01T07:00Z']);
    await run.identify('ada', { timezone: 'America/New_York' });
    await run.settleInstant();
    expect(await entries(run, '2026-05-02T00:00:00Z')).toEqual(['2026-04-01T07:00Z', '2026-05-01T13:00Z']);
  });

  test('an occurrence is not lost, whoever moves eastwards past it: it fires late', async () => {
    const run = await known('{ rrule: "FREQ=MONTHLY;BYMONTHDAY=1", at: "09:00" }', 'America/New_York');
    expect(await entries(run, '2026-04-01T03:00:00Z')).toEqual([]);
    await run.identify('ada', { timezone: 'Asia/Tokyo' });
    await run.settleInstant();
    expect(await entries(run, '2026-05-02T00:00:00Z')).toEqual(['2026-04-01T03:00Z', '2026-05-01T00:00Z']);
  });

  test('a rule that has ended is looked at no more', async () => {
    const run = await known('{ rrule: FREQ=DAILY;COUNT=1, at: "12:00", start: 2026-03-02 }');
    await run.runUntil(START + 2 * DAY);
    expect((await run.of('ada')).watches).toMatchObject([{ dueAt: null }]);
  });
});

test('a publication begins at its instant: what a new rule says of the past does not fire', async () => {
  const monthly = library(['trigger: { rrule: "FREQ=MONTHLY;BYMONTHDAY=3", at: "09:00" }\nsteps: { a: { wait: 1d } }']);
  const run = new MemoryRun(monthly, START);
  await run.identify('ada', {});
  await run.settleInstant();
  await run.runUntil(at('2026-03-20T12:00:00Z'));
  run.library = library([
    'trigger: { rrule: FREQ=DAILY, at: "09:00" }\nreentry: always\nsteps: { mark: { set: { on: true } } }',
  ]);
  await run.watchAgain('trial');
  await run.settleInstant();
  await run.runUntil(at('2026-03-21T12:00:00Z'));
  expect((await run.of('ada')).enrollments.map(({ enteredAt }) => formatInstant(enteredAt)).sort()).toEqual([
    '2026-03-03T08:00:00.000Z',
    '2026-03-21T08:00:00.000Z',
  ]);
});
