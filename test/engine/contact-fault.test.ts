import { PostgresWorld, tick } from '../../src/engine/index.ts';
import { ContactFault } from '../../src/engine/tick.ts';
import type { Library } from '../../src/scenarios/index.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { PostgresRun } from '../support/postgres-run.ts';
import { library, START } from './factories.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());

const LIMITS = { items: 100, lanes: 64 };

/** A library in which somebody inside defeats the engine, as a version that can no longer be read would. */
function defeated(lib: Library): Library {
  const fail = (): never => {
    throw new Error('this version can no longer be read');
  };
  return { ...lib, scenario: fail };
}

test('D2: a contact that defeats the engine is named, nothing is lost, and the other lanes go on without it', async () => {
  const lib = library(['steps: { pause: { wait: 5d } }', 'scenario: mark\nsteps: { note: { set: { seen: true } } }']);
  const run = new PostgresRun(db.database, lib, START);
  await run.identify('ada', { email: 'ada@example.com' });
  await run.identify('eve', { email: 'eve@example.com' });
  await run.track('ada', 'Begun');
  await run.settleInstant();
  expect(laneOf(contactIdOf('ada'))).not.toBe(laneOf(contactIdOf('eve')));

  const world = new PostgresWorld(db.database);
  await run.track('ada', 'Begun');
  await run.track('eve', 'Begun');
  const failing = tick(world, defeated(lib), run.clock.now(), LIMITS);
  await expect(failing).rejects.toBeInstanceOf(ContactFault);
  await expect(failing).rejects.toMatchObject({ contactId: contactIdOf('ada') });

  const without = [laneOf(contactIdOf('ada'))];
  expect(await tick(world, lib, run.clock.now(), { ...LIMITS, without })).toBe(1);
  expect((await run.of('eve')).enrollments).toHaveLength(2);
  expect(await tick(world, lib, run.clock.now(), { ...LIMITS, without })).toBe(0);

  // What was not committed is still there, and is taken up when the fault is mended.
  expect(await tick(world, lib, run.clock.now(), LIMITS)).toBe(1);
});
