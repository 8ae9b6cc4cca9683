import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ledgerOf } from '../../src/consent/ledger.store.ts';
import { signToken } from '../../src/consent/token.ts';
import { serve, type Service } from '../../src/main.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import { testConfig } from '../support/service.ts';

// A process that takes requests only, on a database where nothing has been published and that can go away.
const ada = contactIdOf('ada');
let db: TestDatabase;
let proxy: Proxy;
let dataDir: string;
let service: Service;
let link: string;

beforeAll(async () => {
  db = await createTestDatabase();
  proxy = await startProxy(db.url);
  dataDir = mkdtempSync(path.join(tmpdir(), 'relance-outage-'));
  const config = testConfig(proxy.url, dataDir);
  service = await serve(config);
  const token = { contactId: ada, channel: 'email', purpose: 'newsletter', messageId: derivedId(ada, 'message', 1) };
  link = `${service.url}/u/${signToken(token, 'unsubscribe', config.secret)}`;
}, 60_000);
afterAll(async () => {
  await service?.close();
  await proxy?.close();
  await db?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('C5: the way out works where no policy can be read: the page names less', async () => {
  const page = await fetch(link);
  expect(page.status).toBe(200);
  const text = await page.text();
  expect(text).toContain('newsletter');
  expect(text).toMatch(/<title>[^·]+<\/title>/);
  expect(text).not.toContain('class="brand"');
  expect((await fetch(`${service.url}/u/x`)).status).toBe(404);
});

test('C5: while the database is away a person reads a page, a mailbox is told to try again, and then it works', async () => {
  await proxy.cut();
  for (const method of ['GET', 'POST']) {
    const response = await fetch(link, { method, headers: { 'accept-language': 'fr' } });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('30');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toContain('Réessayez dans un instant');
  }
  await proxy.mend();
  expect(await ledgerOf(db.database, ada)).toEqual([]);
  let status = 503;
  while (status === 503) ({ status } = await fetch(link, { method: 'POST' }));
  expect(status).toBe(200);
  expect(await ledgerOf(db.database, ada)).toMatchObject([{ action: 'withdrawn', ordinal: 1 }]);
});
