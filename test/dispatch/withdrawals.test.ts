import { performance } from 'node:perf_hooks';
import { ConsentService } from '../../src/consent/index.ts';
import { Database, Signal } from '../../src/database/index.ts';
import { contactIdOf, type Id } from '../../src/shared/ids.ts';
import { Sequence } from '../../src/shared/sequence.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { racingMails } from './racing.ts';
import { FakeChannel, inboxOf, scene, START, stored } from './setting.ts';

const PEOPLE = 300;
const MAILS_EACH = 8;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
});
afterAll(() => db.close());

/** Chance that is the same in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('nothing is handed over after the withdrawal it needed has committed, whatever the race (D4)', async () => {
  const random = chance(20_260_302);
  const names = Array.from({ length: PEOPLE }, (_, index) => `user-${index}`);
  const {
    mails,
    email,
    handedOver: endOfHandOver,
  } = await racingMails(db.database, names, MAILS_EACH, () => random() * 8, 6);
  const dispatchers = Array.from({ length: 3 }, () =>
    scene(db.database, { channels: { email, sms: new FakeChannel('sms') } }),
  );
  const race = { over: false };
  const dispatched = Promise.all(
    dispatchers.map(async ({ dispatcher }) => {
      while ((await dispatcher.handOver(32)) > 0 || (await dispatcher.nextDue()) !== null);
      race.over = true;
    }),
  );

  const clock = { now: () => START };
  const signal = new Signal(db.url);
  const consent = new ConsentService(new Database(db.dataSource), signal, new Sequence(clock), clock);
  const committed = new Map<Id, number>();
  const source = { kind: 'one-click', reference: null };
  const leaving = names.filter(() => random() < 0.8).map(contactIdOf);
  const withdrawing = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!race.over) {
        const contactId = leaving.pop();
        if (contactId === undefined) return;
        await consent.withdraw(contactId, {
          channel: 'email',
          purpose: 'newsletter',
          source,
          textVersion: null,
          text: null,
          ip: null,
          userAgent: null,
        });
        committed.set(contactId, performance.now());
        await new Promise((resolve) => setTimeout(resolve, random() * 10));
      }
    }),
  );
  await Promise.all([dispatched, withdrawing]);
  await signal.close();

  const after = await stored(db.database);
  let handedBefore = 0;
  let stopped = 0;
  for (const mail of mails) {
    const { status } = after.get(mail.id)!;
    const end = endOfHandOver.get(mail.id);
    expect(status).toBe(end === undefined ? 'blocked' : 'sent');
    const withdrawn = committed.get(mail.contactId);
    if (withdrawn === undefined) expect(status).toBe('sent');
    else if (end === undefined) stopped += 1;
    else {
      expect(end).toBeLessThan(withdrawn);
      handedBefore += 1;
    }
  }
  // There was a race: both happened, many times.
  expect(handedBefore).toBeGreaterThan(100);
  expect(stopped).toBeGreaterThan(100);
  expect((await inboxOf(db.database)).filter(({ kind }) => kind === 'settled')).toHaveLength(mails.length);
});
