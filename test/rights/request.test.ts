import { describeRequests, receivedAt as asReceived } from '../../src/cli/requests.ts';
import { Metrics, type Log } from '../../src/http/index.ts';
import { eraseContact } from '../../src/rights/erasure/erasure.store.ts';
import { providersOf } from '../../src/rights/recipients/recipients.ts';
import { RequestAlarm } from '../../src/rights/requests/alarm.service.ts';
import { dueAfter, stageOf, type RequestKind, type RightsRequest } from '../../src/rights/requests/request.ts';
import {
  answerRequest,
  endRequest,
  prolongRequest,
  registerRequest,
  requestId,
  requestsOf,
} from '../../src/rights/requests/requests.store.ts';
import { formatInstant } from '../../src/shared/clock.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const DAY = 86_400_000;

describe('L10: a request must be answered within a calendar month', () => {
  test.each([
    ['2026-11-24T07:30:00.000Z', '2026-12-24T07:30:00.000Z'],
    ['2026-12-31T23:59:59.999Z', '2027-01-31T23:59:59.999Z'],
    // No such day in the next month: its last.
    ['2027-01-31T10:00:00.000Z', '2027-02-28T10:00:00.000Z'],
    ['2028-01-30T10:00:00.000Z', '2028-02-29T10:00:00.000Z'],
  ])('what comes at %s is due at %s', (received, due) => {
    expect(formatInstant(dueAfter(Date.parse(received)))).toBe(due);
  });

  test('its id tells the lane, and nothing else, of the contact', () => {
    const contact = contactIdOf('ada');
    const [one, two] = [requestId(contact, 'a'), requestId(contact, 'b')];
    expect([laneOf(one), laneOf(two)]).toEqual([laneOf(contact), laneOf(contact)]);
    expect(one).not.toBe(two);
  });
});

describe('L10: an open request', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase({ poolSize: 2 });
  });
  afterAll(() => db.close());

  const received = Date.parse('2026-11-01T10:00:00Z');
  const asker = { origin: 'api', actor: 'dpo@example.com' } as const;
  const opened = (user: string, kind: RequestKind, at = received) =>
    registerRequest(db.database, { contactId: contactIdOf(user), kind, asker }, at, at);
  const registered = async (id: string): Promise<RightsRequest> =>
    (await requestsOf(db.database, null)).find((one) => one.id === id)!;
  const audited = (id: string): Promise<object[]> =>
    db.dataSource.query('SELECT actor, action FROM audit WHERE subject = $1 ORDER BY at, id', [id]);
  const close = async (): Promise<void> => {
    for (const { id } of await requestsOf(db.database, 'open'))
      await endRequest(db.database, id, 'withdrawn', asker, received);
  };

  test('is an alarm from its 25th day on, in the log and at /metrics', async () => {
    const { id } = await opened('ada', 'export');
    const warned: object[] = [];
    const quiet = (): void => {};
    const log = { error: quiet, info: quiet, debug: quiet, trace: quiet, warn: (what: object) => warned.push(what) };
    const metrics = new Metrics();
    const clock = { at: 0, now: () => clock.at };
    const alarm = new RequestAlarm(db.database, metrics, clock, log as unknown as Log);
    const lookAfter = async (days: number): Promise<void> => {
      clock.at = received + days * DAY;
      await alarm.look();
    };
    await lookAfter(24.99);
    expect(warned).toEqual([]);
    await lookAfter(25);
    expect(warned).toEqual([{ open: 1, late: 1, overdue: 0 }]);
    expect(await metrics.registry.metrics()).toContain('relance_rights_requests{age="late"} 1');

    // With two months more it is quiet again until five days before its new term, 1 February.
    expect(
      formatInstant((await prolongRequest(db.database, id, 'many', 'dpo@example.com', received + 29 * DAY))!),
    ).toBe('2027-02-01T10:00:00.000Z');
    warned.length = 0;
    await lookAfter(86.99);
    expect(warned).toEqual([]);
    await lookAfter(87);
    expect(warned).toEqual([{ open: 1, late: 1, overdue: 0 }]);
    await lookAfter(92);
    expect(warned.at(-1)).toEqual({ open: 1, late: 1, overdue: 1 });
    await close();
  });

  test('is answered by what it asks for, whoever does it, with its own clock; the opposite answers nothing', async () => {
    const [first, second] = [await opened('bob', 'objection'), await opened('bob', 'objection', received + DAY)];
    const contactId = contactIdOf('bob');
    const done = received + 3 * DAY;
    const object = (said: string, anew = false) =>
      answerRequest(db.database, { contactId, kind: 'objection', asker, anew }, done, () => Promise.resolve({ said }));
    await object('takes-back', true);
    expect(await registered(first.id)).toMatchObject({ state: 'open', doneAt: null });
    await object('objects');
    for (const { id } of [first, second])
      expect(await registered(id)).toMatchObject({ state: 'done', doneAt: done, report: { said: 'objects' } });
    expect(await registered(first.id)).toMatchObject({ receivedAt: received, dueAt: first.dueAt });
    expect(await audited(first.id)).toEqual([
      { actor: 'dpo@example.com', action: 'request.open' },
      { actor: 'dpo@example.com', action: 'contact.objection' },
    ]);
  });

  test('of an erasure is answered by the erasure, also of somebody who is not known', async () => {
    const { id } = await opened('nobody', 'erasure');
    const report = await eraseContact(db.database, contactIdOf('nobody'), asker, providersOf({}), received + DAY);
    expect(report.requestId).toBe(id);
    expect(await registered(id)).toMatchObject({ state: 'done', report: { addresses: 0 } });
    expect(
      await db.dataSource.query('SELECT FROM rights_request WHERE contact_id = $1', [contactIdOf('nobody')]),
    ).toEqual([]);
  });

  test('is extended once, and within its month only (GDPR Art. 12(3))', async () => {
    const { id, dueAt } = await opened('eve', 'export', Date.parse('2027-11-30T10:00:00Z'));
    const prolong = (at: number) => prolongRequest(db.database, id, 'complex', 'dpo@example.com', at);
    await expect(prolong(dueAt)).rejects.toThrow('is over');
    expect(formatInstant((await prolong(dueAt - 1))!)).toBe('2028-02-29T10:00:00.000Z');
    await expect(prolong(dueAt - 1)).rejects.toThrow('before');
    expect(await registered(id)).toMatchObject({ extendedAt: dueAt - 1, extendedBecause: 'complex' });
    expect(await prolongRequest(db.database, requestId(id, contactIdOf('x')), 'many', 'x', received)).toBeNull();
    await close();
  });

  test('ends otherwise by a word of whoever answers it, once', async () => {
    const { id } = await opened('mia', 'export');
    expect(await endRequest(db.database, id, 'refused', asker, received + DAY)).toBe(true);
    expect(await registered(id)).toMatchObject({
      state: 'done',
      doneBy: 'dpo@example.com',
      report: { ending: 'refused' },
    });
    await expect(endRequest(db.database, id, 'answered', asker, received)).rejects.toThrow('done already');
    expect(await endRequest(db.database, requestId(id, contactIdOf('y')), 'answered', asker, received)).toBe(false);
    expect(await audited(id)).toMatchObject([{ action: 'request.open' }, { action: 'request.end' }]);
  });
});

test('a request has its stage, and the command line says it', () => {
  const base = {
    id: requestId(contactIdOf('ada'), 'a'),
    kind: 'export',
    reference: 'r',
    origin: 'cli',
    doneBy: null,
    report: {},
  } as const;
  const receivedAt = Date.parse('2027-02-03T00:00:00Z');
  const open = {
    ...base,
    receivedAt,
    dueAt: dueAfter(receivedAt),
    extendedAt: null,
    extendedBecause: null,
    state: 'open',
    doneAt: null,
  } as const;
  const stages = [0, 24, 25, 28].map((days) => stageOf(open, receivedAt + days * DAY));
  expect(stages).toEqual(['open', 'open', 'late', 'overdue']);
  expect(stageOf({ ...open, state: 'done' }, receivedAt + 99 * DAY)).toBe('done');
  expect(describeRequests([open], receivedAt + 26 * DAY)).toMatch(/export +due 2027-03-03T00:00:00.000Z {2}LATE\n$/);
  const recipients = [{ by: 'webhook', host: 'https://crm.example.com', scenarios: ['sync'] }];
  const done = { ...open, state: 'done', doneAt: receivedAt, report: { recipients } } as const;
  expect(describeRequests([done], receivedAt)).toMatch(
    /\n {4}to be told: https:\/\/crm\.example\.com \(webhook, by sync\)\n$/,
  );
  expect(() => asReceived('yesterday', receivedAt)).toThrow('such as 2026-11-20');
  expect(() => asReceived('2027-02-04', receivedAt)).toThrow('no date of the past');
});
