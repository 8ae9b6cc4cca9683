import type { Library } from '../../src/scenarios/index.ts';
import { POLICY } from '../gate/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { DAY, library, START } from './factories.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
beforeEach(() => forgetContacts(db.database));
afterAll(() => db.close());

const RULES = {
  purposes: {
    ...POLICY.purposes,
    friends: { label: 'A friend thought of you', legalBasis: 'legitimate-interest', once: true },
  },
};
const INVITATION = `scenario: invitation
trigger: { event: Invited }
reentry: always
purpose: friends
steps: { hello: { send: { channel: email, template: a } } }`;

const WORLDS: [string, (lib: Library) => EngineRun][] = [
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
];

describe.each(WORLDS)('L23, D7: a friend whom two sponsors name is one friend, %s', (_world, worldOf) => {
  /** Each sponsor's backend knows the friend by an id of its own. */
  async function named(policy: Record<string, unknown> = RULES): Promise<EngineRun> {
    const run = worldOf(library([INVITATION], policy));
    for (const [user, email] of [
      ['friend of ada', 'Zoe@example.com'],
      ['friend of bob', 'zoe@example.com'],
    ] as const) {
      await run.identify(user, { email, country: 'FR' });
      await run.consent(user, 'granted', 'email', 'friends', 'legitimate-interest');
    }
    await run.settleInstant();
    return run;
  }
  const became = async (run: EngineRun): Promise<string[]> =>
    (await Promise.all(['friend of ada', 'friend of bob'].map((user) => run.of(user))))
      .flatMap(({ messages }) => messages.map(({ status, reason }) => [status, reason].filter(Boolean).join(' ')))
      .toSorted();

  test('and gets one message, also when both are due in one tick', async () => {
    const run = await named();
    await run.track('friend of ada', 'Invited');
    await run.track('friend of bob', 'Invited');
    await run.settleInstant();
    expect(await became(run)).toEqual(['blocked referral-used', 'sent']);
  });

  test('also years later, and whatever else is allowed meanwhile', async () => {
    const run = await named();
    await run.track('friend of ada', 'Invited');
    await run.settleInstant();
    run.clock.moveTo(START + 700 * DAY);
    await run.track('friend of bob', 'Invited');
    await run.settleInstant();
    expect(await became(run)).toEqual(['blocked referral-used', 'sent']);
  });

  test('who consents is written to as anybody is', async () => {
    const run = await named();
    await run.track('friend of ada', 'Invited');
    await run.settleInstant();
    await run.consent('friend of bob', 'granted', 'email', 'friends');
    await run.track('friend of bob', 'Invited');
    await run.settleInstant();
    expect(await became(run)).toEqual(['sent', 'sent']);
  });
});
