import type { Library } from '../../src/scenarios/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { POLICY } from '../gate/factories.ts';
import { DAY, HOUR, library, START } from './factories.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
beforeEach(() => forgetContacts(db.database));
afterAll(() => db.close());

const RULES = {
  purposes: {
    ...POLICY.purposes,
    events: { label: 'Evenings, in our shops', legalBasis: 'consent' },
  },
  doubleOptIn: { countries: ['DE'], template: 'confirm', sender: 'brand' },
};

const WORLDS: [string, (lib: Library) => EngineRun][] = [
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
];

describe.each(WORLDS)('C4, D7: one mail asks about all that was asked for together, %s', (_world, worldOf) => {
  async function asked(...purposes: string[]): Promise<EngineRun> {
    const run = worldOf(library([], RULES));
    await run.identify('grete', { email: 'grete@example.com', country: 'DE' });
    await run.settleInstant();
    for (const purpose of purposes) await run.consent('grete', 'granted', 'email', purpose);
    await run.settleInstant();
    return run;
  }
  const mails = async (run: EngineRun): Promise<unknown[]> =>
    (await run.of('grete')).messages.map(({ status, purpose, data }) => [status, purpose, data['purposes']]);
  const states = async (run: EngineRun): Promise<string[]> =>
    (await run.of('grete')).consents.map(({ purpose, state }) => `${purpose} ${state}`);

  test('its link confirms all of it', async () => {
    const run = await asked('newsletter', 'events');
    expect(await mails(run)).toEqual([['sent', 'events', ['Evenings, in our shops', 'Newsletter']]]);
    run.clock.moveTo(START + HOUR);
    await run.confirm('grete');
    await run.settleInstant();
    expect(await states(run)).toEqual(['events granted', 'newsletter granted']);
    expect((await run.of('grete')).consents.map(({ requestedAt, at }) => [requestedAt, at])).toEqual([
      [START, START + HOUR],
      [START, START + HOUR],
    ]);
    expect(await mails(run)).toHaveLength(1);
  });

  test('what was taken back meanwhile stays so, also what the mail is filed under; the mail goes out for the rest', async () => {
    const run = worldOf(library([], RULES));
    await run.consent('grete', 'granted', 'email', 'newsletter');
    await run.consent('grete', 'granted', 'email', 'events');
    await run.identify('grete', { email: 'grete@example.com', country: 'DE' });
    await run.tick();
    await run.consent('grete', 'withdrawn', 'email', 'events');
    await run.settleInstant();
    expect((await run.of('grete')).messages.map(({ status }) => status)).toEqual(['sent']);
    await run.confirm('grete');
    await run.settleInstant();
    expect(await states(run)).toEqual(['events withdrawn', 'newsletter granted']);
  });

  test('what is asked for later is another mail, and runs out by itself', async () => {
    const run = await asked('newsletter');
    run.clock.moveTo(START + DAY);
    await run.consent('grete', 'granted', 'email', 'newsletter');
    await run.consent('grete', 'granted', 'email', 'events');
    await run.settleInstant();
    expect(await mails(run)).toEqual([
      ['sent', 'newsletter', ['Newsletter']],
      ['sent', 'events', ['Evenings, in our shops']],
    ]);
    run.clock.moveTo(START + 7 * DAY);
    await run.settleInstant();
    expect(await states(run)).toEqual(['events pending', 'newsletter expired']);
  });
});
