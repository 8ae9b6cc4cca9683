import fc from 'fast-check';
import { plainArray, textArray } from '../../src/database/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('texts arrive as they were, nulls and all', async () => {
  const text = fc.oneof(
    fc.constantFrom('', 'NULL', '{}', '"', '\\', ',', '{"a":"\\"é😀\\\\"}', '\n'),
    fc.string({ unit: 'grapheme' }).filter((value) => !/[\0\p{Cs}]/u.test(value)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text), { minLength: 1 }), async (values) => {
      const rows = await db.database.run<{ value: string | null }>(
        {
          name: 'test-text-array',
          text: 'SELECT value FROM unnest($1::text[]) WITH ORDINALITY AS t (value, n) ORDER BY n',
        },
        [textArray(values)],
      );
      expect(rows.map((row) => row.value)).toEqual(values);
    }),
    { numRuns: 50 },
  );
});

test('numbers, truth values and ids arrive as they were', async () => {
  const values = [
    plainArray([1, null, -7.5, 1.8e15]),
    plainArray([true, false, null, true]),
    plainArray(['6ba7b812-9dad-51d1-80b4-00c04fd430c8', null, null, null]),
  ];
  const rows = await db.database.run<{ number: number; truth: boolean; id: string }>(
    {
      name: 'test-plain-array',
      text: `SELECT number, truth, id FROM unnest($1::float8[], $2::bool[], $3::uuid[]) WITH ORDINALITY
        AS t (number, truth, id, n) ORDER BY n`,
    },
    values,
  );
  expect(rows.map((row) => row.number)).toEqual([1, null, -7.5, 1.8e15]);
  expect(rows.map((row) => row.truth)).toEqual([true, false, null, true]);
  expect(rows.map((row) => row.id)).toEqual(['6ba7b812-9dad-51d1-80b4-00c04fd430c8', null, null, null]);
});
