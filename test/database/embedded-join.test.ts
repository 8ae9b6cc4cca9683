import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { joinEmbedded, startEmbedded } from '../../src/database/embedded/index.ts';

const settings = { fsync: 'off' };
const log = (): void => undefined;
let dir: string;

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'relance-join-'));
  chmodSync(dir, 0o755);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

test('a verb uses the database of a running service and leaves it running, else one for itself alone', async () => {
  const alone = await joinEmbedded({ dir, log, settings });
  expect(await answers(alone.url)).toBe(true);
  await expect(startEmbedded({ dir, log, settings })).rejects.toThrow('Relance already runs on');
  await alone.stop();
  expect(await answers(alone.url)).toBe(false);

  const service = await startEmbedded({ dir, log, settings });
  const beside = await joinEmbedded({ dir, log, settings });
  expect(beside.url).toBe(service.url);
  await beside.stop();
  expect(await answers(service.url)).toBe(true);
  await service.stop();
}, 60_000);
