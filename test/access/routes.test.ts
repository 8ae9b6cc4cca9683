import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { AccessDesk, AccessModule } from '../../src/access/index.ts';
import { AppModule } from '../../src/app.module.ts';
import { ConfigModule } from '../../src/config/index.ts';
import { DatabaseModule } from '../../src/database/index.ts';
import { ACCOUNT_ROLES, configureServer, createAdapter, HttpModule, SCOPES } from '../../src/http/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { basic, testConfig } from '../support/service.ts';

/**
 * Who may use which route: the least role, and what keys need (`read`, which `manage` covers; `manage`; `-`: no key may).
 * Whoever adds a route decides it here too.
 */
const TABLE: Record<string, string> = {
  'GET /api/session': 'viewer -',
  'GET /api/accounts': 'admin -',
  'POST /api/accounts': 'admin -',
  'PATCH /api/accounts/:email': 'admin -',
  'PUT /api/accounts/:email/password': 'admin -',
  'DELETE /api/accounts/:email': 'admin -',
  'GET /api/keys': 'admin -',
  'POST /api/keys': 'admin -',
  'DELETE /api/keys/:id': 'admin -',
  'GET /api/audit': 'admin manage',
  'GET /api/openapi.json': 'viewer read',
  'GET /api/docs': 'viewer read',
  'GET /api/docs/:asset': 'viewer read',
  'GET /metrics': 'viewer read',
  'GET /outbox': 'viewer read',
  'GET /outbox/:id': 'viewer read',
  'GET /outbox/:id/html': 'viewer read',
  'GET /outbox/:id/message.eml': 'viewer read',
  'GET /api/outbox': 'viewer read',
  'GET /api/outbox/:id': 'viewer read',
  'GET /api/rejected-events': 'viewer read',
  'GET /api/messages': 'viewer read',
  'GET /api/messages/:id/decision': 'viewer read',
  'GET /api/contacts/:userId': 'viewer read',
  'GET /api/contacts/:userId/pressure': 'viewer read',
  'GET /api/contacts/:userId/why': 'viewer read',
  'GET /api/contacts/:userId/preferences': 'viewer read',
  'PUT /api/contacts/:userId/preferences': 'approver manage',
  'GET /api/contacts/:userId/consents': 'viewer read',
  'GET /api/contacts/:userId/consents/ledger': 'viewer read',
  'GET /api/contacts/:userId/export': 'admin manage',
  'PATCH /api/contacts/:userId': 'admin manage',
  'DELETE /api/contacts/:userId': 'admin manage',
  'POST /api/contacts/:userId/objection': 'admin manage',
  'DELETE /api/contacts/:userId/objection': 'admin manage',
  'PUT /api/contacts/:userId/restriction': 'admin manage',
  'DELETE /api/contacts/:userId/restriction': 'admin manage',
  'POST /api/contacts/:userId/rights-link': 'admin manage',
  'GET /api/requests': 'viewer read',
  'POST /api/requests': 'admin manage',
  'POST /api/requests/:id/extend': 'admin manage',
  'POST /api/requests/:id/end': 'admin manage',
  'GET /api/retention': 'viewer read',
  'POST /api/retention': 'admin manage',
  'DELETE /api/retention': 'admin manage',
  'GET /api/processing': 'viewer read',
  'GET /api/webhooks': 'viewer read',
  'GET /api/breakers': 'viewer read',
  'POST /api/breakers/:domain/lift': 'approver manage',
  'GET /api/frequency-tests': 'viewer read',
  'GET /api/frequency-tests/:id': 'viewer read',
  'GET /api/scenarios/:scenario/results': 'viewer read',
  'POST /api/scenarios/:scenario/enrollments': 'approver manage',
  'GET /api/scenarios/:id/versions': 'viewer read',
  'GET /api/scenarios/:id/versions/:version': 'viewer read',
  'GET /api/policy/versions': 'viewer read',
  'GET /api/policy/versions/:version': 'viewer read',
  'GET /api/templates/:id/versions': 'viewer read',
  'GET /api/templates/:id/versions/:version': 'viewer read',
  'POST /api/audiences/preview': 'author manage',
};

/** The routes that need no account: people's links, webhooks of providers, health, the sign-in; and the events API. */
const OTHERS =
  /^\/(?:health\/\w+|sign-(?:in|out)|[upcvrt]|t\/c|[upcvrt]\/:token(?:\/\w+|\/:what)?|t\/o\/:\w+(?:\.gif)?|t\/c\/:token|webhooks\/.+|v1\/.+)\/?$/;

const PASSWORD = 'long enough for anybody';

let db: TestDatabase;
let app: NestFastifyApplication;
let url: string;
const routes: { method: string; path: string }[] = [];
/** What each of those who ask shows. */
const shown = new Map<string, Record<string, string>>();

beforeAll(async () => {
  db = await createTestDatabase();
  const config = { ...testConfig(db.url, '.'), roles: ['api' as const] };
  const adapter = createAdapter(false);
  adapter.getInstance<FastifyInstance>().addHook('onRoute', ({ method, url: path }: RouteOptions) => {
    for (const one of [method].flat()) if (one !== 'HEAD' && one !== 'OPTIONS') routes.push({ method: one, path });
  });
  app = await NestFactory.create<NestFastifyApplication>(AppModule.of(config), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: false,
  });
  configureServer(app, config.publicUrl);
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`;

  const desk = new AccessDesk(db.database, systemClock);
  shown.set('nobody', {});
  for (const role of ACCOUNT_ROLES) {
    await desk.addAccount({ email: `the-${role}@example.com`, role, password: PASSWORD }, 'test');
    shown.set(role, { authorization: basic(`the-${role}@example.com`, PASSWORD) });
  }
  for (const scope of SCOPES) {
    const { key } = await desk.addKey({ name: scope, scope }, 'test');
    shown.set(`key ${scope}`, { authorization: `Bearer ${key}` });
  }
}, 180_000);
afterAll(async () => {
  await app?.close();
  await db?.close();
});

const guarded = (): { method: string; path: string }[] => {
  const known = new Set<string>();
  return routes
    .filter(({ path }) => !OTHERS.test(path))
    .filter(({ method, path }) => !known.has(`${method} ${path}`) && known.add(`${method} ${path}`));
};

function ask(method: string, path: string, headers: Record<string, string>): Promise<Response> {
  const changes = method !== 'GET';
  return fetch(`${url}${path.replaceAll(/:\w+/g, 'nothing')}`, {
    method,
    headers: { ...headers, ...(changes && { 'content-type': 'application/json' }) },
    // Of a form that no route takes: whoever is let in is told so, and nothing changes.
    body: changes ? '{"no":"such thing"}' : undefined,
    redirect: 'manual',
  });
}

test('S1: every route that the server has is in the table, or needs no account', () => {
  expect(
    guarded()
      .map(({ method, path }) => `${method} ${path}`)
      .toSorted(),
  ).toEqual(Object.keys(TABLE).toSorted());
});

test('docs/interfaces.md names every route, with its role and scope', () => {
  const page = readFileSync(new URL('../../docs/interfaces.md', import.meta.url), 'utf8');
  const absent = Object.entries(TABLE).filter(
    ([route, access]) => !page.includes(`| \`${route}\` | ${access.replace(' ', ' | ')} |`),
  );
  expect(absent).toEqual([]);
});

test('S1: every route lets in exactly whom the table says, of all roles, all scopes and nobody', async () => {
  const wrong: string[] = [];
  for (const { method, path } of guarded()) {
    const [role, scope] = TABLE[`${method} ${path}`]!.split(' ') as [string, string];
    const least = ACCOUNT_ROLES.findIndex((each) => each === role);
    const allowed = new Set<string>([
      ...ACCOUNT_ROLES.slice(least),
      ...(scope === 'read' ? ['key read', 'key manage'] : scope === 'manage' ? ['key manage'] : []),
    ]);
    for (const [who, headers] of shown) {
      const { status } = await ask(method, path, headers);
      const is = status === 401 || status === 403 ? status : 'in';
      const must = allowed.has(who) ? 'in' : who === 'nobody' ? 401 : 403;
      if (is !== must) wrong.push(`${method} ${path} as ${who}: ${status}, must be ${must}`);
      if (status >= 500) wrong.push(`${method} ${path} as ${who}: ${status}`);
    }
  }
  expect(wrong).toEqual([]);
}, 300_000);

test('S1: no answer challenges a browser to ask for a password and keep it', async () => {
  for (const { method, path } of [...guarded(), { method: 'POST', path: '/v1/track' }]) {
    const answer = await ask(method, path, {});
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
  }
});

test('the description of the API tells of every route under /api who may use it', async () => {
  const document = (await (await ask('GET', '/api/openapi.json', shown.get('viewer')!)).json()) as {
    components: { securitySchemes: object };
    paths: Record<string, Record<string, { 'x-role'?: string; 'x-scope'?: string; security?: object[] }>>;
  };
  expect(Object.keys(document.components.securitySchemes)).toEqual(
    expect.arrayContaining(['session', 'key', 'account', 'writeKey']),
  );
  const told = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(() => path.startsWith('/api/'))
      .map(([method, operation]) => {
        expect(operation.security).toContainEqual({ account: [operation['x-role']] });
        return [
          `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
          `${operation['x-role']} ${operation['x-scope'] ?? '-'}`,
        ];
      }),
  );
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries(
      Object.entries(TABLE).filter(([route]) => / \/api\//.test(route) && !/\/api\/(docs|openapi)/.test(route)),
    ),
  );
});

test('S1: a service in which a route says nothing of who may use it does not start', async () => {
  class SilentController {
    look(): string {
      return 'seen';
    }
  }
  Controller('api/silent')(SilentController);
  Get()(SilentController.prototype, 'look', Object.getOwnPropertyDescriptor(SilentController.prototype, 'look')!);
  class SilentModule {}
  Module({
    imports: [ConfigModule.of(testConfig(db.url, '.')), DatabaseModule, HttpModule, AccessModule],
    controllers: [SilentController],
  })(SilentModule);
  const starting = NestFactory.create<NestFastifyApplication>(SilentModule, createAdapter(false), {
    bodyParser: false,
    abortOnError: false,
    logger: false,
  });
  const other = await starting;
  try {
    await expect(other.init()).rejects.toThrow('who may use SilentController.look');
  } finally {
    await other.close().catch(() => {});
  }
});
