import { createTestDatabase } from '../support/database.ts';
import { startProxy } from '../support/proxy.ts';
import { startService, type TestService } from '../support/service.ts';

const track = (messageId: string, userId = 'ada'): Record<string, unknown> => ({
  type: 'track',
  userId,
  event: 'X',
  messageId,
});

async function count(service: TestService): Promise<number> {
  const [row] = await service.db.database.run<{ n: number }>({
    name: 'test-count',
    text: 'SELECT count(*)::int AS n FROM event',
  });
  return row!.n;
}

describe('calls at the same time', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  test('the same messageId in fifty calls at once is acknowledged fifty times and stored once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        i % 2 === 0
          ? service.post('/v1/track', track('same'))
          : service.post('/v1/batch', { batch: [track('same'), track(`own-${i}`)] }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(await count(service)).toBe(1 + 25);
  });

  test('D5: one contact’s events are queued in the order they were received', async () => {
    await service.db.dataSource.query('DELETE FROM event');
    for (let i = 0; i < 20; i++) await service.post('/v1/track', track(`ordered-${i}`, 'bob'));
    const rows = await service.db.database.run<{ id: string }>({
      name: 'test-by-seq',
      text: 'SELECT id FROM event ORDER BY seq',
    });
    const byTime = await service.db.database.run<{ id: string }>({
      name: 'test-by-time',
      text: 'SELECT id FROM event ORDER BY received_at, seq',
    });
    expect(rows).toEqual(byTime);
    expect(rows).toHaveLength(20);
  });
});

test('too many events of one key are 429 with Retry-After, and nothing of the call is stored', async () => {
  const service = await startService({ eventsRate: 5 });
  try {
    const batch = Array.from({ length: 20 }, (_, i) => track(`m${i}`));
    expect((await service.post('/v1/batch', { batch })).status).toBe(200);
    const refused = await service.post('/v1/track', track('late'));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await refused.json()).toMatchObject({ type: 'urn:relance:problem:too-many-requests', status: 429 });
    expect(await count(service)).toBe(20);
  } finally {
    await service.close();
  }
});

test('a database that goes away under load: 503 with Retry-After, nothing half stored, and it comes back by itself', async () => {
  const db = await createTestDatabase();
  const proxy = await startProxy(db.url);
  const service = await startService({ databaseUrl: proxy.url });
  try {
    const acknowledged = new Set<string>();
    const statuses = new Set<number>();
    let next = 0;
    const until = { stop: false };
    const load = async (): Promise<void> => {
      while (!until.stop) {
        const ids = Array.from({ length: 5 }, () => `m${next++}`);
        const answer = await service.post('/v1/batch', { batch: ids.map((id) => track(id)) });
        statuses.add(answer.status);
        if (answer.status === 200) for (const id of ids) acknowledged.add(id);
        else expect(answer.headers.get('retry-after')).not.toBeNull();
        await answer.text();
      }
    };
    const reached = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
      const end = Date.now() + 15_000;
      while (!(await condition())) {
        if (Date.now() > end) throw new Error('not reached in time');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const loads = [load(), load(), load()];
    await reached(() => acknowledged.size > 20);
    await proxy.cut();
    await reached(() => statuses.has(503));
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(503);
    await proxy.mend();
    await reached(async () => (await fetch(`${service.url}/health/ready`)).status === 200);
    const before = acknowledged.size;
    await reached(() => acknowledged.size > before);
    until.stop = true;
    await Promise.all(loads);

    expect([...statuses].sort()).toEqual([200, 503]);
    const [sums] = await db.database.run<{ events: number; queued: number }>({
      name: 'test-sums',
      text: 'SELECT (SELECT count(*)::int FROM event) AS events, (SELECT count(*)::int FROM inbox) AS queued',
    });
    // A commit whose answer was lost may be there unacknowledged, but whole batches and both tables always.
    expect(sums!.events).toBe(sums!.queued);
    expect(sums!.events % 5).toBe(0);
    expect(sums!.events).toBeGreaterThanOrEqual(acknowledged.size);
  } finally {
    await service.close();
    await proxy.close();
    await db.close();
  }
});
