import type { Config } from '../../src/config/index.ts';
import type { Database } from '../../src/database/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import { startService, type TestService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { startMailServer, type MailServer } from '../channels/mail-server.ts';
import { live } from './customers.ts';
import { writeFixture, type Fixture } from './fixture.ts';
import { finalState, hurryRetries, isQuiet } from './state.ts';

const CUSTOMERS = 120;

let fixture: Fixture;
let db: TestDatabase;
let proxy: Proxy;
let sink: MailServer;
let service: TestService;

beforeEach(async () => {
  fixture = writeFixture();
  db = await createTestDatabase();
  proxy = await startProxy(db.url);
  sink = await startMailServer();
});

afterEach(async () => {
  await service.close();
  await proxy.close();
  await sink.close();
  await db.close();
  fixture.remove();
});

/** The whole service in one process, its database behind the proxy. */
async function startBehindProxy(settings: Partial<Config>): Promise<void> {
  service = await startService({
    databaseUrl: proxy.url,
    roles: ['api', 'engine', 'dispatch'],
    scenariosDir: fixture.scenarios,
    templatesDir: fixture.templates,
    ...settings,
  });
}

const post = async (route: string, body: object): Promise<boolean> => {
  const answer = await service.post(route, body);
  await answer.text();
  expect([200, 503]).toContain(answer.status);
  return answer.ok;
};

/** Ends every connection to the database, as its restart does. */
async function endConnections(database: Database): Promise<void> {
  await database.run({
    name: 'outage-end-connections',
    text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'relance%'`,
  });
}

test('a database that goes away and comes back under load: nothing is lost, and the service goes on by itself (D1–D3)', async () => {
  await startBehindProxy({ smtp: { url: sink.url, poolSize: 3, timeoutMs: 5_000 } });
  const acknowledged = new Set<string>();
  const lives = Array.from({ length: CUSTOMERS }, (_, index) => live(post, index, acknowledged));
  const all = Promise.all(lives);
  all.catch(() => {});
  const mails = (): number => sink.received.length;
  for (let outage = 0; outage < 6; outage++) {
    const before = mails();
    await until(() => mails() > before || mails() > CUSTOMERS, { what: () => `mail after outage ${outage}` });
    if (outage % 2 === 0) {
      await proxy.cut();
      await until(async () => (await fetch(`${service.url}/health/ready`)).status === 503);
      await proxy.mend();
    } else {
      await endConnections(db.database);
    }
  }
  await all;
  const quiet = async (): Promise<boolean> => {
    await hurryRetries(db.database);
    return isQuiet(db.database);
  };
  await until(quiet, { within: 60_000, every: 100 });

  const { enrollments, messages, events } = await finalState(db.database);
  expect(events.reduce((sum, { count }) => sum + count, 0)).toBe(acknowledged.size);
  expect(enrollments).toHaveLength(CUSTOMERS + CUSTOMERS / 3 + CUSTOMERS / 2);
  expect(new Set(enrollments.map(({ status }) => status))).toEqual(new Set(['completed']));
  const arrived = new Map<string, number>();
  for (const source of sink.received) {
    const id = /^Message-ID: <([^@>]+)@/im.exec(source)![1]!;
    arrived.set(id, (arrived.get(id) ?? 0) + 1);
  }
  for (const { id, status, category } of messages) {
    expect(['sent', 'unknown', 'blocked']).toContain(status);
    if (category === 'transactional') expect(status).toBe('sent');
    else expect(arrived.get(id) ?? 0).toBeLessThanOrEqual(1);
    if (status === 'sent') expect(arrived.get(id)).toBeGreaterThanOrEqual(1);
    if (status === 'blocked') expect(arrived.get(id)).toBeUndefined();
  }
}, 150_000);

test('the smallest pool of connections is enough for all roles at once, also when mail is captured in the database', async () => {
  await startBehindProxy({ databasePoolSize: 3 });
  const acknowledged = new Set<string>();
  await Promise.all(Array.from({ length: 30 }, (_, index) => live(post, index, acknowledged)));
  await until(() => isQuiet(db.database), { within: 60_000 });
  const { messages } = await finalState(db.database);
  expect(messages.filter(({ status }) => status !== 'sent' && status !== 'blocked')).toEqual([]);
}, 100_000);
