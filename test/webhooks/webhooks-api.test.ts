import { ADMIN, basic, startService, type TestService } from '../support/service.ts';
import { writeChanges } from '../../src/engine/write-changes.store.ts';
import { aCall, START } from './setting.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const get = (route: string, headers: Record<string, string> = { authorization: basic(ADMIN.email, ADMIN.password) }) =>
  fetch(`${service.url}${route}`, { headers });

test('GET /api/webhooks lists a contact’s calls, newest first, page by page, without their headers', async () => {
  const calls = Array.from({ length: 60 }, (_, number) =>
    aCall({
      number,
      status: 'ready',
      plannedAt: START + number * 1000,
      dueAt: START + 1_000_000,
      headers: { A: 'secret' },
    }),
  );
  const none = {
    contact: null,
    enrollments: [],
    watches: [],
    messages: [],
    decisions: [],
    events: [],
    asked: [],
    expired: [],
    lifted: false,
  };
  await service.db.database.transaction((sql) =>
    writeChanges(
      sql,
      [
        {
          ...none,
          contactId: calls[0]!.contactId,
          calls,
          cancelledCalls: [],
          freed: false,
          roomFor: [],
          suppressions: [],
        },
      ],
      Date.now(),
    ),
  );
  const first = await get('/api/webhooks?userId=ada');
  const text = await first.text();
  expect(text).not.toContain('secret');
  const page = JSON.parse(text) as { calls: Record<string, unknown>[]; next: string };
  expect(page.calls).toHaveLength(50);
  expect(page.calls[0]).toMatchObject({
    id: calls[59]!.id,
    scenarioId: 'calls',
    step: 'tell',
    method: 'POST',
    url: 'https://crm.example/hook',
    status: 'ready',
    attempts: 0,
    statusCode: null,
    error: null,
    plannedAt: '2026-03-02T09:00:59.000Z',
    nextAttemptAt: '2026-03-02T09:16:40.000Z',
    settledAt: null,
  });
  const second = (await (await get(`/api/webhooks?userId=ada&before=${page.next}`)).json()) as typeof page;
  expect(second.calls.map(({ id }) => id)).toEqual(
    calls
      .slice(0, 10)
      .reverse()
      .map(({ id }) => id),
  );
  expect(second.next).toBeNull();
});

test('it wants an account, and a user id', async () => {
  expect((await get('/api/webhooks?userId=ada', {})).status).toBe(401);
  expect((await get('/api/webhooks')).status).toBe(400);
  expect(await (await get('/api/webhooks?userId=nobody')).json()).toEqual({ calls: [], next: null });
});
