import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../access/index.ts';
import type { Database, Sql } from '../../database/index.ts';
import type { Library } from '../../scenarios/index.ts';
import type { Clock, Instant } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import type { Id } from '../../shared/ids.ts';
import {
  beginRun,
  endRun,
  holdRuns,
  latestRuns,
  runGoesOn,
  runUnderWay,
  stopRuns,
  type RetentionRun,
} from '../sql/retention-runs.ts';
import { cutsOf } from './retention.ts';
import { applyRetention, type Removed } from './retention.store.ts';

/** Whoever has given no sign of life for so long is dead. */
const DEAD_AFTER = 10 * 60_000;
const LOCK = 20_590;
const MOST = 20;

/** Begins a run, in the audit log too. Throws UserError when one is under way. */
export async function beginRetention(database: Database, actor: string, now: Instant): Promise<Id> {
  return database.transaction(async (sql) => {
    await sql.run(holdRuns, [LOCK]);
    const [other] = await sql.run(runUnderWay, [now - DEAD_AFTER]);
    if (other !== undefined)
      throw new UserError('A retention run is under way already: wait for its end, or stop it (DELETE /api/retention)');
    const id = randomUUID();
    await sql.run(beginRun, [id, now, actor]);
    await recordAudit(sql, { actor, action: 'retention.begin', subject: id }, now);
    return id;
  });
}

/**
 * Removes what the policy no longer keeps, as the run that was begun, and writes down what came of it. `isStopped` is
 * asked after each batch, as is whether somebody else has stopped the run. Throws what goes wrong, once that is written down.
 */
export async function runRetention(
  database: Database,
  { id, actor, library }: { id: Id; actor: string; library: Library },
  clock: Clock,
  { isStopped, told }: { isStopped: () => boolean; told?: (removed: Removed) => void },
): Promise<{ removed: Removed; ended: boolean }> {
  let known: Removed = {};
  const end = async (state: 'done' | 'stopped' | 'failed', removed: Removed): Promise<void> => {
    const now = clock.now();
    await database.transaction(async (sql) => {
      await sql.run(endRun, [id, now, JSON.stringify(removed), state]);
      await recordAudit(sql, { actor, action: 'retention.end', subject: id, details: { state, removed } }, now);
    });
  };
  try {
    const result = await applyRetention(
      database,
      cutsOf(library, clock.now()),
      () => clock.now(),
      async (removed) => {
        known = removed;
        told?.(removed);
        const [alive] = await database.run(runGoesOn, [id, clock.now(), JSON.stringify(removed)]);
        return alive !== undefined && !isStopped();
      },
    );
    await end(result.ended ? 'done' : 'stopped', result.removed);
    return result;
  } catch (error) {
    await end('failed', known);
    throw error;
  }
}

/** Has whatever runs stop after its batch; how many runs that are. */
export async function stopRetention(database: Database, actor: string, now: Instant): Promise<number> {
  return database.transaction(async (sql) => {
    const stopped = await sql.run(stopRuns);
    for (const { id } of stopped) await recordAudit(sql, { actor, action: 'retention.stop', subject: id }, now);
    return stopped.length;
  });
}

/** The latest runs, newest first. */
export function retentionRuns(sql: Sql): Promise<RetentionRun[]> {
  return sql.run(latestRuns, [MOST]);
}
