// Runs once before the tests, in Jest's own process. PostgreSQL is started here, but only when a test first asks
// for it (test/support/database.ts), so that a run of pure tests does not wait for it.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TestServer } from './server.mjs';

export default async function setUp() {
  const server = new TestServer();
  const door = createServer(async (_request, response) => {
    // A connection kept open would be one that a later request finds closed.
    response.setHeader('connection', 'close');
    try {
      response.end(JSON.stringify(await server.ready()));
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error?.stack ?? error));
    }
  });
  await new Promise((resolve) => door.listen(0, '127.0.0.1', resolve));
  // Jest waits for nothing that is unreferenced; the teardown closes it.
  door.unref();
  process.env.RELANCE_TEST_DOOR = `http://127.0.0.1:${door.address().port}/`;
  // Filled when a test first asks for it (test/support/built.ts).
  const build = mkdtempSync(path.join(tmpdir(), 'relance-build-'));
  process.env.RELANCE_TEST_BUILD = build;
  // A run that is interrupted leaves without a teardown.
  process.once('exit', () => {
    server.kill();
    rmSync(build, { recursive: true, force: true });
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  globalThis.relanceTestRun = { server, door };
}
