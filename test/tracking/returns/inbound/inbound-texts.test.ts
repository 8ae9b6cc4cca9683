import { appendToLedger, ledgerOf, recordObjection, suppressDead } from '../../../../src/consent/index.ts';
import type { Contact } from '../../../../src/contacts/index.ts';
import type { Message } from '../../../../src/gate/index.ts';
import { VirtualClock } from '../../../../src/shared/clock.ts';
import { contactIdOf, laneOf } from '../../../../src/shared/ids.ts';
import { Sequence } from '../../../../src/shared/sequence.ts';
import { InboundTexts } from '../../../../src/tracking/returns/inbound/inbound-texts.service.ts';
import type { InboundText } from '../../../../src/tracking/returns/inbound/inbound-text.ts';
import {
  addMessages,
  addPeople,
  clear,
  person,
  readyFor,
  scene,
  settleEngine,
  START,
  stored,
} from '../../../dispatch/setting.ts';
import { HOUR } from '../../../gate/factories.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { clearReturns } from '../setting.ts';
import * as setting from './setting.ts';
import { alert, law, NUMBER, SENT, STOPPED, textTo, type Action } from './setting.ts';

let db: TestDatabase;
let clock: VirtualClock;
let texts: InboundTexts;
let named = 0;
beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(() => {
  clock = new VirtualClock(START);
  texts = taking();
});
afterEach(async () => {
  await clear(db.database);
  await clearReturns(db.database);
});
afterAll(() => db.close());

function taking(rules = law()): InboundTexts {
  return new InboundTexts({
    database: db.database,
    clock,
    sequence: new Sequence(clock),
    signal: { wake: () => undefined } as never,
    library: () => Promise.resolve(rules),
    secret: 'a-secret-of-the-tests-only',
  });
}
const text = (words: string, fields: Partial<InboundText> = {}): InboundText => ({
  kind: 'inbound',
  channel: 'sms',
  source: 'test',
  providerId: `t-${++named}`,
  at: clock.now(),
  from: NUMBER,
  to: '36111',
  text: words,
  takenFor: null,
  ...fields,
});
const say = (words: string, fields: Partial<InboundText> = {}) => texts.take(text(words, fields));

// The ledger forgets nothing, so each test has people of its own.
let run = 0;
const userOf = (name: string): string => `${name}-${run}`;
beforeEach(() => (run += 1));
async function add(name: string, fields: Partial<Contact> = {}): Promise<string> {
  await addPeople(db.database, [person(userOf(name), fields)]);
  return userOf(name);
}
/** What a text to somebody comes to at the dispatcher's last look. */
async function handedOver(message: Message, rules = law()): Promise<Partial<Message>> {
  await addMessages(db.database, [message]);
  const { dispatcher } = scene(db.database, { clock }, rules);
  await dispatcher.handOver(10);
  const { status, gate, reason } = (await stored(db.database)).get(message.id)!;
  return { status, gate, reason };
}
const consentTo = (user: string, purpose: string, action: Action = 'granted'): Promise<unknown> =>
  setting.consentTo(db.database, clock.now(), user, purpose, action);
const ledger = (user: string): Promise<string[]> => setting.ledger(db.database, user);
const eventsOf = (user: string): Promise<unknown[]> => setting.eventsOf(db.database, user);

describe('a STOP', () => {
  test('C6, L5: holds back the advertising of the sender written to, and no alert of it; another sender goes on', async () => {
    const ada = await add('ada');
    expect(await say('Stop SVP')).toEqual({ taken: 'settled', word: 'stop', reply: null });
    expect(await handedOver(textTo(ada, { needsConsent: false }))).toEqual(STOPPED);
    expect(await handedOver(textTo(ada, { ...alert, template: 'text-a', step: 'alert' }))).toEqual(SENT);
    expect(await handedOver(textTo(ada, { needsConsent: false, sender: 'club', step: 'club' }))).toEqual(SENT);
    expect(await handedOver(readyFor(ada, { needsConsent: false, step: 'mail' }))).toEqual(SENT);
  });

  test('C6, L7: withdraws in the ledger with the proof, what was granted and what waits, and nothing of a contract', async () => {
    const ada = await add('ada');
    await consentTo(ada, 'offers');
    await consentTo(ada, 'newsletter', 'pending');
    await consentTo(ada, 'account');
    clock.moveTo(START + HOUR);
    await say('STOP au 36111', { providerId: 'SM-proof', source: 'twilio' });
    const entries = (await ledgerOf(db.database, contactIdOf(ada))).slice(5);
    expect(entries.map(({ purpose, action, at }) => ({ purpose, action, at }))).toEqual([
      { purpose: 'newsletter', action: 'withdrawn', at: START + HOUR },
      { purpose: 'offers', action: 'withdrawn', at: START + HOUR },
    ]);
    expect(entries[0]).toMatchObject({
      channel: 'sms',
      text: 'STOP au 36111',
      source: { kind: 'sms-stop', reference: 'twilio SM-proof, from +33612345678 to 36111' },
    });
  });

  test('L5: a consent that texts of another sender rest on stays; the suppression holds back the one written to', async () => {
    const ada = await add('ada');
    await consentTo(ada, 'offers');
    const club = `scenario: club-offers
programme: club
name: Club
category: marketing
purpose: offers
sender: club
trigger: { event: Asked }
steps:
  text: { send: { channel: sms, template: text-a } }
`;
    texts = taking(law({}, [club]));
    await say('STOP');
    expect(await ledger(ada)).toEqual(['offers granted', 'newsletter withdrawn']);
    const fields = { purpose: 'offers', needsConsent: true };
    expect(await handedOver(textTo(ada, fields))).toEqual(STOPPED);
    expect(await handedOver(textTo(ada, { ...fields, sender: 'club', step: 'club' }))).toEqual(SENT);
  });

  test('L5: with brands, it is to the brand of the sender', async () => {
    const brands = { maison: { label: 'Maison', senders: ['brand'] }, club: { label: 'Club', senders: ['club'] } };
    texts = taking(law({ brands }));
    const ada = await add('ada');
    const said = { channel: 'sms', purpose: 'offers', action: 'granted', at: START, legalBasis: null } as const;
    const proof = { source: { kind: 'form', reference: 'f' }, textVersion: 'v', text: null, ip: null, userAgent: null };
    await db.database.transaction((sql) =>
      appendToLedger(
        sql,
        contactIdOf(ada),
        ['maison', 'club'].map((brand) => ({ ...said, ...proof, brand })),
        START,
      ),
    );
    await say('STOP');
    const last = (await ledgerOf(db.database, contactIdOf(ada))).slice(4);
    expect(last.map(({ brand, action }) => [brand, action])).toEqual([['maison', 'withdrawn']]);
  });

  test('C6: everybody with the number is acted upon, and is told to scenarios by an event', async () => {
    const [ada, bob] = [await add('ada'), await add('bob')];
    for (const user of [ada, bob]) await consentTo(user, 'offers');
    await say('stop');
    for (const user of [ada, bob]) {
      expect(await ledger(user)).toEqual(['offers granted', 'newsletter withdrawn', 'offers withdrawn']);
      expect(await eventsOf(user)).toEqual([
        {
          name: 'SMS Unsubscribed',
          active: false,
          properties: { channel: 'sms', sender: 'brand', senders: ['brand'], text: 'stop' },
        },
      ]);
    }
  });

  test('D4: what is held is judged again and what is ready is not handed over', async () => {
    const ada = await add('ada');
    const held = textTo(ada, { status: 'held', needsConsent: false, dueAt: START + 5 * HOUR, step: 'held' });
    const ready = textTo(ada, { needsConsent: false, step: 'ready' });
    await addMessages(db.database, [held, ready]);
    await say('STOP');
    await settleEngine(db.database, law(), clock.now());
    const { dispatcher, sms } = scene(db.database, { clock }, law());
    await dispatcher.handOver(10);
    const after = await stored(db.database);
    expect([held, ready].map(({ id }) => after.get(id))).toMatchObject([STOPPED, STOPPED]);
    expect(sms.given).toEqual([]);
  });

  test('C6: an unknown number is kept, as a hash, and holds back whoever gets it later', async () => {
    expect((await say('STOP')).taken).toBe('settled');
    const kept = await db.database.run<{ row: unknown }>({
      name: 'test-kept',
      text: 'SELECT to_jsonb(a) AS row FROM suppressed_address a UNION ALL SELECT to_jsonb(i) FROM inbound_text i',
    });
    expect(kept).toHaveLength(2);
    expect(JSON.stringify(kept)).not.toContain('612345678');
    const later = await add('later');
    expect(await handedOver(textTo(later, { needsConsent: false }))).toEqual(STOPPED);
  });

  test('L5: to a number that is no sender’s, or that nobody tells, it is to every sender', async () => {
    const ada = await add('ada');
    await say('STOP', { to: null });
    expect(await handedOver(textTo(ada, { needsConsent: false }))).toEqual(STOPPED);
    expect(await handedOver(textTo(ada, { needsConsent: false, sender: 'club', step: 'club' }))).toEqual(STOPPED);
    expect(await handedOver(textTo(ada, { ...alert, step: 'alert' }))).toEqual(SENT);
  });

  test.each([
    ['06 12 34 56 78', '36111'],
    ['33612345678', '36111'],
    ['0033612345678', '+36111'],
  ])('a number written %s is the contact’s', async (from, to) => {
    const ada = await add('ada');
    await say('STOP', { from, to });
    expect(await handedOver(textTo(ada, { needsConsent: false }))).toEqual(STOPPED);
  });
});

describe('a START', () => {
  test('C6: takes that sender’s STOP back, with the consents the STOP took, in the ledger', async () => {
    const ada = await add('ada');
    await consentTo(ada, 'offers');
    await consentTo(ada, 'newsletter', 'withdrawn');
    clock.moveTo(START + 1);
    await say('STOP');
    await say('STOP', { to: '36222' });
    clock.moveTo(START + 2);
    expect((await say('START')).taken).toBe('settled');
    expect(await ledger(ada)).toEqual(['offers granted', 'newsletter withdrawn', 'offers withdrawn', 'offers granted']);
    expect((await ledgerOf(db.database, contactIdOf(ada))).at(-1)).toMatchObject({
      source: { kind: 'sms-start' },
      text: 'START',
    });
    const fields = { purpose: 'offers', needsConsent: true };
    expect(await handedOver(textTo(ada, fields))).toEqual(SENT);
    expect(await handedOver(textTo(ada, { ...fields, sender: 'club', step: 'club' }))).toEqual(STOPPED);
  });

  test('C6: never an objection, a bounce, or a withdrawal made in another way', async () => {
    const ada = await add('ada');
    await consentTo(ada, 'offers');
    await say('STOP');
    await consentTo(ada, 'offers', 'withdrawn');
    await suppressDead(db.database, [{ channel: 'sms', address: NUMBER, reason: 'hard-bounce' }], START);
    clock.moveTo(START + 1);
    await say('START');
    expect((await ledger(ada)).findLast((entry) => entry.startsWith('offers'))).toBe('offers withdrawn');
    expect(await handedOver(textTo(ada, { ...alert }))).toMatchObject({ reason: 'hard-bounce' });
    await db.database.run({ name: 'test-no-bounce', text: `DELETE FROM suppressed_address WHERE reason <> 'stop'` });
    await db.database.transaction((sql) => recordObjection(sql, contactIdOf(ada), 'objects', 1, START));
    clock.moveTo(START + 2);
    await say('START');
    expect(await handedOver(textTo(ada, { needsConsent: false, step: 'b' }))).toMatchObject({ reason: 'objection' });
  });

  test('a START of somebody who never said STOP gives nothing', async () => {
    const ada = await add('ada');
    await say('START');
    expect(await ledger(ada)).toEqual([]);
    expect(await eventsOf(ada)).toMatchObject([{ name: 'SMS Resubscribed', active: true }]);
  });
});

describe('what is repeated or late', () => {
  test('C6: a text that is told again changes nothing, whatever was said in between', async () => {
    const ada = await add('ada');
    const stop = text('STOP');
    expect((await texts.take(stop)).taken).toBe('settled');
    clock.moveTo(START + 1);
    await say('START');
    clock.moveTo(START + 2);
    expect((await texts.take(stop)).taken).toBe('known');
    expect(await handedOver(textTo(ada, { needsConsent: false }))).toEqual(SENT);
    expect(await eventsOf(ada)).toHaveLength(2);
  });

  test('C6: a STOP from before the START that is known changes nothing, nor a START from before the STOP', async () => {
    const ada = await add('ada');
    clock.moveTo(START + HOUR);
    await say('STOP', { at: START + 10 });
    expect((await say('START', { at: START + 5 })).taken).toBe('known');
    expect(await handedOver(textTo(ada, { needsConsent: false }))).toEqual(STOPPED);
    await say('START', { at: START + 20 });
    expect((await say('STOP', { at: START + 15 })).taken).toBe('known');
    expect(await handedOver(textTo(ada, { needsConsent: false, step: 'b' }))).toEqual(SENT);
  });

  test('one text told twice at the same time is one', async () => {
    await add('ada');
    const stop = text('STOP');
    const taken = await Promise.all([texts.take(stop), texts.take(stop), texts.take(stop)]);
    expect(taken.map((one) => one.taken).toSorted()).toEqual(['known', 'known', 'settled']);
  });
});

describe('the answer', () => {
  const ours = { smsReplies: { by: 'relance' } };

  test('C6: is left to the provider unless the policy says otherwise', async () => {
    for (const words of ['STOP', 'START', 'HELP']) expect((await say(words)).reply).toBeNull();
  });

  test('C6: one confirmation of a STOP; a STOP to it is not answered', async () => {
    const ada = await add('ada', { locale: 'fr-FR' });
    texts = taking(law(ours));
    expect((await say('stop')).reply).toMatchObject({
      to: NUMBER,
      from: '36111',
      contactId: contactIdOf(ada),
      text: 'Maison : vous ne recevrez plus de publicité de notre part par SMS. Pour en recevoir à nouveau, répondez START.',
    });
    expect((await say('stop')).reply).toBeNull();
    expect((await say('STOP STOP')).reply).toBeNull();
  });

  test('C6: none where the provider has answered, in the policy’s own words where it has some, in the person’s language', async () => {
    await add('ada', { locale: 'en-GB' });
    texts = taking(law({ smsReplies: { by: 'relance', stop: { en: 'Bye from {{sender}}, {{contact}}' } } }));
    expect((await say('STOP', { takenFor: 'stop' })).reply).toBeNull();
    clock.moveTo(START + 1);
    expect((await say('START')).reply?.text).toContain('you get our text messages again');
    clock.moveTo(START + 2);
    expect((await say('STOP')).reply?.text).toBe('Bye from Maison, hello@example.com');
  });

  test('HELP is answered once a day, and an answering machine goes no further than five answers', async () => {
    texts = taking(law(ours));
    expect((await say('HELP', { to: '36222' })).reply?.text).toContain('Club');
    expect((await say('HELP')).reply).toBeNull();
    expect((await say('hello')).reply).toBeNull();
    const answered: boolean[] = [];
    for (let turn = 1; turn <= 8; turn++) {
      clock.moveTo(START + turn);
      answered.push((await say(turn % 2 === 1 ? 'STOP' : 'START')).reply !== null);
    }
    expect(answered).toEqual([true, true, true, true, false, false, false, false]);
  });
});

test('a text that says something else is an event of whoever has the number, and a sign of life (L15)', async () => {
  const ada = await add('ada');
  expect(await say('Where is my parcel?')).toEqual({ taken: 'settled', word: 'other', reply: null });
  expect(await eventsOf(ada)).toMatchObject([
    { name: 'SMS Received', active: true, properties: { text: 'Where is my parcel?' } },
  ]);
});

describe('D4: a race of STOP with the dispatcher', () => {
  test('what is being handed over is waited for, and nothing is handed over after the commit', async () => {
    const ada = await add('ada');
    const first = textTo(ada, { needsConsent: false, step: 'first' });
    await addMessages(db.database, [first]);
    const { dispatcher, sms } = scene(db.database, { clock }, law());
    const order: string[] = [];
    let begun!: () => void;
    const under = new Promise<void>((resolve) => (begun = resolve));
    let goOn!: () => void;
    const wait = new Promise<void>((resolve) => (goOn = resolve));
    sms.answer = async () => {
      begun();
      await wait;
      order.push('handed over');
      return { kind: 'sent', providerId: '1' };
    };
    const handing = dispatcher.handOver(10);
    await under;
    // Also of a contact who has got the number only now: its lock is not the number's.
    const stopping = say('STOP').then(() => order.push('stopped'));
    await addMessages(db.database, [textTo(ada, { needsConsent: false, step: 'second' })]);
    goOn();
    await Promise.all([handing, stopping]);
    expect(order).toEqual(['handed over', 'stopped']);
    await dispatcher.handOver(10);
    expect(sms.given).toHaveLength(1);
  });

  test('whoever gets the number while the STOP is being written is held back too', async () => {
    const ada = await add('ada', { phone: '+33600000001' });
    await addMessages(db.database, [textTo(ada, { needsConsent: false })]);
    const stopping = say('STOP');
    await db.database.run(
      { name: 'test-takes-number', text: 'UPDATE contact SET phone = $3 WHERE lane = $1 AND id = $2' },
      [laneOf(contactIdOf(ada)), contactIdOf(ada), NUMBER],
    );
    await stopping;
    const { dispatcher, sms } = scene(db.database, { clock }, law());
    await dispatcher.handOver(10);
    expect(sms.given).toEqual([]);
  });
});

test('D10: a hard bounce of an address holds for another contact who has it, at the gate and at the last look', async () => {
  const bob = await add('bob', { email: 'Shared@example.com' });
  await suppressDead(db.database, [{ channel: 'email', address: 'shared@example.com', reason: 'hard-bounce' }], START);
  const mail = readyFor(bob, { needsConsent: false });
  expect(await handedOver(mail)).toEqual({ status: 'blocked', gate: 'suppression', reason: 'hard-bounce' });
  const held = readyFor(bob, { status: 'held', needsConsent: false, dueAt: START, step: 'held' });
  await addMessages(db.database, [held]);
  await settleEngine(db.database, law(), clock.now());
  expect((await stored(db.database)).get(held.id)).toMatchObject({ status: 'blocked', reason: 'hard-bounce' });
});
