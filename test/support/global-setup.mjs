// Runs once before the tests, in Jest's own process. PostgreSQL is started here, but only when a test first asks
// for it (test/support/database.ts), so that a run of pure tests does not wait for it.
import { createServer } from 'node:http';
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
  // A run that is interrupted leaves without a teardown.
  process.once('exit', () => server.kill());
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  globalThis.relanceTestRun = { server, door };
}
