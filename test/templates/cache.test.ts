import { createTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { TemplateCache } from '../../src/templates/index.ts';
import { TemplateStore } from '../../src/templates/template.store.ts';
import { data, folder } from './folders.ts';

const greeting = (text: string): ReturnType<typeof folder> => folder({ 'sms.txt.hbs': text });

test('a version is loaded and compiled once, also when many ask at the same time', async () => {
  const asked: string[] = [];
  const cache = new TemplateCache(async (id, version) => {
    asked.push(`${id} ${version}`);
    return greeting(`v${version}`);
  });
  const [first, second] = await Promise.all([cache.get('hello', 1), cache.get('hello', 1)]);
  expect(first).toBe(second);
  expect((await cache.get('hello', 2)).render('sms', data(), null).text).toBe('v2');
  expect(asked).toEqual(['hello 1', 'hello 2']);
});

test('the least recently used version goes when there are too many', async () => {
  const asked: number[] = [];
  const cache = new TemplateCache(async (_id, version) => {
    asked.push(version);
    return greeting('x');
  }, 2);
  for (const version of [1, 2, 1, 3, 1, 2]) await cache.get('hello', version);
  expect(asked).toEqual([1, 2, 3, 2]);
});

test('a load that failed is tried again', async () => {
  let away = true;
  const cache = new TemplateCache(async () => {
    if (away) throw new Error('connection lost');
    return greeting('back');
  });
  await expect(cache.get('hello', 1)).rejects.toThrow('connection lost');
  away = false;
  expect((await cache.get('hello', 1)).render('sms', data(), null).text).toBe('back');
});

test('a version that was never published is an error that names it', async () => {
  await expect(new TemplateCache(async () => null).get('hello', 7)).rejects.toThrow(
    'there is no template hello in version 7',
  );
});

describe('published versions', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());

  test('are read by id and version (D8)', async () => {
    const store = new TemplateStore(db.database);
    await db.dataSource.query(
      `INSERT INTO template_version (template_id, version, hash, files, published_at)
       VALUES ('hello', 1, 'a', '{"sms.txt.hbs": "one"}', to_timestamp(0)), ('hello', 2, 'b', '{"sms.txt.hbs": "two"}', to_timestamp(0))`,
    );
    expect(await store.getForRender('hello', 2)).toEqual({ id: 'hello', files: { 'sms.txt.hbs': 'two' } });
    expect(await store.getForRender('hello', 3)).toBeNull();
  });
});
