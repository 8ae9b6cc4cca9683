import { performance } from 'node:perf_hooks';
import { Database, Signal } from '../../src/database/index.ts';
import { PreferencesService } from '../../src/preferences/preferences.service.ts';
import { contactIdOf, type Id } from '../../src/shared/ids.ts';
import { Sequence } from '../../src/shared/sequence.ts';
import { racingMails } from '../dispatch/racing.ts';
import { FakeChannel, scene, START, stored } from '../dispatch/setting.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 12 });
});
afterAll(() => db.close());

test('nothing is handed over after the pause that forbids it has committed, whatever the race (D4)', async () => {
  const names = Array.from({ length: 80 }, (_, index) => `user-${index}`);
  const { mails, email, handedOver } = await racingMails(db.database, names, 5, () => 3, 4);
  const dispatchers = [1, 2].map(() => scene(db.database, { channels: { email, sms: new FakeChannel('sms') } }));
  const clock = { now: () => START };
  const signal = new Signal(db.url);
  const preferences = new PreferencesService(new Database(db.dataSource), signal, new Sequence(clock), clock, {
    purposes: () => Promise.resolve(new Map()),
    doubleOptIn: () => Promise.resolve(null),
  } as never);
  const voice = {
    source: { kind: 'preference-centre', reference: null },
    words: () => ({ text: null, textVersion: null }),
    ip: null,
    userAgent: null,
  };
  const committed = new Map<Id, number>();
  await Promise.all([
    ...dispatchers.map(async ({ dispatcher }) => {
      while ((await dispatcher.handOver(16)) > 0);
    }),
    (async () => {
      for (const id of names.map(contactIdOf).reverse()) {
        await preferences.save(id, { consents: [], own: { pauseUntil: START + 86_400_000 }, stop: false }, [], voice);
        committed.set(id, performance.now());
      }
    })(),
  ]);
  await signal.close();
  const after = await stored(db.database);
  let stopped = 0;
  for (const { id, contactId } of mails) {
    const handed = handedOver.get(id);
    expect(after.get(id)!.status).toBe(handed === undefined ? 'held' : 'sent');
    if (handed === undefined) stopped += 1;
    else expect(handed).toBeLessThan(committed.get(contactId)!);
  }
  expect([stopped > 0, handedOver.size > 0]).toEqual([true, true]);
});
