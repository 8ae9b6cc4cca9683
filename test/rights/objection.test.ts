import type { Suppression } from '../../src/consent/index.ts';
import { suppressionGate } from '../../src/gate/permission.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import type { Library } from '../../src/scenarios/index.ts';
import { at, DAY, HOUR, library, START } from '../engine/factories.ts';
import { facts, message, policy } from '../gate/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { EngineRun } from '../support/engine-run.ts';
import { MemoryRun } from '../support/memory-run.ts';
import { PostgresRun } from '../support/postgres-run.ts';

const objection: Suppression = { channel: '*', address: null, reason: 'objection', at: 0 };

describe('L8: the gate after an objection', () => {
  const judged = (fields: object): object =>
    suppressionGate(message(fields), facts({ suppressions: [objection] }), policy());

  test.each(['marketing', 'service', 'transactional'])(
    'refuses what serves a purpose that rests on consent, whatever its category (%s) and its exemptions',
    (category) => {
      expect(judged({ category, needsConsent: false, purpose: 'newsletter' })).toEqual({
        gate: 'suppression',
        passed: false,
        reason: 'objection',
      });
    },
  );

  test('refuses a purpose that the policy does not know', () => {
    expect(judged({ purpose: 'forgotten' })).toMatchObject({ passed: false, reason: 'objection' });
  });

  test('lets pass what a contract asks for; a complaint would not', () => {
    expect(judged({ purpose: 'account' })).toMatchObject({ passed: true });
    const both = facts({ suppressions: [objection, { ...objection, reason: 'complaint' }] });
    expect(suppressionGate(message({ purpose: 'account' }), both, policy())).toMatchObject({ reason: 'complaint' });
  });
});

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
});
afterAll(() => db.close());

const WORLDS: [string, (lib: Library) => EngineRun][] = [
  ['in memory', (lib) => new MemoryRun(lib, START)],
  ['in PostgreSQL', (lib) => new PostgresRun(db.database, lib, START)],
];

test.each(WORLDS)('L8: an objection ends what is under way, and lets nobody into marketing (%s)', async (_, make) => {
  const steps = 'steps: { hello: { send: { channel: email, template: a } }, pause: { wait: 5d } }';
  const run = make(
    library([`scenario: offers\n${steps}`, `scenario: orders\npurpose: account\n${steps}`], {
      quietHours: [{ channels: ['email'], allow: 'Mon-Sun 12:00-20:00' }],
    }),
  );
  await run.identify('ada', { email: 'ada@example.com', country: 'FR' });
  await run.consent('ada', 'granted', 'email', 'newsletter');
  await run.consent('ada', 'granted', 'email', 'account');
  await run.track('ada', 'Begun');
  await run.settleInstant();
  await run.object('ada');
  await run.settleInstant();
  const of = async (id: string) => {
    const { enrollments, messages } = await run.of('ada');
    return {
      enrollments: enrollments.filter(({ scenarioId }) => scenarioId === id),
      messages: messages.filter(({ scenarioId }) => scenarioId === id),
    };
  };
  expect(await of('offers')).toMatchObject({
    enrollments: [{ status: 'exited', reason: 'objection', endedAt: START, dueAt: null }],
    messages: [{ status: 'cancelled', reason: 'objection', countedAt: null }],
  });
  expect(await of('orders')).toMatchObject({ enrollments: [{ endedAt: null }], messages: [{ status: 'held' }] });

  await run.runUntil(at('2026-03-02T12:00:00+01:00') + HOUR);
  expect(await of('orders')).toMatchObject({ messages: [{ status: 'sent' }] });
  await run.runUntil(START + 10 * DAY);
  await run.track('ada', 'Begun');
  await run.settleInstant();
  const entered = (await run.of('ada')).enrollments.filter(({ enteredAt }) => enteredAt > START + 9 * DAY);
  expect(entered.map(({ scenarioId }) => scenarioId)).not.toContain('offers');
  expect(contactIdOf('ada')).toBe((await run.of('ada')).contact?.id);
});
