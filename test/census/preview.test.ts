import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { takeCensus } from '../../src/census/index.ts';
import { Database, snapshot } from '../../src/database/index.ts';
import { PublishService, readyLibrary } from '../../src/scenarios/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { policy } from '../gate/factories.ts';
import { POLICY, scenarioOf, writeFolder } from '../rehearsal/people.ts';
import { relance } from '../support/relance.ts';
import { ADMIN, basic, startService, type TestService } from '../support/service.ts';
import { store } from './people.ts';

const AUDIENCES = `audiences:
  french: { attribute: country, equals: FR }
  spelt: { attribute: nickname, matches: "^\\\\p{Lu}" }
`;
const NOW = Date.parse('2026-03-10T12:00:00Z');

let service: TestService;
let folder: string;
beforeAll(async () => {
  folder = await writeFolder({
    'scenarios/policy.yaml': POLICY + AUDIENCES,
    'scenarios/trial.yaml': scenarioOf('trial', '  rest: { wait: 1d, next: end }'),
    'templates/none.txt': '',
  });
  const places = { scenariosDir: path.join(folder, 'scenarios'), templatesDir: path.join(folder, 'templates') };
  service = await startService(places);
  const publish = new PublishService(service.db.database);
  await publish.publish(await publish.plan((await readyLibrary(places)).files), systemClock.now());
  await store(
    service.db.database,
    Array.from({ length: 30 }, (_, index) => ({
      contact: {
        id: contactIdOf(`user ${index}`),
        userId: index === 0 ? null : `user ${index}`,
        email: null,
        phone: null,
        firstName: null,
        lastName: null,
        birthday: null,
        locale: null,
        timezone: null,
        country: index % 3 === 0 ? 'FR' : 'BE',
        createdAt: NOW,
        attributes: { nickname: index < 6 ? 'Ada' : 'bob' },
      },
      events: [],
      messages: [],
      consents: [],
    })),
  );
}, 60_000);
afterAll(async () => {
  await service?.close();
  rmSync(folder, { recursive: true });
});

const preview = (body: unknown, authorization?: string): Promise<Response> =>
  service.post('/api/audiences/preview', body, { authorization: authorization ?? basic(ADMIN.email, ADMIN.password) });

describe('POST /api/audiences/preview', () => {
  test('counts all, and names ten who have a user id', async () => {
    const response = await preview({ condition: { attribute: 'country', in: ['FR', 'BE'] } });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { sample, ...figures } = (await response.json()) as { sample: string[] };
    expect(figures).toEqual({ count: 30, of: 30 });
    expect(new Set(sample).size).toBe(10);
    expect(sample.every((userId) => /^user \d+$/.test(userId))).toBe(true);
  });

  test('counts a named audience, also by a pattern that only JavaScript reads', async () => {
    expect(await (await preview({ audience: 'french' })).json()).toMatchObject({ count: 10, of: 30 });
    const spelt = (await (await preview({ audience: 'spelt' })).json()) as { count: number; sample: string[] };
    expect(spelt.count).toBe(6);
    expect(spelt.sample.toSorted()).toEqual(['user 1', 'user 2', 'user 3', 'user 4', 'user 5']);
  });

  test('S1: needs an account', async () => {
    expect((await preview({ audience: 'french' }, 'Basic bm9ib2R5Og==')).status).toBe(401);
  });

  test.each<[string, unknown, { path: string; code: string; hint?: RegExp }]>([
    ['nothing', {}, { path: '', code: 'wrong-value', hint: /condition and audience/ }],
    [
      'both',
      { audience: 'french', condition: { audience: 'french' } },
      { path: '', code: 'wrong-value', hint: /one of/ },
    ],
    [
      'a mistyped name',
      { audience: 'frensh' },
      { path: 'audience', code: 'unknown-audience', hint: /did you mean french/ },
    ],
    [
      'a mistyped name deep inside',
      { condition: { all: [{ not: { audience: 'frensh' } }] } },
      { path: 'condition.all.0.not.audience', code: 'unknown-audience' },
    ],
    [
      'a property where no event is',
      {
        condition: {
          any: [
            { event: 'A', where: { property: 'n', equals: 1 } },
            { property: 'n', equals: 1 },
          ],
        },
      },
      { path: 'condition.any.1.property', code: 'property-without-event' },
    ],
    [
      'a mistyped operator',
      { condition: { attribute: 'country', equal: 'FR' } },
      { path: 'condition.equal', code: 'unknown-key', hint: /equals/ },
    ],
    [
      'a careless pattern',
      { condition: { attribute: 'country', matches: '(?=a)b' } },
      { path: 'condition.matches', code: 'wrong-pattern' },
    ],
    [
      'more than anybody asks',
      { condition: { any: Array.from({ length: 501 }, () => ({ audience: 'french' })) } },
      { path: 'condition', code: 'too-many-parts' },
    ],
  ])('%s: 400 with the path and what to write', async (_name, body, expected) => {
    const response = await preview(body);
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { path: string; code: string; hint?: string }[] };
    expect(errors[0]).toMatchObject({ path: expected.path, code: expected.code });
    if (expected.hint !== undefined) expect(errors[0]!.hint).toMatch(expected.hint);
  });

  test('a condition nested beyond all measure is refused', async () => {
    const deep = `{"condition":${'{"not":'.repeat(20_000)}{"audience":"french"}${'}'.repeat(20_001)}`;
    expect((await preview(deep)).status).toBe(400);
  });

  test('what takes too long is given up, and no connection is left behind with a limit', async () => {
    const { database } = service.db;
    const slow = new Database(service.db.dataSource);
    const asked = { attribute: 'country', exists: true };
    const clock = { now: () => NOW };
    const count = (longest: number): Promise<unknown> =>
      snapshot(slow, (sql) => takeCensus(sql, asked, policy(), NOW, { clock, longest, most: 1 }));
    await expect(count(0)).rejects.toThrow(/longer than 0 seconds/);
    // PostgreSQL's own word for it: a statement that waits longer than it may run.
    const wait = { name: '', text: 'SELECT pg_sleep(5)' };
    const late = snapshot(database, (sql) =>
      takeCensus(
        {
          run: (statement, values) =>
            sql.run(statement.name === '' ? (wait as never) : statement, values && statement.name === '' ? [] : values),
        },
        asked,
        policy(),
        NOW,
        { clock, longest: 50, most: 1 },
      ),
    );
    await expect(late).rejects.toThrow(/longer than 0.05 seconds/);
    expect(await database.run({ name: '', text: 'SHOW statement_timeout' })).toEqual([{ statement_timeout: '0' }]);
    await expect(count(60_000)).resolves.toMatchObject({ count: 30 });
  });
});

describe('relance audience', () => {
  const audience = (...args: string[]) =>
    relance(folder, ['audience', ...args], { DATABASE_URL: service.db.url, SECRET: 'a-secret-of-the-tests-only' });

  test('prints count, share and sample of a named audience', async () => {
    const { code, out, error } = await audience('french');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(/^french: 10 of 30 contacts \(33\.3%\)\n( {2}user \d+\n){9}$/);
  }, 60_000);

  test('--json prints those of a file; a fault in it has its line', async () => {
    writeFileSync(
      path.join(folder, 'asked.yaml'),
      'all:\n  - { audience: french }\n  - { attribute: nickname, equals: Ada }\n',
    );
    const { code, out } = await audience('asked.yaml', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ audience: 'asked.yaml', count: 2, of: 30, share: 2 / 30, sample: ['user 3'] });
    writeFileSync(path.join(folder, 'asked.yaml'), 'all:\n  - { audience: frensh }\n');
    expect(await audience('asked.yaml')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/asked\.yaml:2:17 .*unknown-audience.*did you mean french/),
    });
  }, 60_000);
});
