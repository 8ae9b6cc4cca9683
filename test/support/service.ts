import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Config } from '../../src/config/index.ts';
import { serve } from '../../src/main.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export const WRITE_KEY = 'test-write-key';
export const ADMIN = { email: 'admin@example.com', password: 'correct horse battery' };

export interface TestService {
  url: string;
  db: TestDatabase;
  config: Config;
  /** Posts JSON with the write key; `headers` are added or, when undefined, left out. */
  post(path: string, body: unknown, headers?: Record<string, string | undefined>): Promise<Response>;
  close(): Promise<void>;
}

/** Settings for a service that takes events, on a database of the tests and any free port; nothing can leave the machine. */
export function testConfig(databaseUrl: string, dataDir: string): Config {
  return {
    port: 0,
    host: '127.0.0.1',
    databaseUrl,
    databasePoolSize: 5,
    embedded: false,
    dataDir,
    publicUrl: 'http://127.0.0.1:0',
    secret: 'a-secret-of-the-tests-only',
    roles: ['api'],
    scenariosDir: 'scenarios',
    templatesDir: 'templates',
    writeKey: WRITE_KEY,
    adminEmail: ADMIN.email,
    adminPassword: ADMIN.password,
    sampleData: false,
    logLevel: 'silent',
  };
}

/** The real service in this process, listening on a port of its own, with a database of its own. */
export async function startService(overrides: Partial<Config> = {}): Promise<TestService> {
  const db = await createTestDatabase();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'relance-test-'));
  const config = { ...testConfig(db.url, dataDir), ...overrides };
  const service = await serve(config);
  return {
    url: service.url,
    db,
    config,
    post: (route, body, headers = {}) => {
      const all = { 'content-type': 'application/json', authorization: basic(WRITE_KEY), ...headers };
      const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
      const raw = typeof body === 'string' || body instanceof Uint8Array;
      return fetch(`${service.url}${route}`, {
        method: 'POST',
        headers: given,
        body: raw ? (body as string) : JSON.stringify(body),
      });
    },
    close: async () => {
      await service.close();
      await db.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** An `Authorization` header of HTTP Basic. */
export function basic(user: string, password = ''): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
