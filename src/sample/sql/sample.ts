import type { Statement } from '../../database/index.ts';

/** Any number that all processes agree on; beside those of database/migrate.ts. */
const SAMPLE_LOCK = 7_235_020;

/** Until the transaction ends, nobody else loads the sample. */
export const lockSample: Statement = {
  name: 'sample-lock',
  text: `SELECT pg_advisory_xact_lock(${SAMPLE_LOCK})`,
};

/** The sample's first event: $3 of contact $2 in lane $1, whatever month it was received in. */
export const hasSample: Statement<{ found: number }> = {
  name: 'sample-has-sample',
  text: 'SELECT 1 AS found FROM event WHERE lane = $1 AND contact_id = $2 AND id = $3 LIMIT 1',
};

/** Whether anybody is there. */
export const hasAnybody: Statement<{ anybody: boolean }> = {
  name: 'sample-has-anybody',
  text: 'SELECT EXISTS (SELECT FROM contact) OR EXISTS (SELECT FROM event) AS anybody',
};
