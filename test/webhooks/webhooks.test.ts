import { Webhook } from 'standardwebhooks';
import { DatabaseUnavailable, type Database, type Statement } from '../../src/database/index.ts';
import type { WebhookCall } from '../../src/engine/index.ts';
import { Sequence } from '../../src/shared/sequence.ts';
import { HttpCaller, type OutgoingCall } from '../../src/webhooks/http-caller.service.ts';
import type { Answer } from '../../src/webhooks/outcome.ts';
import { Webhooks, type WebhooksParts } from '../../src/webhooks/webhooks.service.ts';
import { library } from '../engine/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { forgetContacts, PostgresRun } from '../support/postgres-run.ts';
import { until } from '../support/until.ts';
import { Receiver, SECRET, START } from './setting.ts';

let db: TestDatabase;
let database: Database;
let receiver: Receiver;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 8 });
  ({ database } = db);
});
beforeEach(async () => {
  await forgetContacts(database);
  receiver = await new Receiver().open();
});
afterEach(() => receiver.close());
afterAll(() => db.close());

const MINUTE = 60_000;
const SOURCE = `
scenario: calls
trigger: { event: Begun }
exit: [{ event: Left }]
steps:
  tell: { webhook: { url: "http://crm.internal:PORT/{{contact.userId}}" }, onError: failed }
  done: { set: { told: "yes" }, next: rest }
  failed: { set: { told: "no" } }
  rest: { wait: 9d }`;

interface Scene {
  run: PostgresRun;
  /** A worker of its own, in a process of its own as far as it knows. */
  worker(parts?: Partial<WebhooksParts>): Webhooks;
  told(user?: string): Promise<unknown>;
  callOf(user?: string): Promise<WebhookCall>;
}

/** The engine and workers on one database and clock, with `crm.internal` leading to the receiver. */
function scene(policy: Record<string, unknown> = { webhooks: { allowHosts: ['crm.internal'] } }): Scene {
  const lib = library([SOURCE.replace('PORT', String(receiver.port))], policy);
  const run = new PostgresRun(database, lib, START);
  const { clock } = run;
  return {
    run,
    worker: (parts = {}) =>
      new Webhooks({
        database,
        clock,
        sequence: new Sequence(clock),
        caller: new HttpCaller(() => Promise.resolve(['127.0.0.1'])),
        library: () => Promise.resolve(lib),
        secrets: [SECRET],
        ...parts,
      }),
    told: async (user = 'ada') => (await run.of(user)).contact!.attributes['told'],
    callOf: async (user = 'ada') => (await run.of(user)).calls[0]!,
  };
}

/** Lets these people come to the step. The engine does all that is due. */
async function begin({ run }: Scene, users: readonly string[] = ['ada']): Promise<void> {
  for (const user of users) await run.track(user, 'Begun');
  await settle(run);
}

/** The engine alone: calls are made by the workers. */
async function settle(run: PostgresRun): Promise<void> {
  while ((await run.tick()) > 0);
}

const ids = (): string[] => receiver.received.map(({ headers }) => String(headers['webhook-id']));
const people = (count: number): string[] => Array.from({ length: count }, (_, n) => `user-${n}`);

test('a call is signed, taken, and moves the contact on', async () => {
  const here = scene();
  await begin(here);
  const { id } = await here.callOf();
  expect(await here.worker().callDue(10)).toBe(1);
  const [given] = receiver.received;
  expect(given).toMatchObject({ method: 'POST', url: '/ada', headers: { 'webhook-id': id } });
  const at = Number(given!.headers['webhook-timestamp']);
  expect(at).toBe(START / 1000);
  expect(given!.headers['webhook-signature']).toBe(new Webhook(SECRET).sign(id, new Date(at * 1000), given!.body));
  await settle(here.run);
  expect(await here.told()).toBe('yes');
  expect(await here.callOf()).toMatchObject({ status: 'done', attempts: 1, statusCode: 200, settledAt: START });
  expect(await here.worker().callDue(10)).toBe(0);
});

test('what may go away is tried again when its pause is over, under the same id and with the same body', async () => {
  const here = scene();
  const worker = here.worker();
  receiver.answer = (response) => void response.writeHead(503).end();
  await begin(here);
  await worker.callDue(10);
  const waiting = await here.callOf();
  expect(waiting).toMatchObject({ status: 'ready', attempts: 1, statusCode: 503, error: 'answered 503' });
  expect(await worker.nextDue()).toBe(waiting.dueAt);
  expect(await worker.callDue(10)).toBe(0);
  receiver.answer = (response) => void response.end();
  // What is known of the contact by then changes nothing of the call.
  here.run.clock.moveTo(waiting.dueAt);
  await here.run.identify('ada', { country: 'FR' });
  await settle(here.run);
  expect(await worker.callDue(10)).toBe(1);
  await settle(here.run);
  expect(new Set(ids()).size).toBe(1);
  expect(receiver.received[1]!.body).toBe(receiver.received[0]!.body);
  expect(receiver.received[1]!.headers['webhook-timestamp']).not.toBe(
    receiver.received[0]!.headers['webhook-timestamp'],
  );
  expect(await here.callOf()).toMatchObject({ status: 'done', attempts: 2, error: null });
  expect(await here.told()).toBe('yes');
});

test('after eight attempts it is given up, and onError is taken', async () => {
  const here = scene();
  const worker = here.worker();
  receiver.answer = (response) => void response.writeHead(500).end();
  await begin(here);
  for (let next = await worker.nextDue(); next !== null; next = await worker.nextDue()) {
    here.run.clock.moveTo(next);
    await worker.callDue(10);
  }
  await settle(here.run);
  expect(receiver.received).toHaveLength(8);
  expect(await here.callOf()).toMatchObject({ status: 'failed', attempts: 8, statusCode: 500 });
  expect(await here.told()).toBe('no');
});

test('a refusal for good is not repeated', async () => {
  const here = scene();
  receiver.answer = (response) => void response.writeHead(410).end();
  await begin(here);
  await here.worker().callDue(10);
  await settle(here.run);
  expect(await here.callOf()).toMatchObject({ status: 'failed', attempts: 1, statusCode: 410, error: 'answered 410' });
  expect(await here.told()).toBe('no');
});

test('S4: a private address is refused, with its reason, and onError is taken', async () => {
  const here = scene({});
  await begin(here);
  await here.worker().callDue(10);
  await settle(here.run);
  expect(receiver.received).toEqual([]);
  expect(await here.callOf()).toMatchObject({ status: 'failed', error: expect.stringContaining('private address') });
  expect(await here.told()).toBe('no');
});

describe('a process that dies between the call and its record', () => {
  test('has its call made again after a minute, under the same id, and there is one outcome', async () => {
    const here = scene();
    await begin(here);
    let called = (): void => {};
    const dead = new Promise<void>((resolve) => (called = resolve));
    const caller = new HttpCaller(() => Promise.resolve(['127.0.0.1']));
    // It makes the call, and is never heard of again.
    const dying = here.worker({
      caller: {
        call: async (call: OutgoingCall, hosts: readonly string[]): Promise<Answer> => {
          await caller.call(call, hosts);
          called();
          return new Promise<Answer>(() => {});
        },
      },
    });
    void dying.callDue(10);
    await dead;
    expect(await here.worker().callDue(10)).toBe(0);
    expect(await here.worker().nextDue()).toBe(START + MINUTE);
    here.run.clock.moveTo(START + MINUTE);
    expect(await here.worker().callDue(10)).toBe(1);
    expect(ids()).toHaveLength(2);
    expect(new Set(ids()).size).toBe(1);
    await settle(here.run);
    expect(await here.callOf()).toMatchObject({ status: 'done', attempts: 2 });
    expect(await here.told()).toBe('yes');
  });

  test('and is only slow: its word counts no more once another has the call', async () => {
    const here = scene();
    await begin(here);
    let answer = (_answer: Answer): void => {};
    const slow = here.worker({ caller: { call: () => new Promise<Answer>((resolve) => (answer = resolve)) } });
    const late = slow.callDue(10);
    await until(async () => (await here.callOf()).status === 'calling');
    here.run.clock.moveTo(START + MINUTE);
    await here.worker().callDue(10);
    await settle(here.run);
    answer({ kind: 'answered', statusCode: 410, retryAfter: null });
    await late;
    await settle(here.run);
    expect(await here.callOf()).toMatchObject({ status: 'done', attempts: 2, statusCode: 200 });
    expect(await here.told()).toBe('yes');
  });
});

test('an outage between call and record loses nothing and calls nobody twice', async () => {
  const here = scene();
  await begin(here);
  let down = true;
  const flaky = {
    run: <Row>(statement: Statement<Row>, values?: readonly unknown[]) => database.run(statement, values),
    transaction: (work: Parameters<Database['transaction']>[0]) =>
      down ? Promise.reject(new DatabaseUnavailable('away', null)) : database.transaction(work),
  } as unknown as Database;
  const worker = here.worker({ database: flaky });
  await expect(worker.callDue(10)).rejects.toThrow('away');
  down = false;
  expect(await worker.callDue(10)).toBe(0);
  await settle(here.run);
  expect(receiver.received).toHaveLength(1);
  expect(await here.callOf()).toMatchObject({ status: 'done', attempts: 1 });
  expect(await here.told()).toBe('yes');
});

describe('an enrollment that ends meanwhile', () => {
  test('cancels the next attempt of a call that is under way', async () => {
    const here = scene();
    const worker = here.worker();
    await begin(here);
    receiver.answer = (response) => {
      void here.run
        .track('ada', 'Left')
        .then(() => settle(here.run))
        .then(() => response.writeHead(503).end());
    };
    await worker.callDue(10);
    const waiting = await here.callOf();
    expect(waiting).toMatchObject({ status: 'ready', attempts: 1 });
    here.run.clock.moveTo(waiting.dueAt);
    await worker.callDue(10);
    expect(receiver.received).toHaveLength(1);
    expect(await here.callOf()).toMatchObject({ status: 'cancelled', attempts: 1, error: 'its enrollment has ended' });
    expect(await worker.nextDue()).toBeNull();
  });

  test('cancels a call that waits for another attempt', async () => {
    const here = scene();
    receiver.answer = (response) => void response.writeHead(503).end();
    await begin(here);
    await here.worker().callDue(10);
    await here.run.track('ada', 'Left');
    await settle(here.run);
    expect(await here.callOf()).toMatchObject({ status: 'cancelled', attempts: 1, error: 'Left' });
  });
});

test('several workers share the calls, and none is made twice', async () => {
  const here = scene();
  const users = people(120);
  await begin(here, users);
  const workers = Array.from({ length: 4 }, () => here.worker());
  await Promise.all(
    workers.map(async (worker) => {
      while ((await worker.callDue(8)) > 0);
    }),
  );
  await settle(here.run);
  expect(receiver.received).toHaveLength(users.length);
  expect(new Set(ids()).size).toBe(users.length);
  expect(await Promise.all(users.map((user) => here.told(user)))).toEqual(users.map(() => 'yes'));
});

test('a batch is one set of statements, however many calls are in it', async () => {
  const statements = async (count: number): Promise<number> => {
    await forgetContacts(database);
    const here = scene();
    await begin(here, people(count));
    const worker = here.worker({
      caller: { call: () => Promise.resolve({ kind: 'answered', statusCode: 200, retryAfter: null }) },
    });
    const before = database.statements;
    expect(await worker.callDue(1_000)).toBe(count);
    return database.statements - before;
  };
  const few = await statements(1);
  expect(await statements(500)).toBe(few);
  // Claim, record, and the inbox.
  expect(few).toBe(3);
}, 60_000);

test('how attempts end is counted', async () => {
  const here = scene();
  const counted: string[] = [];
  const worker = here.worker({ count: (outcome) => counted.push(outcome) });
  const answers = [503, 200];
  receiver.answer = (response) => void response.writeHead(answers.shift()!).end();
  await begin(here);
  await worker.callDue(10);
  here.run.clock.moveTo((await here.callOf()).dueAt);
  await worker.callDue(10);
  expect(counted).toEqual(['retry', 'done']);
});
