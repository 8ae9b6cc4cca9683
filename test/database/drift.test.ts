import { findDrift } from '../../src/database/drift.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { loadAllEntities } from '../support/entities.ts';

describe('entities and migrations', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    await loadAllEntities();
    db = await createTestDatabase();
  });
  afterAll(() => db.close());

  test('agree', async () => {
    expect(await findDrift(db.dataSource)).toEqual([]);
  });

  describe('that do not agree', () => {
    let drift: string;
    const CHANGES: [string, string, RegExp][] = [
      ['a column without a property', 'ALTER TABLE contact ADD COLUMN nickname text', /DROP COLUMN "nickname"/],
      ['a property without a column', 'ALTER TABLE contact DROP COLUMN country', /"contact" ADD "country"/],
      ['another type', 'ALTER TABLE contact ALTER COLUMN max_per_week TYPE bigint', /"max_per_week" integer/],
      [
        'another type, in a table cut by month',
        'ALTER TABLE message ALTER COLUMN priority TYPE integer',
        /"priority" smallint/,
      ],
      [
        'a column that may be null',
        'ALTER TABLE contact ALTER COLUMN created_at DROP NOT NULL',
        /"created_at" SET NOT NULL/,
      ],
      ['another default', 'ALTER TABLE enrollment ALTER COLUMN planned SET DEFAULT 1', /"planned" SET DEFAULT '?0/],
      ['a missing index', 'DROP INDEX watch_due', /CREATE INDEX "watch_due"/],
      [
        'an index of other columns',
        'DROP INDEX message_held; CREATE INDEX message_held ON message (lane)',
        /CREATE INDEX "message_held"/,
      ],
      [
        'an index that is no longer unique',
        'DROP INDEX enrollment_live; CREATE INDEX enrollment_live ON enrollment (lane, contact_id, scenario_id, key)',
        /CREATE UNIQUE INDEX "enrollment_live"/,
      ],
      [
        'an index nobody knows of',
        'CREATE INDEX contact_email ON contact (lane, email)',
        /DROP INDEX .*"contact_email"/,
      ],
      [
        'another primary key',
        'ALTER TABLE inbox DROP CONSTRAINT inbox_pkey, ADD PRIMARY KEY (lane, seq)',
        /"inbox" .*PRIMARY KEY/,
      ],
      ['a table without an entity', 'CREATE TABLE stray (id integer)', /table stray has no entity/],
      ['an entity without a table', 'DROP TABLE suppression', /CREATE TABLE "suppression"/],
    ];

    beforeAll(async () => {
      const changed = await createTestDatabase({ poolSize: 2 });
      for (const [, change] of CHANGES) await changed.dataSource.query(change);
      drift = (await findDrift(changed.dataSource)).join('\n');
      await changed.close();
    });

    test.each(CHANGES)('show %s', (_what, _change, repair) => {
      expect(drift).toMatch(repair);
    });
  });
});
