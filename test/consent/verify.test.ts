import fc from 'fast-check';
import { appendToLedger, ledgerOf } from '../../src/consent/ledger.store.ts';
import { standingsAt } from '../../src/consent/standing.ts';
import { verifyContact, verifyPart } from '../../src/consent/verify.store.ts';
import { statesAfter } from '../../src/consent/entry.ts';
import type { Flaw } from '../../src/consent/verify.ts';
import { snapshot } from '../../src/database/index.ts';
import { contactIdOf, laneOf, type Id } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { anyEntry, entry, NOW } from './factories.ts';

let db: TestDatabase;
let people = 0;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const somebody = (): Id => contactIdOf(`verified-${++people}`);
const say = (contactId: Id, entries: Parameters<typeof appendToLedger>[2], at = NOW) =>
  db.database.transaction((sql) => appendToLedger(sql, contactId, entries, at));
/** Does what only somebody with every right on the database can do. */
const tamper = (sql: string, values: unknown[]): Promise<unknown> =>
  db.dataSource.transaction(async (manager) => {
    await manager.query(`SET LOCAL session_replication_role = 'replica'`);
    await manager.query(sql, values);
  });
const flaws = async (contactId: Id): Promise<Flaw[]> =>
  (await snapshot(db.database, (sql) => verifyContact(sql, contactId))).flaws;

/** Each column, and what somebody might make of it. */
const MUTATIONS: Readonly<Record<string, string>> = {
  recorded_at: `recorded_at + interval '1 microsecond'`,
  at: `at - interval '1 day'`,
  channel: `CASE channel WHEN 'email' THEN 'sms' ELSE 'email' END`,
  purpose: `purpose || 's'`,
  action: `CASE action WHEN 'granted' THEN 'withdrawn' ELSE 'granted' END`,
  legal_basis: `CASE WHEN legal_basis IS NULL THEN 'consent' END`,
  source_kind: `source_kind || '.'`,
  source_reference: `coalesce(source_reference || '.', '')`,
  text_version: `coalesce(text_version || '.', '')`,
  text: `coalesce(text || '.', '')`,
  ip: `coalesce(ip || '.', '')`,
  user_agent: `coalesce(user_agent || '.', '')`,
  brand: `coalesce(brand || '.', 'acme')`,
  requested_at: `coalesce(requested_at + interval '1 second', at)`,
  expires_at: `coalesce(expires_at + interval '1 second', at)`,
  address_mark: `coalesce(address_mark || '.', 'a')`,
  previous_hash: `repeat('0', 64)`,
  hash: `repeat('0', 64)`,
  ordinal: 'ordinal + 1000',
  lane: '(lane + 1) % 64',
};

describe('C2: tampering is detected and named', () => {
  test('every column of the table is tried', async () => {
    const columns = (await db.dataSource.query(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'consent_entry'`,
    )) as { name: string }[];
    const tried = new Set([...Object.keys(MUTATIONS), 'contact_id']);
    expect(columns.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  test('a mutation of any column of any row names that row, and a whole ledger has no flaw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEntry, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        fc.constantFrom(...Object.keys(MUTATIONS)),
        async (entries, place, column) => {
          const ada = somebody();
          await say(ada, entries);
          expect(await flaws(ada)).toEqual([]);
          const ordinal = (place % entries.length) + 1;
          await tamper(
            `UPDATE consent_entry SET ${column} = ${MUTATIONS[column]} WHERE contact_id = $1 AND ordinal = $2`,
            [ada, ordinal],
          );
          const kind = column === 'ordinal' || column === 'lane' ? 'missing' : 'changed';
          expect(await flaws(ada)).toContainEqual(expect.objectContaining({ contactId: ada, ordinal, kind }));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('an entry that was moved to another contact is missed there and strange here', async () => {
    const [ada, grace] = [somebody(), somebody()];
    await say(ada, [entry(), entry({ action: 'withdrawn' })]);
    await tamper(`UPDATE consent_entry SET contact_id = $2, lane = $3 WHERE contact_id = $1 AND ordinal = 2`, [
      ada,
      grace,
      laneOf(grace),
    ]);
    expect(await flaws(ada)).toContainEqual(expect.objectContaining({ ordinal: 2, kind: 'missing' }));
    expect(await flaws(grace)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ordinal: 1, kind: 'missing' }),
        expect.objectContaining({ ordinal: 2, kind: 'changed' }),
      ]),
    );
  });

  test.each([1, 2, 3])('an entry that was removed is named, also the last: %i of 3', async (ordinal) => {
    const ada = somebody();
    await say(ada, [entry({ at: NOW - 9 }), entry({ action: 'withdrawn', at: NOW - 1 }), entry()]);
    await tamper('DELETE FROM consent_entry WHERE contact_id = $1 AND ordinal = $2', [ada, ordinal]);
    expect(await flaws(ada)).toContainEqual(expect.objectContaining({ ordinal, kind: 'missing' }));
  });

  test('a ledger that is gone as a whole is missed', async () => {
    const ada = somebody();
    await say(ada, [entry(), entry({ channel: 'sms' })]);
    await tamper('DELETE FROM consent_entry WHERE contact_id = $1', [ada]);
    expect((await flaws(ada)).filter(({ kind }) => kind === 'missing').map(({ ordinal }) => ordinal)).toEqual([1, 2]);
    await tamper('DELETE FROM consent_head WHERE contact_id = $1', [ada]);
    expect((await flaws(ada)).map(({ kind }) => kind)).toEqual(['state', 'state']);
  });

  test('two entries in each other’s place are both named', async () => {
    const ada = somebody();
    await say(ada, [entry(), entry({ action: 'withdrawn' })]);
    await tamper('UPDATE consent_entry SET ordinal = -ordinal WHERE contact_id = $1', [ada]);
    await tamper('UPDATE consent_entry SET ordinal = 3 + ordinal WHERE contact_id = $1', [ada]);
    const changed = (await flaws(ada)).filter(({ kind }) => kind === 'changed').map(({ ordinal }) => ordinal);
    expect(changed).toEqual([1, 2]);
  });

  test('a state that says something else than the ledger is named with the entry that decides', async () => {
    const ada = somebody();
    await say(ada, [entry({ action: 'withdrawn' })]);
    await tamper(`UPDATE consent_state SET state = 'granted' WHERE contact_id = $1`, [ada]);
    expect(await flaws(ada)).toEqual([
      expect.objectContaining({
        ordinal: 1,
        kind: 'state',
        message: expect.stringContaining('the ledger says withdrawn'),
      }),
    ]);
  });

  test('a look at a lane, part by part, meets everybody once, also whose ledger is gone', async () => {
    const ids = Array.from({ length: 12 }, somebody);
    for (const id of ids) await say(id, [entry()]);
    await tamper('DELETE FROM consent_entry WHERE contact_id = $1', [ids[3]]);
    const met: Id[] = [];
    for (let lane = 0; lane < 64; lane += 1) {
      for (let after: Id | null = null, first = true; first || after !== null; first = false) {
        const part: Awaited<ReturnType<typeof verifyPart>> = await verifyPart(db.database, lane, after, 2);
        met.push(...part.contactIds);
        after = part.next;
      }
    }
    expect(met.filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted());
  });
});

describe('L7: what had been consented to at any date can be proved', () => {
  test('the words, their version, when and where, and the hash, as of before, between and after', async () => {
    const ada = somebody();
    await say(ada, [entry({ at: NOW, text: 'Old words', textVersion: '1' })], NOW);
    await say(ada, [entry({ at: NOW + 10, text: 'New words', textVersion: '2' })], NOW + 10);
    await say(ada, [entry({ at: NOW + 20, action: 'withdrawn', text: null })], NOW + 20);
    const ledger = await ledgerOf(db.database, ada);
    const at = (instant: number) => standingsAt(ledger, instant);
    expect(at(NOW - 1)).toEqual([]);
    expect(at(NOW)).toMatchObject([{ state: 'granted', since: NOW, proof: { text: 'Old words', textVersion: '1' } }]);
    expect(at(NOW + 19)).toMatchObject([
      { state: 'granted', since: NOW, proof: { text: 'New words', hash: ledger[1]!.hash } },
    ]);
    expect(at(NOW + 20)).toMatchObject([{ state: 'withdrawn', since: NOW + 20 }]);
  });

  test('C1: as of now it is what the gate reads', () =>
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 8 }), (entries) => {
        const ledger = entries.map((one, index) => ({
          ...one,
          contactId: 'x',
          ordinal: index + 1,
          recordedAt: NOW,
          previousHash: '',
          hash: '',
        }));
        const key = (one: { channel: string; purpose: string; brand?: string | null }): string =>
          [one.channel, one.purpose, one.brand ?? ''].join(' ');
        const read = new Map(statesAfter(ledger).map((state) => [key(state), state.state]));
        expect(new Map(standingsAt(ledger, NOW).map(({ state, proof }) => [key(proof), state]))).toEqual(read);
      }),
    ));
});
