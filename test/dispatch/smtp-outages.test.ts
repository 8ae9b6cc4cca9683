import { SmtpAdapter } from '../../src/channels/index.ts';
import { ConsentService } from '../../src/consent/index.ts';
import { Signal } from '../../src/database/index.ts';
import { PAUSE } from '../../src/dispatch/outcome.ts';
import type { Message } from '../../src/gate/index.ts';
import { Sequence } from '../../src/shared/sequence.ts';
import {
  politely,
  refusingRecipients,
  refusingSenders,
  startMailServer,
  startRudeServer,
  type MailServer,
} from '../channels/mail-server.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import {
  addMessages,
  addPeople,
  clear,
  FakeChannel,
  inboxOf,
  person,
  readyFor,
  scene,
  START,
  storedOne,
  type Scene,
  IN_AIR,
} from './setting.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await clear(db.database);
});

async function keep(server: Promise<MailServer>): Promise<MailServer> {
  const started = await server;
  closing.push(() => started.close());
  return started;
}

/** A dispatcher whose mail goes to this address, and one mail that is due. */
async function withMail(
  url: string,
  timeoutMs = 2_000,
): Promise<Scene & { mail: Message; now: () => ReturnType<typeof storedOne> }> {
  const email = new SmtpAdapter({ url, poolSize: 2, timeoutMs });
  closing.push(() => email.close());
  const setting = scene(db.database, { channels: { email, sms: new FakeChannel('sms') } });
  await addPeople(db.database, [person('ada')]);
  const mail = readyFor('ada');
  await addMessages(db.database, [mail]);
  return { ...setting, mail, now: () => storedOne(db.database, mail) };
}

test('a server that refuses the connection: the mail waits, and goes when it is back (D10)', async () => {
  const gone = await startMailServer();
  await gone.close();
  const { dispatcher, clock, now } = await withMail(gone.url);
  await dispatcher.handOver(10);
  expect(await now()).toMatchObject({
    status: 'ready',
    attempts: 1,
    reason: expect.stringMatching(/ECONNREFUSED/),
    countedAt: IN_AIR,
  });
  expect(await inboxOf(db.database)).toEqual([]);
  clock.moveTo((await now()).dueAt);
  await dispatcher.handOver(10);
  expect(await now()).toMatchObject({ status: 'ready', attempts: 2 });

  const back = await keep(startMailServer({}, Number(new URL(gone.url).port)));
  clock.moveTo((await now()).dueAt);
  await dispatcher.handOver(10);
  expect(await now()).toMatchObject({ status: 'sent', attempts: 3, reason: null });
  expect(back.received).toHaveLength(1);
});

test('a server that hangs before it has taken anything: the mail is tried again (D3, D10)', async () => {
  const silent = await keep(startRudeServer(() => undefined, null));
  const { dispatcher, now } = await withMail(silent.url, 200);
  await dispatcher.handOver(10);
  expect(await now()).toMatchObject({ status: 'ready', attempts: 1, countedAt: IN_AIR });
});

test('a server that hangs with the mail in hand: unknown, counted, and never sent again by itself (D3, P6)', async () => {
  const hanging = await keep(startRudeServer((line, socket) => void (line === '.' || politely(line, socket))));
  const { dispatcher, clock, now } = await withMail(hanging.url, 200);
  await dispatcher.handOver(10);
  expect(await now()).toMatchObject({ status: 'unknown', countedAt: START, settledAt: START });
  expect(await inboxOf(db.database)).toMatchObject([{ kind: 'settled', body: { outcome: 'unknown' } }]);
  clock.moveTo(START + 86_400_000);
  expect(await dispatcher.handOver(10)).toBe(0);
  expect(hanging.received.filter((line) => line === 'DATA')).toHaveLength(1);
});

test('whoever withdraws while the server hangs waits for its time limit, and no longer (D4)', async () => {
  const hanging = await keep(startRudeServer((line, socket) => void (line === '.' || politely(line, socket))));
  const { dispatcher, mail, clock, now } = await withMail(hanging.url, 1_000);
  const handedOver = dispatcher.handOver(10);
  await until(() => hanging.received.includes('.'));
  const signal = new Signal(db.url);
  closing.push(() => signal.close());
  const consent = new ConsentService(db.database, signal, new Sequence(clock), clock);
  const source = { kind: 'one-click', reference: null };
  const asked = performance.now();
  await consent.withdraw(mail.contactId, {
    channel: 'email',
    purpose: 'newsletter',
    source,
    textVersion: null,
    text: null,
    ip: null,
    userAgent: null,
  });
  expect(performance.now() - asked).toBeLessThan(10_000);
  await handedOver;
  expect((await now()).status).toBe('unknown');
});

test('a server that answers 4xx and later accepts: sent once, by the same Message-ID (D3, D10)', async () => {
  let refusals = 2;
  const server = await keep(
    startMailServer({
      onRcptTo: (_address, _session, done) =>
        refusals-- > 0 ? done(Object.assign(new Error('4.7.1 Greylisted'), { responseCode: 451 })) : done(),
    }),
  );
  const { dispatcher, clock, mail, now } = await withMail(server.url);
  for (let attempt = 0; attempt < 3; attempt++) {
    clock.moveTo((await now()).dueAt);
    await dispatcher.handOver(10);
  }
  expect(await now()).toMatchObject({ status: 'sent', attempts: 3 });
  expect(server.received.map((source) => /^Message-ID: <([^@]+)@/m.exec(source)?.[1])).toEqual([mail.id]);
});

test('a server that answers 5xx: failed, the machine is told, and nobody tries again (D10)', async () => {
  const server = await keep(startMailServer(refusingRecipients(554, '5.6.0 Not like this')));
  const { dispatcher, now } = await withMail(server.url);
  await dispatcher.handOver(10);
  expect(await now()).toMatchObject({ status: 'failed', reason: expect.stringMatching(/5\.6\.0/), countedAt: START });
  expect(await inboxOf(db.database)).toMatchObject([{ body: { outcome: 'failed' } }]);
  expect(await dispatcher.nextDue()).toBeNull();
});

test('a server that wants nothing of the sender: the channel rests, and the mail goes when the fault is mended (D10)', async () => {
  const refusing = await startMailServer(refusingSenders(550, '5.7.515 Access denied'));
  const { dispatcher, clock, now } = await withMail(refusing.url);
  await dispatcher.handOver(10);
  await refusing.close();
  expect(await now()).toMatchObject({ status: 'ready', dueAt: START + PAUSE });

  clock.moveTo(START + PAUSE);
  expect(await dispatcher.handOver(10)).toBe(0);
  const mended = await keep(startMailServer({}, Number(new URL(refusing.url).port)));
  clock.moveTo(START + 2 * PAUSE);
  await dispatcher.handOver(10);
  expect(await now()).toMatchObject({ status: 'sent' });
  expect(mended.received).toHaveLength(1);
});
