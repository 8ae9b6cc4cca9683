import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import { feedbackAddress, returnAddress, unsubscribeAddress } from '../../../src/channels/index.ts';
import { DatabaseUnavailable } from '../../../src/database/index.ts';
import { createLog } from '../../../src/http/index.ts';
import { VirtualClock } from '../../../src/shared/clock.ts';
import { BounceListener } from '../../../src/tracking/returns/bounce-listener.service.ts';
import type { InboundMail } from '../../../src/tracking/returns/mail/inbound-mail.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { addMessages, addPeople, clear, person, readyFor, START } from '../../dispatch/setting.ts';
import { clearReturns, effects, markSent, returnsOn, SECRET } from './setting.ts';

const SETTINGS = { domain: 'bounces.example.com', secret: SECRET };
const sample = (name: string): string => readFileSync(path.join(import.meta.dirname, 'mails', `${name}.eml`), 'utf8');

let db: TestDatabase;
let listener: BounceListener;
let port: number;
let away = false;
const people: InboundMail[] = [];
const clock = new VirtualClock(START);

beforeAll(async () => {
  db = await createTestDatabase();
  const returns = returnsOn(db.database, clock);
  listener = new BounceListener({
    ...SETTINGS,
    host: '127.0.0.1',
    port: 0,
    clock,
    log: createLog('silent'),
    take: async (mail) => {
      if (away) throw new DatabaseUnavailable('away', null);
      if (mail.kind === 'reports') await returns.take(mail.reports);
      else people.push(mail);
    },
  });
  port = await listener.listen();
});
afterEach(async () => {
  await clear(db.database);
  await clearReturns(db.database);
});
afterAll(async () => {
  await listener.close();
  await db.close();
});

/** Hands a mail to the listener as a foreign server would; resolves with its reply. */
async function bring(to: string | string[], raw: string): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  try {
    const { response } = await transport.sendMail({ envelope: { from: '', to }, raw });
    return response;
  } catch (error) {
    return (error as { response?: string }).response ?? String(error);
  } finally {
    transport.close();
  }
}

async function sentTo(userId: string) {
  await addPeople(db.database, [person(userId, { email: 'ada@example.com' })]);
  const mail = readyFor(userId);
  await addMessages(db.database, [mail]);
  await markSent(db.database, mail);
  return { mail, address: returnAddress(mail.id, 'ada@example.com', SETTINGS) };
}

test('L21: a bounce at its return address suppresses, however often it comes', async () => {
  const { address } = await sentTo('ada-bounces');
  for (let time = 0; time < 2; time++) expect(await bring(address, sample('postfix-unknown-user'))).toMatch(/^250/);
  expect(await effects(db.database)).toMatchObject({
    suppressions: [{ channel: 'email', address: 'ada@example.com', reason: 'hard-bounce' }],
    events: [{ name: 'Email Bounced', bounce: 'hard' }],
  });
});

test('L21: a complaint without Original-Rcpt-To, at the address for feedback loops, is known by the message id', async () => {
  const { mail } = await sentTo('ada-complains');
  const raw = sample('complaint-without-recipient').replaceAll('07c1d1c4-0000-8000-8000-000000000001', mail.id);
  expect(await bring(feedbackAddress(SETTINGS), raw)).toMatch(/^250/);
  expect(await effects(db.database)).toMatchObject({
    suppressions: [{ address: 'ada@example.com', reason: 'complaint' }],
    entries: [{ purpose: 'newsletter', action: 'withdrawn', sourceKind: 'complaint' }],
  });
});

test('L21: a complaint with all of ours taken out but the return address is known by it', async () => {
  const { address } = await sentTo('ada-redacted');
  const raw = sample('complaint-redacted').replace('return-address@bounces.example.com', address);
  expect(await bring(feedbackAddress(SETTINGS), raw)).toMatch(/^250/);
  expect((await effects(db.database)).suppressions).toMatchObject([
    { address: 'ada@example.com', reason: 'complaint' },
  ]);
});

test('L20: a refusal of the sender pauses and suppresses nobody; out of office changes nothing at all', async () => {
  const { address } = await sentTo('ada-away');
  const before = await effects(db.database);
  for (const name of ['out-of-office', 'exim-delayed', 'not-spam'])
    expect(await bring(address, sample(name))).toMatch(/^250/);
  expect(await effects(db.database)).toEqual(before);
  await bring(address, sample('outlook-sender-refused'));
  expect(await effects(db.database)).toMatchObject({ suppressions: [], pauses: [{ channel: 'email' }] });
});

test.each([
  'ada@example.com',
  'postmaster@bounces.example.com',
  'bounce+aaaa@bounces.example.com',
  feedbackAddress({ ...SETTINGS, secret: 'of-another-installation' }),
])('%s is refused before any mail is taken', async (to) => {
  expect(await bring(to, sample('complaint'))).toMatch(/^550 5\.1\.1/);
});

test('what is too large is refused, and so are too many recipients at once', async () => {
  const { address } = await sentTo('ada-large');
  expect(await bring(address, `Subject: x\r\n\r\n${'x'.repeat(3 * 1024 * 1024)}`)).toMatch(/^552/);
  const eleven = Array.from({ length: 11 }, (_, index) =>
    returnAddress(`07c1d1c4-0000-8000-8000-0000000000${10 + index}`, 'x', SETTINGS),
  );
  expect(await bring(eleven, sample('complaint'))).toMatch(/^250/);
});

test('while the database is away the sender is told to try again', async () => {
  const { address } = await sentTo('ada-later');
  away = true;
  expect(await bring(address, sample('postfix-unknown-user'))).toMatch(/^451 4\.3\.0/);
  away = false;
  await bring(address, sample('postfix-unknown-user'));
  expect((await effects(db.database)).suppressions).toHaveLength(1);
});

test('C5b: a mail to the address of a mailto is the way out of its message, whatever it says; an answer is an answer', async () => {
  const { mail, address } = await sentTo('ada-writes');
  const out = unsubscribeAddress(mail.id, 'ada@example.com', SETTINGS);
  expect(out.split('@')[0]!.length).toBeLessThanOrEqual(64);
  people.length = 0;
  for (const raw of [
    'Subject: \r\n\r\n',
    'From: ada@example.com\r\nAuto-Submitted: auto-generated\r\nSubject: x\r\n\r\nx',
  ])
    expect(await bring(out.toUpperCase(), raw)).toMatch(/^250/);
  expect(people).toEqual([1, 2].map(() => ({ kind: 'unsubscribe', link: null, messageId: mail.id })));
  people.length = 0;
  await bring(address, 'From: ada@example.com\r\nSubject: Re: Hello\r\n\r\nThank you!');
  await bring(out, 'From: a@example.com\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nAway');
  expect(people).toMatchObject([{ kind: 'reply', messageId: mail.id, stops: false }, { kind: 'automatic' }]);
});

test('C5b: an address for one use is none for another', async () => {
  const { mail, address } = await sentTo('ada-two-uses');
  const out = unsubscribeAddress(mail.id, 'ada@example.com', SETTINGS);
  for (const wrong of [out.replace('unsubscribe+', 'bounce+'), address.replace('bounce+', 'unsubscribe+')])
    expect(await bring(wrong, 'Subject: x\r\n\r\nx')).toMatch(/^550/);
});
