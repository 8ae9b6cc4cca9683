import type { Statement } from '../../database/index.ts';

/** A run of the retention job. */
export interface RetentionRun {
  id: string;
  startedAt: number;
  startedBy: string;
  state: 'running' | 'done' | 'stopped' | 'failed';
  seenAt: number;
  endedAt: number | null;
  report: Record<string, unknown>;
}

const COLUMNS = `id, started_at AS "startedAt", started_by AS "startedBy", state, seen_at AS "seenAt", ended_at AS "endedAt", report`;

/** Keeps two runs from beginning at once; lock $1. */
export const holdRuns: Statement = { name: 'retention-hold-runs', text: 'SELECT pg_advisory_xact_lock($1)' };

/** The run under way that gave a sign of life since $1. */
export const runUnderWay: Statement<RetentionRun> = {
  name: 'retention-run-under-way',
  text: `SELECT ${COLUMNS} FROM retention_run WHERE state = 'running' AND seen_at > to_timestamp($1::float8 / 1000) LIMIT 1`,
};

/** Run $1 begins at $2, by $3. */
export const beginRun: Statement = {
  name: 'retention-begin-run',
  text: `
    INSERT INTO retention_run (id, started_at, started_by, state, seen_at)
    VALUES ($1, to_timestamp($2::float8 / 1000), $3, 'running', to_timestamp($2::float8 / 1000))`,
};

/** Run $1 has come so far ($3) at $2; nothing when somebody has stopped it. */
export const runGoesOn: Statement<{ goesOn: boolean }> = {
  name: 'retention-run-goes-on',
  text: `
    UPDATE retention_run SET seen_at = to_timestamp($2::float8 / 1000), report = $3::jsonb
    WHERE id = $1 AND state = 'running' RETURNING true AS "goesOn"`,
};

/** Run $1 ends at $2 as $4, with the report $3; one that was stopped stays so. */
export const endRun: Statement = {
  name: 'retention-end-run',
  text: `
    UPDATE retention_run SET ended_at = to_timestamp($2::float8 / 1000), report = $3::jsonb,
                             state = CASE state WHEN 'running' THEN $4 ELSE state END
    WHERE id = $1`,
};

/** Whatever runs is to stop after its batch. */
export const stopRuns: Statement<{ id: string }> = {
  name: 'retention-stop-runs',
  text: `UPDATE retention_run SET state = 'stopped' WHERE state = 'running' RETURNING id`,
};

/** The latest runs, newest first; at most $1. */
export const latestRuns: Statement<RetentionRun> = {
  name: 'retention-latest-runs',
  text: `SELECT ${COLUMNS} FROM retention_run ORDER BY started_at DESC LIMIT $1`,
};
