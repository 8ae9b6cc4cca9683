import { dropPart, partsBefore, type Database, type Sql, type Statement } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { LANES, laneOf, type Id } from '../../shared/ids.ts';
import { eraseForgotten } from '../erasure/erasure.store.ts';
import { holdLane } from '../sql/erase.ts';
import { rememberActivity, silentPeople, unansweredFriends, type ForgottenRow } from '../sql/forgotten.ts';
import { countOld, deleteOld, hasNeeded, oldRows, type OldRows } from './old-rows.ts';
import { FORGOTTEN, type Cuts, type Forgotten } from './retention.ts';

const FIRST = '00000000-0000-0000-0000-000000000000';
const PEOPLE_AT_ONCE = 100;
const ROWS_AT_ONCE = 5_000;
const SAMPLE = 5;

/** What a run would remove. */
export interface RetentionPreview {
  people: Record<Forgotten, { count: number; oldest: Instant | null; sample: (string | null)[] }>;
  rows: Record<string, { before: string; goes: number; oldest: string | null; stays: number; because: string }>;
}

/** Rows and people removed so far, by kind. */
export type Removed = Record<string, number>;

/** Told after each batch; false: stop here. */
export type GoesOn = (removed: Removed) => Promise<boolean>;

/** What would be removed: people with the longest silence and some of their user ids, and rows by table. Changes nothing. */
export async function previewRetention(sql: Sql, cuts: Cuts): Promise<RetentionPreview> {
  const people = {} as RetentionPreview['people'];
  for (const kind of FORGOTTEN) {
    const found = { count: 0, oldest: null as Instant | null, sample: [] as (string | null)[] };
    for (let lane = 0; lane < LANES; lane++)
      for (const { userId, lastHeard } of await forgotten(sql, kind, cuts, { lane })) {
        found.count += 1;
        found.oldest = Math.min(found.oldest ?? lastHeard, lastHeard);
        if (found.sample.length < SAMPLE) found.sample.push(userId);
      }
    people[kind] = found;
  }
  const rows: RetentionPreview['rows'] = {};
  for (const old of oldRows(cuts)) {
    const before = cuts.months[old.span];
    const [counted] = await sql.run(countOld(old), [before, ...old.values]);
    rows[old.table] = { before, ...counted!, because: old.because };
  }
  return { people, rows };
}

/**
 * Removes what the policy no longer keeps (rule C9): people first, each in a transaction of their own through the erasure,
 * then rows by month, in batches. Stopped at any point it goes on where it was when it is run again. Returns whether
 * it came to its end.
 */
export async function applyRetention(
  database: Database,
  cuts: Cuts,
  now: () => Instant,
  goesOn: GoesOn,
): Promise<{ removed: Removed; ended: boolean }> {
  const removed: Removed = {};
  const add = (kind: string, count: number): void => {
    if (count > 0) removed[kind] = (removed[kind] ?? 0) + count;
  };
  for (const kind of FORGOTTEN)
    for (let lane = 0; lane < LANES; lane++)
      for (let after: Id | undefined = FIRST; after !== undefined;) {
        const batch: ForgottenRow[] = await forgotten(database, kind, cuts, { lane, after, most: PEOPLE_AT_ONCE });
        for (const { id } of batch) {
          const isDue = async (sql: Sql): Promise<boolean> =>
            (await forgotten(sql, kind, cuts, { lane: laneOf(id), only: id })).length > 0;
          if (await eraseForgotten(database, id, isDue, now())) add(kind, 1);
        }
        after = batch.at(-1)?.id;
        if (batch.length > 0 && !(await goesOn(removed))) return { removed, ended: false };
      }
  for (const old of oldRows(cuts))
    if (
      !(await removeOld(
        database,
        old,
        cuts,
        (count) => add(old.table, count),
        () => goesOn(removed),
      ))
    )
      return { removed, ended: false };
  return { removed, ended: true };
}

interface Whom {
  lane: number;
  after?: Id;
  most?: number;
  only?: Id;
}

async function forgotten(sql: Sql, kind: Forgotten, cuts: Cuts, whom: Whom): Promise<ForgottenRow[]> {
  const { lane, after = FIRST, most = null, only = null } = whom;
  const cut = cuts.people[kind];
  if (cut === null) return [];
  if (kind === 'referrals') return sql.run(unansweredFriends, [lane, cut, cuts.sales, cuts.made, after, most, only]);
  return sql.run(silentPeople, [lane, cut, kind === 'customers', cuts.sales, cuts.made, after, most, only]);
}

/** Whole months at the price of a file's removal where nothing in them is needed, else row by row. False when stopped. */
async function removeOld(
  database: Database,
  old: OldRows,
  cuts: Cuts,
  add: (count: number) => void,
  goesOn: () => Promise<boolean>,
): Promise<boolean> {
  const values = [cuts.months[old.span], ...old.values];
  for (const part of await partsBefore(database, old.table, cuts.months[old.span])) {
    if (old.table === 'event') await rememberActivityOf(database, part, cuts);
    const [found] = await database.run(hasNeeded(old, part), values);
    const isWhole = !found!.some && !part.endsWith('_default');
    if (isWhole) {
      const [counted] = await database.run(rowsIn(part));
      await dropPart(database, part);
      add(counted!.rows);
      if (!(await goesOn())) return false;
      continue;
    }
    for (let gone = ROWS_AT_ONCE; gone === ROWS_AT_ONCE;) {
      gone = (await database.run(deleteOld(old, part, ROWS_AT_ONCE), values)).length;
      add(gone);
      if (gone > 0 && !(await goesOn())) return false;
    }
  }
  return true;
}

/** Lane by lane, so that no tick waits long. */
async function rememberActivityOf(database: Database, part: string, cuts: Cuts): Promise<void> {
  const months = (await database.run(monthsIn(part), [cuts.months.events])).map(({ month }) => month);
  for (const month of months)
    for (let lane = 0; lane < LANES; lane++)
      await database.transaction(async (sql) => {
        await sql.run(holdLane, [lane]);
        await sql.run(rememberActivity, [lane, month, cuts.sales, cuts.made]);
      });
}

const rowsIn = (part: string): Statement<{ rows: number }> => ({
  name: '',
  text: `SELECT count(*)::int AS rows FROM ${part}`,
});

const monthsIn = (part: string): Statement<{ month: string }> => ({
  name: '',
  text: `SELECT DISTINCT to_char(month, 'YYYY-MM-DD') AS month FROM ${part} WHERE month < $1::date`,
});
