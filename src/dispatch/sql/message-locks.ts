/** Keeps the locks of claimed messages apart from others of the database. */
const MESSAGE_CLASS = 20_590;

/** The key of a message's lock, as SQL; `id` is what names its id in the statement. Two messages in four thousand million share one. */
const keyOf = (id: string): string => `uuid_hash(${id})`;

/** Takes a message for the session, if nobody has it: as SQL, true when it is had. */
export const tryMessage = (id: string): string => `pg_try_advisory_lock(${MESSAGE_CLASS}, ${keyOf(id)})`;

/** The same until the transaction ends. */
export const tryMessageInTransaction = (id: string): string =>
  `pg_try_advisory_xact_lock(${MESSAGE_CLASS}, ${keyOf(id)})`;

/**
 * That nobody has a message, as SQL, told from the locks at the beginning of the statement: a hint which spares trying, and
 * looking for what another is at already.
 */
export const isFree = (id: string): string => `${keyOf(id)} NOT IN (SELECT key FROM had)`;

/** What `isFree` looks at; the first part of the statement's WITH. */
export const HAD = `
    had AS MATERIALIZED (
      SELECT l.objid::bigint::bit(32)::integer AS key FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.classid = ${MESSAGE_CLASS} AND l.objsubid = 2
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )`;
