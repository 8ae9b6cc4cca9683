import { appendToLedger, recordObjection, suppressDead } from '../../src/consent/index.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';
import { TemplateCache } from '../../src/templates/index.ts';
import { DAY, HOUR, MINUTE } from '../gate/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  addMessages,
  addPeople,
  clear,
  composer,
  decisionsOf,
  inboxOf,
  library,
  person,
  readyFor,
  scene,
  settleEngine,
  START,
  stored,
  storedOne,
} from './setting.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => clear(db.database));
afterAll(() => db.close());

const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `user-${index}`);

test('a message that passed the gate is handed over once, and settled (D3, D6)', async () => {
  const { dispatcher, email, clock } = scene(db.database);
  await addPeople(db.database, [person('ada')]);
  const mail = readyFor('ada');
  await addMessages(db.database, [mail]);
  expect(await dispatcher.nextDue()).toBe(START);
  clock.moveTo(START + 500);
  expect(await dispatcher.handOver(10)).toBe(1);
  expect(await dispatcher.handOver(10)).toBe(0);
  expect(email.given).toEqual([
    expect.objectContaining({ messageId: mail.id, to: 'ada@example.com', subject: 'Hello', idempotencyKey: mail.id }),
  ]);
  expect(await storedOne(db.database, mail)).toMatchObject({
    status: 'sent',
    settledAt: START + 500,
    countedAt: START + 500,
    providerId: '250 ok',
    attempts: 1,
    leaseUntil: null,
  });
  expect(await inboxOf(db.database)).toEqual([
    {
      contactId: mail.contactId,
      kind: 'settled',
      body: { messageId: mail.id, enrollmentId: null, step: 'mail', outcome: 'sent' },
    },
  ]);
  expect(await dispatcher.nextDue()).toBeNull();
});

test('messages leave in priority order, then in the order in which they fell due, over all lanes (T4)', async () => {
  const { dispatcher, email, clock } = scene(db.database);
  const users = people(60);
  await addPeople(
    db.database,
    users.map((user) => person(user)),
  );
  const planned = users.map((user, index) =>
    readyFor(user, { priority: ((index * 7) % 5) * 20, dueAt: START - ((index * 13) % 60) * 1_000 }),
  );
  await addMessages(db.database, planned);
  clock.moveTo(START);
  while ((await dispatcher.handOver(7)) > 0);
  const expected = [...planned].sort((a, b) => b.priority - a.priority || a.dueAt - b.dueAt);
  expect(email.ids).toEqual(expected.map(({ id }) => id));
});

test('what waited for its hours is spread out when they open, in priority order; who comes first does not wait for the rest (T4)', async () => {
  const { dispatcher, email, clock } = scene(db.database, { openingRate: 10 });
  const users = people(12);
  await addPeople(
    db.database,
    users.map((user) => person(user)),
  );
  const waited = users.slice(1).map((user, index) => readyFor(user, { heldUntil: START, priority: 40 - index }));
  await addMessages(db.database, waited);
  clock.moveTo(START);
  expect(await dispatcher.handOver(4)).toBe(4);
  // Four at ten a second: 400 ms until the next.
  expect(await dispatcher.handOver(4)).toBe(0);
  expect(await dispatcher.nextDue()).toBe(START + 400);
  const urgent = readyFor(users[0]!, { priority: 90, category: 'transactional', dueAt: START });
  await addMessages(db.database, [urgent]);
  clock.moveTo(START + 399);
  expect(await dispatcher.handOver(4)).toBe(0);
  clock.moveTo(START + 400);
  expect(await dispatcher.handOver(4)).toBe(4);
  // Three of these had waited.
  clock.moveTo(START + 700);
  expect(await dispatcher.handOver(4)).toBe(4);
  expect(await dispatcher.nextDue()).toBeNull();
  expect(email.ids).toEqual([...waited.slice(0, 4), urgent, ...waited.slice(4)].map(({ id }) => id));
});

test('what is not due yet, or waits for a judgement, is left alone', async () => {
  const { dispatcher, email } = scene(db.database);
  await addPeople(db.database, [person('ada')]);
  await addMessages(db.database, [
    readyFor('ada', { dueAt: START + MINUTE }),
    ...(['held', 'sent', 'unknown', 'blocked', 'cancelled'] as const).map((status) => readyFor('ada', { status })),
  ]);
  expect(await dispatcher.handOver(10)).toBe(0);
  expect(email.given).toEqual([]);
  expect(await dispatcher.nextDue()).toBe(START + MINUTE);
});

describe('between judgement and hand-over', () => {
  const source = { kind: 'form', reference: null };
  const withdrawal = {
    channel: 'email',
    purpose: 'newsletter',
    action: 'withdrawn' as const,
    at: START,
    legalBasis: null,
    source,
    textVersion: null,
    text: null,
    ip: null,
    userAgent: null,
  };
  const suppress = (address: string): Promise<unknown> =>
    suppressDead(db.database, [{ channel: 'email', address, reason: 'complaint' }], 0);
  const object = (): Promise<unknown> =>
    db.database.transaction((sql) => recordObjection(sql, contactIdOf('ada'), 'objects', 1, START));
  const changeAddress = (email: string | null): Promise<unknown> =>
    db.database.run(
      { name: 'test-change-address', text: 'UPDATE contact SET email = $2 WHERE lane = $3 AND id = $1' },
      [contactIdOf('ada'), email, laneOf(contactIdOf('ada'))],
    );

  test.each<[string, () => Promise<unknown>, string, string]>([
    [
      'consent is withdrawn',
      () => db.database.transaction((sql) => appendToLedger(sql, contactIdOf('ada'), [withdrawal], START)),
      'consent',
      'withdrawn',
    ],
    ['the address is suppressed', () => suppress('Ada@example.com'), 'suppression', 'complaint'],
    ['the person objects', object, 'suppression', 'objection'],
    ['the address is taken away', () => changeAddress(null), 'address', 'no-address'],
  ])(
    '%s: blocked, with its decision record and its room given back (D4, D6, P6)',
    async (_name, change, gate, reason) => {
      const { dispatcher, email } = scene(db.database);
      await addPeople(db.database, [person('ada')]);
      const mail = readyFor('ada', { judged: 2 });
      await addMessages(db.database, [mail]);
      await change();
      await dispatcher.handOver(10);
      expect(email.given).toEqual([]);
      expect(await storedOne(db.database, mail)).toMatchObject({
        status: 'blocked',
        gate,
        reason,
        countedAt: null,
        settledAt: START,
        judged: 3,
      });
      expect(await decisionsOf(db.database, mail)).toEqual([
        {
          messageId: mail.id,
          contactId: mail.contactId,
          ordinal: 3,
          at: START,
          verdict: 'block',
          gate,
          reason,
          rule: null,
          until: null,
          policyVersion: 1,
          gates: [{ gate, passed: false, reason }],
        },
      ]);
      const inbox = await inboxOf(db.database);
      expect(inbox.at(-1)).toMatchObject({ kind: 'settled', body: { outcome: 'blocked' } });
    },
  );

  test('the address is changed: the mail goes to the new one, though the old one is dead', async () => {
    const { dispatcher, email } = scene(db.database);
    await addPeople(db.database, [person('ada')]);
    await addMessages(db.database, [readyFor('ada')]);
    await suppress('ada@example.com');
    await changeAddress('countess@example.com');
    await dispatcher.handOver(10);
    expect(email.given).toMatchObject([{ to: 'countess@example.com' }]);
  });

  test('its hours close: back to the gate, which holds it until they open, and its room is given back (P6, T1)', async () => {
    const law = library({ quietHours: [{ channels: ['email'], allow: 'Mon-Sun 09:00-12:00' }] });
    const { dispatcher, email, clock } = scene(db.database, {}, law);
    await addPeople(db.database, [person('ada')]);
    const mail = readyFor('ada');
    await addMessages(db.database, [mail]);
    clock.moveTo(START + 3 * HOUR);
    await dispatcher.handOver(10);
    expect(email.given).toEqual([]);
    expect(await storedOne(db.database, mail)).toMatchObject({
      status: 'held',
      dueAt: START + 3 * HOUR,
      countedAt: null,
      settledAt: null,
    });
    expect(await inboxOf(db.database)).toEqual([]);

    await settleEngine(db.database, law, START + 3 * HOUR);
    const opening = Date.parse('2026-03-03T08:00:00Z');
    expect(await storedOne(db.database, mail)).toMatchObject({
      status: 'held',
      gate: 'quiet-hours',
      dueAt: opening,
      countedAt: null,
    });
    await settleEngine(db.database, law, opening);
    clock.moveTo(opening);
    await dispatcher.handOver(10);
    expect(await storedOne(db.database, mail)).toMatchObject({
      status: 'sent',
      countedAt: opening,
      heldUntil: opening,
    });
  });

  test('its time runs out while it waits for the dispatcher: the gate lets it expire', async () => {
    const law = library();
    const { dispatcher, email, clock } = scene(db.database, {}, law);
    await addPeople(db.database, [person('ada')]);
    const mail = readyFor('ada', { expiresAt: START + HOUR });
    await addMessages(db.database, [mail]);
    clock.moveTo(START + HOUR);
    await dispatcher.handOver(10);
    await settleEngine(db.database, law, START + HOUR);
    expect(email.given).toEqual([]);
    expect(await storedOne(db.database, mail)).toMatchObject({ status: 'expired', countedAt: null });
  });
});

describe('a template that cannot be rendered (D9)', () => {
  test('blocks its one message with the fault, and the others of the batch go', async () => {
    const { dispatcher, email } = scene(db.database);
    await addPeople(db.database, [
      person('ada', { attributes: { renewal: 'soon' } }),
      person('bea', { attributes: { renewal: '2026-09-01' } }),
      person('cyd'),
    ]);
    const [bad, good, plain, missing] = [
      readyFor('ada', { template: 'dated' }),
      readyFor('bea', { template: 'dated' }),
      readyFor('cyd'),
      readyFor('cyd', { template: 'nowhere' }),
    ];
    await addMessages(db.database, [bad, good, plain, missing]);
    await dispatcher.handOver(10);
    expect(email.ids.sort()).toEqual([good.id, plain.id].sort());
    const after = await stored(db.database);
    expect(after.get(bad.id)).toMatchObject({
      status: 'blocked',
      gate: 'template',
      reason: expect.stringMatching(/date/),
      countedAt: null,
    });
    expect(after.get(missing.id)).toMatchObject({
      status: 'blocked',
      gate: 'template',
      reason: expect.stringMatching(/nowhere/),
    });
    expect(await decisionsOf(db.database, bad)).toMatchObject([{ ordinal: 2, verdict: 'block', gate: 'template' }]);
  });

  test('a database that is away while a template is loaded is no fault of the template: nothing is blocked', async () => {
    const failing = new TemplateCache(() =>
      db.database.run({ name: 'test-lost', text: `SELECT pg_terminate_backend(pg_backend_pid())` }).then(() => null),
    );
    const { dispatcher, email } = scene(db.database, { composer: composer(failing) });
    await addPeople(db.database, [person('ada')]);
    const mail = readyFor('ada');
    await addMessages(db.database, [mail]);
    await expect(dispatcher.handOver(10)).rejects.toThrow(/cannot be reached/);
    expect(email.given).toEqual([]);
    expect((await storedOne(db.database, mail)).status).not.toBe('blocked');
    const { dispatcher: next } = scene(db.database);
    await next.sweep();
  });
});

test('an outcome reaches the inbox and moves the machine on (D2)', async () => {
  const law = library({}, [
    'trigger: { event: Begun }\nsteps: { hello: { send: { channel: email, template: mail-a } }, pause: { wait: 2d } }',
  ]);
  const { dispatcher, clock } = scene(db.database, {}, law);
  await addPeople(db.database, [person('ada')]);
  await db.database.run(
    {
      name: 'test-enrol',
      text: `INSERT INTO inbox (lane, seq, id, contact_id, received_at, kind, body)
             VALUES ($1, 1, $2, $2, to_timestamp($3::float8 / 1000), 'enrol', '{"scenarioId": "trial", "properties": {}}')`,
    },
    [laneOf(contactIdOf('ada')), contactIdOf('ada'), START],
  );
  const enrollment = async () =>
    (
      await db.database.run<{ status: string; state: { value: string }; dueAt: number | null }>({
        name: 'test-enrollments',
        text: 'SELECT status, state, due_at AS "dueAt" FROM enrollment',
      })
    )[0]!;
  await settleEngine(db.database, law, START);
  expect(await enrollment()).toMatchObject({ status: 'active', state: { value: 'hello' } });
  clock.moveTo(START + 1_000);
  await dispatcher.handOver(10);
  await settleEngine(db.database, law, START + 1_000);
  expect(await inboxOf(db.database)).toEqual([]);
  expect(await enrollment()).toMatchObject({
    status: 'waiting',
    state: { value: 'pause' },
    dueAt: START + 1_000 + 2 * DAY,
  });
});
