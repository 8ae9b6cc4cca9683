import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { appendToLedger } from '../../src/consent/index.ts';
import { PublishService, readyLibrary } from '../../src/scenarios/index.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { ADA, PLACES, ROOT, writeFolder } from '../rehearsal/people.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { PostgresRun } from '../support/postgres-run.ts';
import { LibraryService } from '../../src/scenarios/index.ts';
import { relance } from '../support/relance.ts';

const START = Date.parse('2026-03-02T08:00:00Z');
const SECRET = 'a-secret-of-the-tests-only';
const DIRECTORIES = { SCENARIOS_DIR: PLACES.scenariosDir, TEMPLATES_DIR: PLACES.templatesDir };

let folder: string;
beforeAll(async () => {
  folder = await writeFolder({ 'ada.yaml': ADA(), 'scenarios/none.txt': '' });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('relance rehearse with a contact in a file', () => {
  const rehearse = (...args: string[]) =>
    relance(folder, ['rehearse', 'newsletter-welcome', '--contact', 'ada.yaml', ...args], DIRECTORIES);

  test('prints the timeline, without a database', async () => {
    const { code, out, error } = await rehearse('--from', '2026-03-02T09:00');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(
      /^Newsletter welcome \(newsletter-welcome\)\nfor ada, by the clock of Europe\/Paris, from Mon 2 Mar 2026 09:00\n/,
    );
    expect(out).toMatch(/\nada completed; 2 of 2 messages sent\n$/);
  }, 60_000);

  test('--json prints everything, --out writes the page for this account alone, --open works without a screen', async () => {
    const { code, out, error } = await rehearse('--from', '2026-03-02T09:00', '--json', '--open', '--out', 'page.html');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      scenario: 'newsletter-welcome',
      status: 'completed',
      timeline: expect.any(Array),
    });
    const file = path.join(folder, 'page.html');
    expect(error).toBe(`${file}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/);
    const opened = (await rehearse('--from', '2026-03-02', '--open')).error.trim();
    expect(path.basename(opened)).toBe('newsletter-welcome.html');
    expect(existsSync(opened)).toBe(true);
    rmSync(path.dirname(opened), { recursive: true });
  }, 60_000);

  test.each([
    [['--from', '2026-03-02', '--properties', '[1]'], 2, /write a JSON object/],
    [[], 2, /--from <date>/],
    [['--from', 'soon'], 1, /^--from: soon is no date/],
    [['--from', '2026-03-02', '--out', 'nowhere/page.html'], 1, /There is no folder .*nowhere/],
  ])(
    '%j: exit %i, and what to write',
    async (args, expected, message) => {
      const { code, error } = await rehearse(...args);
      expect(code).toBe(expected);
      expect(error).toMatch(message);
    },
    60_000,
  );
});

describe('relance rehearse and xstate with a database', () => {
  let db: TestDatabase;
  const env = (url: string) => ({ ...DIRECTORIES, DATABASE_URL: url, SECRET });

  beforeAll(async () => {
    db = await createTestDatabase();
    const publisher = new PublishService(db.database);
    await publisher.publish(await publisher.plan((await readyLibrary(PLACES)).files), START);
    const library = await new LibraryService(db.database, { now: () => START }).current();
    const run = new PostgresRun(db.database, library, START);
    await run.identify('ada', { email: 'ada@example.com', timezone: 'Europe/Paris', firstName: 'Ada' });
    await run.settleInstant();
    const source = { kind: 'form', reference: '/newsletter' };
    const entry = {
      channel: 'email',
      purpose: 'newsletter',
      action: 'granted',
      at: START,
      legalBasis: null,
      source,
      textVersion: null,
      text: null,
      ip: null,
      userAgent: null,
    };
    await db.database.transaction((sql) => appendToLedger(sql, contactIdOf('ada'), [entry] as never, START));
  });
  afterAll(() => db.close());

  test('a real contact, and what is published; nothing is written', async () => {
    const args = ['rehearse', 'newsletter-welcome', '--contact', 'ada', '--from', '2027-03-03T09:00', '--published'];
    const { code, out, error } = await relance(folder, args, env(db.url));
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(/^Newsletter welcome \(newsletter-welcome, version 1\)\nfor ada/);
    expect(out).toContain('sent      to ada@example.com: Welcome, Ada');
    const rows = await db.database.run<{ n: number }>({
      name: 'count',
      text: 'SELECT count(*)::int AS n FROM enrollment',
    });
    expect(rows).toEqual([{ n: 0 }]);
    expect(
      await relance(
        folder,
        ['rehearse', 'newsletter-welcome', '--contact', 'eve', '--from', '2027-03-03'],
        env(db.url),
      ),
    ).toMatchObject({
      code: 1,
      error: expect.stringContaining('Nobody has the user id eve'),
    });
  }, 60_000);

  test('xstate prints a file, or a published version', async () => {
    const file = await relance(folder, ['xstate', path.join(ROOT, 'scenarios/welcome/newsletter-welcome.yaml')]);
    expect(file).toMatchObject({ code: 0, error: '' });
    const machine = JSON.parse(file.out) as object;
    expect(machine).toMatchObject({ id: 'newsletter-welcome', initial: '(start)' });
    const published = await relance(folder, ['xstate', 'newsletter-welcome', '--version', '1'], env(db.url));
    expect(JSON.parse(published.out)).toEqual({ ...machine, version: '1' });
    expect(await relance(folder, ['xstate', 'newsletter-welcome', '--version', '7'], env(db.url))).toMatchObject({
      code: 1,
      error: 'Scenario newsletter-welcome has no version 7: it has 1\n',
    });
    expect(await relance(folder, ['xstate', 'newsleter-welcome'], DIRECTORIES)).toMatchObject({
      code: 1,
      error: expect.stringContaining('did you mean newsletter-welcome?'),
    });
    expect((await relance(folder, ['xstate', 'newsletter-welcome', '--version', 'last'], DIRECTORIES)).code).toBe(2);
  }, 60_000);

  test('a database of another version is not touched', async () => {
    const empty = await createEmptyDatabase();
    try {
      expect(await relance(folder, ['xstate', 'newsletter-welcome', '--published'], env(empty.url))).toMatchObject({
        code: 1,
        error: expect.stringMatching(/^This database is not of this version yet: run `relance apply`/),
      });
    } finally {
      await empty.close();
    }
  }, 60_000);
});
