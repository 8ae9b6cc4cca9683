import type { Library } from '../../src/scenarios/index.ts';
import { DAY, library, START } from '../engine/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { PostgresRun } from '../support/postgres-run.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());

describe('L11, T5: a corrected birthday', () => {
  const WORLDS: [string, (lib: Library) => EngineRun][] = [
    ['in memory', (lib) => new MemoryRun(lib, START)],
    ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
  ];
  test.each(WORLDS)(
    'is greeted once a year, and moves the greeting that is still to come (%s)',
    async (world, make) => {
      const run = make(
        library([
          'scenario: greeting\ntrigger: { date: birthday, at: "09:00", yearly: true }\nreentry: always\nsteps: { mail: { send: { channel: email, template: a } } }',
        ]),
      );
      const [ada, bob] = [`ada ${world}`, `bob ${world}`];
      for (const user of [ada, bob]) {
        await run.identify(user, { email: 'someone@example.com', birthday: '1990-03-10', timezone: 'Europe/Paris' });
        await run.consent(user, 'granted');
      }
      await run.settleInstant();
      const correct = (user: string, birthday: string): Promise<void> =>
        run.track(user, 'Identified', { birthday }, { type: 'identify', active: false });
      await correct(bob, '1990-03-20');
      await run.runUntil(START + 10 * DAY);
      await correct(ada, '1990-03-25');
      await run.runUntil(START + 60 * DAY);
      const days = async (user: string): Promise<string[]> =>
        (await run.of(user)).messages.map(({ settledAt }) => new Date(settledAt!).toISOString().slice(0, 10));
      expect(await days(ada)).toEqual(['2026-03-10']);
      expect(await days(bob)).toEqual(['2026-03-20']);
    },
  );
});
