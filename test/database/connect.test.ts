import { spawn } from 'node:child_process';
import { once, type EventEmitter } from 'node:events';
import net from 'node:net';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { ConfigModule, type Config } from '../../src/config/index.ts';
import { connect, createDataSource, Database, DatabaseModule, migrate, Signal } from '../../src/database/index.ts';
import { refuseVersion } from '../../src/database/data-source.ts';
import { migrations } from '../../src/database/migrations/index.ts';
import { UserError } from '../../src/shared/errors.ts';
import { VirtualClock } from '../../src/shared/clock.ts';
import { createEmptyDatabase, createTestDatabase } from '../support/database.ts';

const failureOf = async (url: string): Promise<UserError> => {
  const failure: unknown = await connect(createDataSource({ url, poolSize: 2 })).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UserError);
  return failure as UserError;
};

/** PostgreSQL's ErrorResponse. */
function refusal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`);
  const length = Buffer.alloc(4);
  length.writeInt32BE(fields.length + 4);
  return Buffer.concat([Buffer.from('E'), length, fields]);
}

describe('connecting', () => {
  test('a database that is down is named, with what to do and without the password', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    server.close();
    await once(server, 'close');
    const { message } = await failureOf(`postgres://ada:hush@127.0.0.1:${port}/shop`);
    expect(message).toBe(
      `the database "shop" at 127.0.0.1:${port} cannot be used: nothing listens there: start PostgreSQL, or correct DATABASE_URL`,
    );
  });

  test('a database that does not exist is said so', async () => {
    const empty = await createEmptyDatabase();
    const url = new URL(empty.url);
    url.pathname = '/not_there';
    expect((await failureOf(url.href)).message).toMatch(/"not_there" .* does not exist: create it/);
    await empty.close();
  });

  test.each([
    ['28P01', 'it refused the password'],
    ['28000', 'it refused the user'],
    ['53300', 'it has no connection left'],
    ['57P03', 'it is starting up or shutting down'],
    ['XX000', 'the words of the server'],
  ])('a server that refuses with %s: %s', async (code, words) => {
    const server = net.createServer((socket) =>
      socket.once('data', () => socket.end(refusal(code, 'the words of the server'))),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    expect((await failureOf(`postgres://ada@127.0.0.1:${port}/shop`)).message).toContain(`cannot be used: ${words}`);
    server.close();
  });

  test('something that is no PostgreSQL is said so', async () => {
    const server = net.createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    expect((await failureOf(`postgres://ada@127.0.0.1:${port}/shop`)).message).toMatch(/it hung up/);
    server.close();
  });

  test.each([
    [140_013, '14.13', /is PostgreSQL 14\.13; Relance needs 15 or later/],
    [90_624, '9.6.24', /is PostgreSQL 9\.6\.24/],
  ])('a server of version %s is refused', (number, name, message) => {
    expect(refuseVersion(number, name, 'the database')?.message).toMatch(message);
  });

  test.each([150_000, 180_004])('a server of version %s is taken', (number) => {
    expect(refuseVersion(number, '', 'the database')).toBeNull();
  });
});

test('the last word of the server to a connection that nobody listens to yet ends no process', async () => {
  const { url, close } = await createTestDatabase();
  const dataSource = createDataSource({ url, poolSize: 1 });
  try {
    await connect(dataSource);
    const { master } = dataSource.driver as unknown as {
      master: { connect(): Promise<EventEmitter & { release(broken: boolean): void }> };
    };
    const taken = await master.connect();
    expect(() => taken.emit('error', new Error('terminating connection due to administrator command'))).not.toThrow();
    taken.release(true);
  } finally {
    await dataSource.destroy();
    await close();
  }
});

describe('migrations', () => {
  test('several processes that start at once: one migrates, all find the schema', async () => {
    const empty = await createEmptyDatabase();
    const script = `
      import { createDataSource, connect, migrate } from './src/database/index.ts';
      const dataSource = createDataSource({ url: process.env.URL, poolSize: 2 });
      await connect(dataSource);
      const done = await migrate(dataSource);
      const [{ n }] = await dataSource.query('SELECT count(*)::int AS n FROM lane');
      await dataSource.destroy();
      console.log(JSON.stringify({ done, n }));`;
    const outputs = await Promise.all(
      [1, 2, 3].map(async () => {
        const child = spawn(
          process.execPath,
          ['--import', './test/support/register.mjs', '--input-type=module', '-e', script],
          {
            env: { ...process.env, URL: empty.url },
            stdio: ['ignore', 'pipe', 'inherit'],
          },
        );
        let output = '';
        child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
        await once(child, 'close');
        return JSON.parse(output) as { done: string[]; n: number };
      }),
    );
    expect(outputs.map(({ n }) => n)).toEqual([64, 64, 64]);
    expect(outputs.flatMap(({ done }) => done)).toEqual(migrations.map(({ name }) => name));
    await empty.close();
  });

  test('a migration that fails leaves nothing half done, and the lock is let go', async () => {
    const empty = await createEmptyDatabase();
    const dataSource = createDataSource({ url: empty.url, poolSize: 2 });
    await connect(dataSource);
    await dataSource.query('CREATE TABLE suppression (in_the_way integer)');
    await expect(migrate(dataSource)).rejects.toThrow('already exists');
    expect(await dataSource.query(`SELECT to_regclass('contact') AS contact`)).toEqual([{ contact: null }]);
    await dataSource.query('DROP TABLE suppression');
    expect(await migrate(dataSource)).toHaveLength(migrations.length);
    await dataSource.destroy();
    await empty.close();
  });

  test('only go forward', async () => {
    const db = await createTestDatabase();
    await expect(db.dataSource.undoLastMigration()).rejects.toThrow('cannot be taken back');
    await db.close();
  });

  test('are in the order of their numbers', () => {
    const numbers = migrations.map(({ name }) => Number(name.slice(-13)));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe('DatabaseModule', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');

  test('gives the data source, the database and the signal of a migrated database, and closes them', async () => {
    const empty = await createEmptyDatabase();
    const config = { databaseUrl: empty.url, databasePoolSize: 3 } as Config;
    const app = await NestFactory.createApplicationContext(
      { module: class Root {}, imports: [ConfigModule.of(config, new VirtualClock(now)), DatabaseModule] },
      { logger: false, abortOnError: false },
    );
    expect(app.get(Signal).listening).toBe(true);
    expect(
      await app.get(Database).run({ name: 't_regclass', text: `SELECT to_regclass('event_2026_12')::text AS part` }),
    ).toEqual([{ part: 'event_2026_12' }]);
    await app.close();
    expect(app.get(DataSource).isInitialized).toBe(false);
    // Throws when a connection is left.
    await empty.close();
  });

  test('an unreachable database stops the boot with its message', async () => {
    const config = { databaseUrl: 'postgres://ada@127.0.0.1:9/shop', databasePoolSize: 3 } as Config;
    const boot = NestFactory.createApplicationContext(
      { module: class Root {}, imports: [ConfigModule.of(config, new VirtualClock(now)), DatabaseModule] },
      { logger: false, abortOnError: false },
    );
    await expect(boot).rejects.toThrow('nothing listens there');
  });
});
