import { eventRow, insertEvents } from '../../src/events/index.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';
import type { Library } from '../../src/scenarios/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { PostgresRun } from '../support/postgres-run.ts';
import { DAY, HOUR, library, START } from './factories.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterEach(() => db.close());

const ADA = contactIdOf('ada');

/** Events of Ada's received at the run's instant, in batches as the API would store them. */
async function arrive(
  run: PostgresRun,
  name: string,
  count: number,
  properties: (n: number) => Record<string, unknown>,
  historical = false,
): Promise<void> {
  const now = run.clock.now();
  const rows = Array.from({ length: count }, (_, n) =>
    eventRow({
      id: derivedId(ADA, 'event', name, now, n),
      contactId: ADA,
      userId: 'ada',
      seq: run.sequence.next(),
      type: 'track',
      name,
      at: now - (historical ? n * 60_000 : 0),
      receivedAt: now,
      properties: properties(n),
      historical,
      active: true,
    }),
  );
  for (let from = 0; from < count; from += 500) await insertEvents(db.database, rows.slice(from, from + 500));
}

test('a contact with 1,000 live enrollments: one event moves all, one timer each, none is taken for a runaway', async () => {
  const lib = library([
    'key: properties.n\nsteps: { until: { waitFor: { event: Go }, timeout: 9d, onEvent: pause, onTimeout: end }, pause: { wait: 1h }, mark: { set: { done: "{{contact.done}}x" } } }',
  ]);
  const run = new PostgresRun(db.database, lib, START);
  await arrive(run, 'Begun', 1_000, (n) => ({ n }));
  await run.settleInstant();
  expect((await run.of('ada')).enrollments.filter(({ status }) => status === 'waiting')).toHaveLength(1_000);
  await run.track('ada', 'Go');
  const started = performance.now();
  await run.settleInstant();
  await run.runUntil(START + HOUR + 1);
  expect(performance.now() - started).toBeLessThan(10_000);
  const { enrollments, contact } = await run.of('ada');
  expect(new Set(enrollments.map(({ status }) => status))).toEqual(new Set(['completed']));
  expect(contact!.attributes['done']).toBe('x'.repeat(1_000));
}, 60_000);

const WORLDS: [string, (lib: Library) => EngineRun][] = [
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
];
const LEAVING = 'key: properties.n\nexit: [{ event: Left }]\ngoal: { event: Bought, within: 14d }';

describe.each(WORLDS)('%s, a contact with 1,000 live enrollments', (_world, make) => {
  async function inside(): Promise<EngineRun> {
    const run = make(library([`${LEAVING}\nsteps: { pause: { wait: 9d }, mark: { set: { never: true } } }`]));
    if (run instanceof PostgresRun) await arrive(run, 'Begun', 1_000, (n) => ({ n }));
    else for (let n = 0; n < 1_000; n++) await run.track('ada', 'Begun', { n });
    await run.settleInstant();
    expect((await run.of('ada')).enrollments.filter(({ status }) => status === 'waiting')).toHaveLength(1_000);
    run.clock.moveTo(START + HOUR);
    return run;
  }

  test.each([
    ['an exit', 'Left', { status: 'exited', reason: 'Left', convertedAt: null }],
    ['the goal', 'Bought', { status: 'converted', convertedAt: START + HOUR }],
  ])(
    '%s ends all of them at its instant, and no timer of theirs is left',
    async (_what, event, ended) => {
      const run = await inside();
      await run.track('ada', event);
      await run.settleInstant();
      const { enrollments } = await run.of('ada');
      expect(enrollments).toHaveLength(1_000);
      for (const enrollment of enrollments)
        expect(enrollment).toMatchObject({ ...ended, endedAt: START + HOUR, dueAt: null });
      expect(await run.world.nextDue()).toBeNull();
      await run.runUntil(START + 20 * DAY);
      expect((await run.of('ada')).contact?.attributes['never']).toBeUndefined();
    },
    60_000,
  );
});

test('a contact with 10,000 past events: conditions count them all, and a tick stays quick', async () => {
  const lib = library([
    'scenario: counts\nreentry: always\nsteps: { many: { choose: [{ when: { event: Viewed, count: { gte: 10000 } }, next: mark }, { otherwise: end }] }, mark: { set: { fan: "{{contact.fan}}x" } } }',
    'scenario: idle\ntrigger: { inactivity: 3d, activity: [Viewed, Begun] }\nsteps: { mark: { set: { idle: true } } }',
  ]);
  const run = new PostgresRun(db.database, lib, START);
  await arrive(run, 'Viewed', 10_000, (n) => ({ page: `/products/${n}` }), true);
  await run.settleInstant();
  const started = performance.now();
  for (let n = 0; n < 10; n++) {
    await run.track('ada', 'Begun');
    await run.settleInstant();
  }
  expect(performance.now() - started).toBeLessThan(15_000);
  await run.runUntil(START + 4 * DAY);
  expect((await run.of('ada')).contact!.attributes).toEqual({ fan: 'x'.repeat(10), idle: true });
}, 60_000);
