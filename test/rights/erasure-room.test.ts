import { eraseContact, providersOf } from '../../src/rights/index.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { HOUR, library, START } from '../engine/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());
beforeEach(() => forgetContacts(db.database));

const NEWS =
  'scenario: news\ntrigger: { event: News }\nreentry: always\nsteps: { mail: { send: { channel: email, template: a } } }';

test.each(['sent', 'about to be sent'])(
  'P12, L9: whoever shared the address of somebody who is erased is judged again at once: what was %s is nobody’s',
  async (state) => {
    const run = new PostgresRun(
      db.database,
      library([NEWS], {
        pressure: [{ rule: 'daily', window: { rolling: '24h' }, max: 1, onBlocked: { hold: '3d' } }],
      }),
      START,
    );
    // People of its own: whoever was erased is refused at re-import.
    const name = state.replaceAll(' ', '-');
    const [ada, bob, email] = [`ada-${name}`, `bob-${name}`, `${name}@example.com`];
    for (const user of [ada, bob]) {
      await run.identify(user, { email, country: 'BE', timezone: 'UTC' });
      await run.consent(user, 'granted');
    }
    await run.settleInstant();
    await run.track(ada, 'News');
    if (state === 'sent') await run.settleInstant();
    else await run.tick();
    await run.track(bob, 'News');
    await run.tick();
    expect((await run.of(bob)).messages).toMatchObject([{ status: 'held', rule: 'daily', dueAt: START + 24 * HOUR }]);

    await run.runUntil(START + 2 * HOUR);
    await eraseContact(
      db.database,
      contactIdOf(ada),
      { origin: 'cli', actor: 'cli' },
      providersOf({}),
      run.clock.now(),
    );
    await run.settleInstant();
    expect((await run.of(bob)).messages).toMatchObject([{ status: 'sent', settledAt: START + 2 * HOUR }]);
  },
);
