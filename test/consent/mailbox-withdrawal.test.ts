import { addressWithdrawalsOf } from '../../src/consent/index.ts';
import { signToken } from '../../src/consent/token.ts';
import { contactIdOf, derivedId, laneOf } from '../../src/shared/ids.ts';
import { basic, ADMIN } from '../support/service.ts';
import { until } from '../support/until.ts';
import { startWithProgramme, type ConsentTestService } from './programme.ts';

let service: ConsentTestService;
beforeAll(async () => {
  service = await startWithProgramme(['api', 'engine', 'dispatch']);
}, 300_000);
afterAll(() => service?.close());

const identify = async (userId: string, email: string): Promise<void> => {
  expect((await service.post('/v1/identify', { userId, traits: { email } })).status).toBe(200);
};
const say = (userId: string, action: 'granted' | 'withdrawn', purpose = 'newsletter', at?: string): Promise<Response> =>
  service.post('/v1/consent', {
    userId,
    entries: [
      {
        channel: 'email',
        purpose,
        action,
        ...(at !== undefined && { at }),
        source: { kind: 'form', reference: 'shop', textVersion: '1' },
      },
    ],
  });
const token = (userId: string, use: 'unsubscribe' | 'preferences'): string => {
  const contactId = contactIdOf(userId);
  return signToken(
    { contactId, channel: 'email', purpose: 'newsletter', messageId: derivedId(contactId, 'message', 1) },
    use,
    service.config.secret,
  );
};
const oneClick = (userId: string): Promise<Response> =>
  fetch(`${service.url}/u/${token(userId, 'unsubscribe')}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
const messagesOf = (userId: string): Promise<{ status: string; gate: string | null; reason: string | null }[]> =>
  service.db.dataSource.query(
    'SELECT status, gate, reason FROM message WHERE lane = $1 AND contact_id = $2 ORDER BY planned_at, id',
    [laneOf(contactIdOf(userId)), contactIdOf(userId)],
  );
/** Asks for a letter, and says how the contact's messages stand once the last of them is settled or waits. */
async function letter(userId: string, nth: number) {
  await service.post('/v1/track', { userId, event: 'Letter Asked' });
  let messages: Awaited<ReturnType<typeof messagesOf>> = [];
  await until(async () => {
    messages = await messagesOf(userId);
    return messages.length === nth && messages.every(({ status }) => !['ready', 'handing'].includes(status));
  });
  return messages;
}
const CLOSED = { status: 'blocked', gate: 'consent', reason: 'withdrawn-at-address' };
const SENT = expect.objectContaining({ status: 'sent' }) as unknown;

test('C5a: a one-click withdrawal stands for the mailbox, until a contact with it consents again', async () => {
  await identify('ada', 'ada@example.com');
  await identify('ada-again', 'ＡＤＡ@Example.com.');
  await say('ada', 'granted');
  await say('ada-again', 'granted');
  expect((await oneClick('ada')).status).toBe(200);
  expect(await letter('ada-again', 1)).toEqual([CLOSED]);
  const closed = await addressWithdrawalsOf(service.db.database, contactIdOf('ada-again'), Date.now());
  expect(closed).toEqual([{ channel: 'email', purpose: 'newsletter', brand: null, at: expect.any(Number) as unknown }]);
  expect(await addressWithdrawalsOf(service.db.database, contactIdOf('ada-again'), closed[0]!.at - 1)).toEqual([]);
  const proof = await fetch(`${service.url}/api/contacts/ada-again/consents`, {
    headers: { authorization: basic(ADMIN.email, ADMIN.password) },
  });
  expect(await proof.json()).toMatchObject({
    consents: [{ state: 'granted' }],
    withdrawnAtAddress: [{ channel: 'email', purpose: 'newsletter', since: new Date(closed[0]!.at).toISOString() }],
  });
  expect(await letter('ada', 1)).toEqual([{ status: 'blocked', gate: 'consent', reason: 'withdrawn' }]);

  await say('ada-again', 'granted', 'newsletter', '2020-01-01T00:00:00Z');
  expect((await letter('ada-again', 2))[1]).toEqual(CLOSED);
  await say('ada-again', 'granted', 'offers');
  expect((await letter('ada-again', 3))[2]).toEqual(CLOSED);
  await say('ada-again', 'granted');
  expect((await letter('ada-again', 4))[3]).toEqual(SENT);
  // Who withdrew has not consented again.
  expect((await letter('ada', 2))[1]).toMatchObject({ reason: 'withdrawn' });

  await oneClick('ada');
  expect((await letter('ada-again', 5))[4]).toMatchObject({ reason: 'withdrawn-at-address' });
});

test('C5a: what waits for others with the mailbox is judged again at once', async () => {
  await identify('bob', 'bob@example.com');
  await identify('bob-again', 'bob@example.com');
  await say('bob', 'granted');
  await say('bob-again', 'granted');
  expect(await letter('bob-again', 1)).toEqual([SENT]);
  // One a day.
  expect((await letter('bob-again', 2))[1]).toMatchObject({ status: 'held' });
  await oneClick('bob');
  await until(async () => (await messagesOf('bob-again'))[1]?.status === 'blocked');
  expect((await messagesOf('bob-again'))[1]).toEqual(CLOSED);
});

test('C5a: whoever gets the mailbox later is not written to, until they say yes themselves', async () => {
  await identify('eve', 'eve@example.com');
  await say('eve', 'granted');
  await say('eve-later', 'granted');
  await oneClick('eve');
  await identify('eve-later', 'Eve@example.com');
  expect(await letter('eve-later', 1)).toEqual([CLOSED]);
  // At once, before the engine knows the address.
  await identify('eve-new', 'eve@example.com');
  await say('eve-new', 'granted');
  expect(await letter('eve-new', 1)).toEqual([SENT]);
});

test('C5a: what a backend tells of a contact is about that contact', async () => {
  await identify('kim', 'kim@example.com');
  await identify('kim-again', 'kim@example.com');
  await say('kim', 'granted');
  await say('kim-again', 'granted');
  await say('kim', 'withdrawn');
  expect(await letter('kim-again', 1)).toEqual([SENT]);
  // The link of a mail says more, also of somebody who has withdrawn already; and an erasure takes it not back.
  await oneClick('kim');
  await service.db.dataSource.query('DELETE FROM contact WHERE id = $1', [contactIdOf('kim')]);
  expect((await letter('kim-again', 2))[1]).toEqual(CLOSED);
});
