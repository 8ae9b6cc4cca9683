import type { Statement } from '../statement.ts';

/** The months a table is cut into, by the names of its parts; the part for everything else has no number. */
export const listParts: Statement<{ part: string }> = {
  name: 'partitions_list',
  text: `
    SELECT part.relname AS part
    FROM pg_inherits
    JOIN pg_class part ON part.oid = pg_inherits.inhrelid
    WHERE pg_inherits.inhparent = $1::text::regclass
    ORDER BY part.relname`,
};

/** Held until the end of the transaction, so that parts are made and dropped by one process at a time. */
export const lockParts: Statement = {
  name: 'partitions_lock',
  text: 'SELECT pg_advisory_xact_lock($1)',
};

/** DDL waits behind long readers, and everybody else behind the DDL: better to give up and come back. */
export const limitWaiting: Statement = {
  name: 'partitions_limit_waiting',
  text: `SELECT set_config('lock_timeout', '3s', true)`,
};
