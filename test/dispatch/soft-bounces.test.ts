import { smtpOutcome } from '../../src/channels/smtp-outcome.ts';
import type { Message } from '../../src/gate/index.ts';
import type { Report } from '../../src/tracking/returns/report.ts';
import { HOUR } from '../gate/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { suppressedAddresses } from '../support/suppressed.ts';
import { about, clearReturns, returnsOn } from '../tracking/returns/setting.ts';
import { addMessages, addPeople, clear, library, person, readyFor, scene, sent, START, storedOne } from './setting.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(async () => {
  await clear(db.database);
  await clearReturns(db.database);
});
afterAll(() => db.close());

const refused = (response: string) =>
  smtpOutcome({
    responseCode: Number(response.slice(0, 3)),
    response,
    command: 'RCPT TO',
    message: response,
    begun: false,
  });
const FULL = refused('552 5.2.2 Mailbox full');
const FULL_NOW = refused('452 4.2.2 Mailbox full');
const SUPPRESSED = [{ channel: 'email', address: 'ada@example.com', reason: 'soft-bounces' }];

/** Ada, and a policy by which the second soft bounce gives her address up. */
async function setUp() {
  const law = library({ softBounces: { max: 2, within: '30d' } });
  const set = scene(db.database, {}, law);
  await addPeople(db.database, [person('ada')]);
  const handOver = async (fields: Partial<Message> = {}): Promise<Message> => {
    const mail = readyFor('ada', fields);
    await addMessages(db.database, [mail]);
    await set.dispatcher.handOver(10);
    return mail;
  };
  const soft = (mail: Message) => about(mail, { meaning: 'soft', status: '5.2.2', at: START } as Partial<Report>);
  return { ...set, handOver, soft, returns: returnsOn(db.database, set.clock, law) };
}
const counted = (): Promise<{ source: string; status: string }[]> =>
  db.database.run({
    name: 'test-soft',
    text: `SELECT source, status FROM message_return WHERE kind = 'soft' ORDER BY at, source`,
  });

describe('a full mailbox refused during the hand-over', () => {
  test('L21: for good is a soft bounce, and suppresses with the number of the policy', async () => {
    const { email, handOver } = await setUp();
    email.answer = () => FULL;
    expect(await storedOne(db.database, await handOver())).toMatchObject({ status: 'failed', countedAt: START });
    expect(await suppressedAddresses(db.database)).toEqual([]);
    await handOver();
    expect(await counted()).toEqual([
      { source: 'smtp', status: '5.2.2' },
      { source: 'smtp', status: '5.2.2' },
    ]);
    expect(await suppressedAddresses(db.database)).toEqual(SUPPRESSED);
  });

  test('L21: two of one batch count as two', async () => {
    const { email, handOver } = await setUp();
    email.answer = () => FULL;
    await addMessages(db.database, [readyFor('ada')]);
    await handOver();
    expect(await suppressedAddresses(db.database)).toEqual(SUPPRESSED);
  });

  test('L21: counts together with what is reported, and once when both say it', async () => {
    const { email, handOver, returns, soft } = await setUp();
    email.answer = () => FULL;
    const first = await handOver();
    expect(await returns.take([soft(first)])).toEqual(['known']);
    expect(await suppressedAddresses(db.database)).toEqual([]);
    email.answer = () => sent;
    const second = await handOver();
    expect(await returns.take([soft(second)])).toEqual(['settled']);
    expect(await suppressedAddresses(db.database)).toEqual(SUPPRESSED);
  });

  test('D10: for now is tried again, counts for nothing when it is taken, and once when it expires', async () => {
    const { clock, email, dispatcher, handOver } = await setUp();
    email.answer = () => FULL_NOW;
    const taken = await handOver();
    const { dueAt, status } = await storedOne(db.database, taken);
    expect(status).toBe('ready');
    email.answer = () => sent;
    clock.moveTo(dueAt);
    await dispatcher.handOver(10);
    expect(await storedOne(db.database, taken)).toMatchObject({ status: 'sent', attempts: 2 });
    expect(await counted()).toEqual([]);

    email.answer = () => FULL_NOW;
    const mail = await handOver({ expiresAt: START + HOUR });
    let after = await storedOne(db.database, mail);
    for (; after.status === 'ready'; after = await storedOne(db.database, mail)) {
      clock.moveTo(after.dueAt);
      await dispatcher.handOver(10);
    }
    expect(after).toMatchObject({ status: 'expired', countedAt: null });
    expect(after.attempts).toBeGreaterThan(2);
    expect(await counted()).toEqual([{ source: 'smtp', status: '4.2.2' }]);
    expect(await suppressedAddresses(db.database)).toEqual([]);
  });

  test.each(['554 5.3.2 System not accepting messages', '554 5.6.0 Malformed'])(
    'D10: %s is not the mailbox’s',
    async (response) => {
      const { email, handOver } = await setUp();
      email.answer = () => refused(response);
      await handOver();
      await handOver();
      expect(await counted()).toEqual([]);
      expect(await suppressedAddresses(db.database)).toEqual([]);
    },
  );

  test('what nobody understands counts as one too, and is kept as not understood', async () => {
    const { email, handOver } = await setUp();
    email.answer = () => refused('550 5.5.0 Computer says no');
    await handOver();
    email.answer = () => FULL;
    await handOver();
    expect(
      await db.database.run({
        name: 'test-kinds',
        text: 'SELECT kind, status, reason FROM message_return ORDER BY kind',
      }),
    ).toEqual([
      { kind: 'soft', status: '5.2.2', reason: '552 5.2.2 Mailbox full' },
      { kind: 'unknown', status: '5.5.0', reason: '550 5.5.0 Computer says no' },
    ]);
    expect(await suppressedAddresses(db.database)).toEqual(SUPPRESSED);
  });
});
