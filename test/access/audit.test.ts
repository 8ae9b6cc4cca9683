import { recordAudit } from '../../src/access/index.ts';
import { ADMIN, basic, startService, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

interface Page {
  records: { at: string; actor: string; action: string; subject: string; details: object }[];
  next: string | null;
}
const read = (query = ''): Promise<Response> =>
  fetch(`${service.url}/api/audit${query}`, { headers: { authorization: basic(ADMIN.email, ADMIN.password) } });
const page = async (query = ''): Promise<Page> => (await (await read(query)).json()) as Page;

const AT = Date.parse('2026-03-02T08:00:00Z');

test('S6: what was changed is read back, the latest first, page by page, and each record once', async () => {
  // Several at one instant: the place where a page ends tells them apart.
  for (let number = 0; number < 120; number++)
    await recordAudit(
      service.db.database,
      { actor: 'cli', action: 'scenario.publish', subject: `welcome-${number % 2}`, details: { number } },
      AT + Math.floor(number / 10),
    );
  const seen: Page['records'] = [];
  let query = '?';
  for (let pages = 0; pages < 3; pages++) {
    const { records, next } = await page(query);
    // What the environment made at the start is there as well.
    seen.push(...records.filter(({ actor }) => actor === 'cli'));
    query = `?before=${encodeURIComponent(next ?? '')}`;
    if (next === null) break;
  }
  expect(new Set(seen.map(({ details }) => JSON.stringify(details))).size).toBe(120);
  expect(seen.map(({ at }) => at)).toEqual(
    seen
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  );
  expect(seen[0]).toMatchObject({ actor: 'cli', action: 'scenario.publish', at: '2026-03-02T08:00:00.011Z' });
  const { records } = await page('?subject=welcome-1');
  expect(new Set(records.map(({ subject }) => subject))).toEqual(new Set(['welcome-1']));
});

test('S6: the log takes records and refuses to change, delete or truncate them', async () => {
  for (const change of [`UPDATE audit SET actor = 'nobody'`, 'DELETE FROM audit', 'TRUNCATE audit'])
    await expect(service.db.dataSource.query(change)).rejects.toThrow('audit is append-only');
});

test('S6: a record is there if and only if the change it stands for is', async () => {
  const entry = { actor: 'cli', action: 'policy.publish', subject: 'rolled-back' };
  const failed = service.db.database.transaction(async (sql) => {
    await recordAudit(sql, entry, AT);
    throw new Error('the change failed');
  });
  await expect(failed).rejects.toThrow('the change failed');
  expect((await page('?subject=rolled-back')).records).toEqual([]);
});

test('S1: only accounts read it, and a place that is none is named', async () => {
  expect((await fetch(`${service.url}/api/audit`)).status).toBe(401);
  const refused = await read('?before=yesterday');
  expect(refused.status).toBe(400);
  expect(JSON.stringify(await refused.json())).toContain('before');
});
