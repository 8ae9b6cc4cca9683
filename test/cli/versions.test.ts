import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { scenarioSource, writeFile, writeLibrary } from '../scenarios/sources.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { relance } from '../support/relance.ts';

const FIRST = scenarioSource('hello', 'exit: [{ event: Left }]\nsteps: { pause: { wait: 3d } }');
const SECOND = FIRST.replace('pause: { wait: 3d }', 'rest: { wait: 5d }');
const HELLO = 'scenarios/welcome/hello.yaml';

let folder: string;
let db: TestDatabase;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'relance versions '));
  writeLibrary(folder);
  writeFile(folder, HELLO, FIRST);
  db = await createTestDatabase();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.close();
});

const run = (...args: string[]) =>
  relance(folder, args, { DATABASE_URL: db.url, SECRET: 'a-secret-of-the-tests-only' });

/** Three people wait in `pause` since an hour. */
const enter = () =>
  db.database.run({
    name: 'enter',
    text: `WITH c AS (INSERT INTO contact (lane, id, user_id, created_at)
             SELECT get_byte(uuid_send(id), 0) % 64, id, id::text, now() FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 3)) x RETURNING lane, id)
           INSERT INTO enrollment (lane, contact_id, id, scenario_id, scenario_version, status, state, entered_at, step_entered_at, due_at)
           SELECT lane, id, id, 'hello', 1, 'waiting', '{"value": "pause", "context": {}}', now() - '1h'::interval, now() - '1h'::interval, now() + '1d'::interval FROM c`,
  });

test('publish, migrate by a map, roll back, pull and compare, as somebody does at the command line', async () => {
  expect((await run('apply')).code).toBe(0);
  await enter();
  writeFile(folder, HELLO, SECOND);

  const lost = await run('apply', '--in-flight', 'migrate');
  expect(lost.code).toBe(1);
  expect(lost.out).toContain('3 in pause, who have nowhere to go on: version 2 has no such step');
  expect(lost.error).toContain('--map pause=<step of the new version>, --map pause=stop');
  expect(await run('apply', '--map', 'pause=rest')).toMatchObject({
    code: 2,
    error: expect.stringContaining('add --in-flight migrate') as string,
  });

  const differs = await run('diff', 'scenarios');
  expect(differs).toMatchObject({ code: 1, error: '' });
  expect(differs.out).toContain('-steps: { pause: { wait: 3d } }\n+steps: { rest: { wait: 5d } }\n');

  const migrated = await run('apply', '--in-flight', 'migrate', '--map', 'pause=rest');
  expect(migrated).toMatchObject({ code: 0, error: '' });
  expect(migrated.out).toMatch(
    /3 in pause, who go on in rest in version 2\n(.*\n)*Simulated for the 3 people inside hello.*\n +3 go on waiting in rest \(until now pause\), for more than a day.*\nPublished\.\n/,
  );
  expect(await db.database.run({ name: 'notes', text: `SELECT DISTINCT body->'map' AS map FROM inbox` })).toEqual([
    { map: { pause: 'rest' } },
  ]);

  const restored = await run('rollback', 'hello@1');
  expect(restored).toMatchObject({ code: 0, error: '' });
  expect(restored.out).toContain('changed  scenario hello                           version 2 → 3\n');
  expect((await run('versions', 'hello')).out).toMatch(
    /hello@3 +live .*\nhello@2 +replaced .*\nhello@1 +replaced .* 3 +scenarios\/welcome\/hello\.yaml\n/,
  );
  expect((await run('rollback', 'hello')).code).toBe(2);

  expect(await run('pull')).toMatchObject({
    code: 1,
    out: expect.stringContaining(`differs      ${HELLO}  (version 3)`) as string,
  });
  expect((await run('pull', '--force')).code).toBe(0);
  expect(readFileSync(path.join(folder, HELLO), 'utf8')).toBe(FIRST);
  expect(await run('diff')).toEqual({ code: 0, out: '', error: '' });
  expect((await run('pull', '--dir', 'other', '--version', 'hello@2')).code).toBe(0);
  expect(readFileSync(path.join(folder, 'other', HELLO), 'utf8')).toBe(SECOND);
}, 300_000);
