import type { Database, Sql } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import { PUBLICATION_LOCK } from '../scenarios/index.ts';
import { laneOf, LANES } from '../shared/ids.ts';
import type { Id } from '../shared/ids.ts';
import { PostgresTick } from './postgres-tick.store.ts';
import { claimClock } from './sql/claim-clock.ts';
import { claimInbox, type ClaimedRow, type InboxRow } from './sql/claim-inbox.ts';
import { claimLanes } from './sql/claim-lanes.ts';
import { nextDue } from './sql/next-due.ts';
import { shareLibrary } from './sql/share-library.ts';
import { writeChanges } from './write-changes.store.ts';
import type { ContactChanges, Due, InboxItem, Tick, TickLimits, World } from './world.ts';

/** The engine's world in production. Any number of them, in any number of processes, may work on one database. */
export class PostgresWorld implements World {
  private turn = 0;

  constructor(private readonly database: Database) {}

  tick(now: Instant, limits: TickLimits, decide: (tick: Tick) => Promise<ContactChanges[]>): Promise<number> {
    return this.database.transaction(async (sql) => {
      this.turn = (this.turn + limits.lanes) % LANES;
      // Sent together: the second sees what was published while the first waited.
      const [, claimed] = await Promise.all([
        sql.run(shareLibrary, [PUBLICATION_LOCK]),
        sql.run(claimLanes, [now, LANES - this.turn, limits.lanes, limits.without ?? []]),
      ]);
      if (claimed.length === 0) return 0;
      const lanes = claimed.map(({ lane }) => lane);
      const due = await claim(sql, lanes, now, Math.ceil(limits.items / lanes.length));
      if (due.length === 0) return 0;
      await writeChanges(sql, await decide(new PostgresTick(sql, due, claimed[0]!.revision, now)), now);
      return due.length;
    });
  }

  async nextDue(): Promise<Instant | null> {
    const [row] = await this.database.run(nextDue);
    return row?.at ?? null;
  }
}

async function claim(sql: Sql, lanes: number[], now: Instant, mostPerLane: number): Promise<Due[]> {
  const rows = await sql.run(claimInbox, [lanes, mostPerLane]);
  const until = clocksUntil(lanes, rows, now, mostPerLane);
  const clock = await sql.run(claimClock, [lanes, lanes.map((lane) => until.get(lane)), mostPerLane]);
  const dues = new Map<Id, Due>();
  const dueOf = (contactId: Id): Due => {
    let due = dues.get(contactId);
    if (due === undefined)
      dues.set(contactId, (due = { contactId, inbox: [], clockUntil: until.get(laneOf(contactId))! }));
    return due;
  };
  for (const { contactId } of clock) dueOf(contactId);
  for (const row of rows) dueOf(row.contactId).inbox.push(inboxItem(row));
  stopClocks(rows, dues);
  return [...dues.values()];
}

/** Of whoever was restricted, nothing that fell due is done before the lift, which follows upon all that arrived meanwhile. */
function stopClocks(rows: readonly ClaimedRow[], dues: ReadonlyMap<Id, Due>): void {
  for (const { contactId, stopped } of rows) {
    const due = dues.get(contactId)!;
    if (stopped && !due.inbox.some(({ kind }) => kind === 'lifted')) due.clockUntil = Number.NEGATIVE_INFINITY;
  }
}

/**
 * In a lane whose inbox was not emptied, what is due when its last arrival came or later waits: arrivals come first.
 * What was due before is done, so that no backlog turns the order round or lets timers starve.
 */
function clocksUntil(
  lanes: readonly number[],
  rows: readonly InboxRow[],
  now: Instant,
  mostPerLane: number,
): Map<number, Instant> {
  const until = new Map(lanes.map((lane) => [lane, now]));
  const taken = new Map<number, number>();
  for (const { contactId, receivedAt } of rows) {
    const lane = laneOf(contactId);
    const count = (taken.get(lane) ?? 0) + 1;
    taken.set(lane, count);
    if (count === mostPerLane) until.set(lane, Math.min(now, receivedAt) - 1);
  }
  return until;
}

/** The item a row of the inbox stands for. */
export function inboxItem(row: InboxRow): InboxItem {
  const { contactId, seq, receivedAt } = row;
  if (row.kind !== 'event') return { contactId, seq, receivedAt, kind: row.kind, ...row.body } as InboxItem;
  const { id, userId, type, name, at, properties, historical, active, timezone, locale } = row;
  const context = { timezone, locale };
  const event = { id, contactId, userId, seq, type, name, at, receivedAt, properties, historical, active, context };
  return { kind: 'event', contactId, seq, receivedAt, event };
}
