import type { Statement } from '../../database/index.ts';
import type { Id } from '../../shared/ids.ts';
import { CONTACT_TABLES, type Anonymised } from '../contact-tables.ts';

/** Keeps the engine away from lane $1 until the erasure is committed. */
export const holdLane: Statement = {
  name: 'rights-hold-lane',
  text: 'SELECT lane FROM lane WHERE lane = $1 FOR UPDATE',
};

/** Opens the ledger's door for contact $1 until the transaction ends. */
export const openLedgerDoor: Statement = {
  name: 'rights-open-ledger-door',
  text: `SELECT set_config('relance.erasing', $1, true)`,
};

/** Every address that contact $2 of lane $1 ever had here. */
export const addressesOf: Statement<{ kind: 'email' | 'phone'; value: string }> = {
  name: 'rights-addresses-of',
  text: `
    SELECT 'email' AS kind, email AS value FROM contact WHERE lane = $1 AND id = $2 AND email IS NOT NULL
    UNION
    SELECT 'phone', phone FROM contact WHERE lane = $1 AND id = $2 AND phone IS NOT NULL
    UNION
    SELECT k.kind, e.properties ->> k.kind FROM event e CROSS JOIN (VALUES ('email'), ('phone')) AS k(kind)
    WHERE e.lane = $1 AND e.contact_id = $2 AND e.type = 'identify' AND e.properties ->> k.kind <> ''
    UNION
    SELECT CASE channel WHEN 'email' THEN 'email' ELSE 'phone' END, recipient FROM captured
    WHERE lane = $1 AND contact_id = $2`,
};

/** What contact $2 of lane $1 has in each table of the list. */
export const countRows: Statement<{ table: string; rows: number }> = {
  name: 'rights-count-rows',
  text: CONTACT_TABLES.map(
    ({ name, key }) =>
      `SELECT '${name}' AS "table", count(*)::int AS rows FROM ${name} WHERE lane = $1 AND ${key} = $2`,
  ).join('\nUNION ALL\n'),
};

/** The deletions of an erasure: contact $2 of lane $1, one statement a table. */
export const deletions: readonly Statement[] = CONTACT_TABLES.filter(({ erasure }) => erasure === 'delete').map(
  ({ name, key }) => ({ name: `rights-erase-${name}`, text: `DELETE FROM ${name} WHERE lane = $1 AND ${key} = $2` }),
);

const changes = (table: string): string => {
  const { changed } = CONTACT_TABLES.find(({ name }) => name === table)!.erasure as Anonymised;
  return Object.entries(changed)
    .map(([column, value]) => `${column} = ${value}`)
    .join(', ');
};

/**
 * Messages and decisions of contact $2 of lane $1 become those of $3, whom nobody is: under fresh ids, for the old ones
 * are hashes of the contact's. Reports and counters stay true.
 */
export const anonymise: Statement = {
  name: 'rights-anonymise',
  text: `
    WITH f AS MATERIALIZED (
      SELECT lane, month, id, (lpad(to_hex(lane::int), 2, '0') || substr(gen_random_uuid()::text, 3))::uuid AS fresh
      FROM message WHERE lane = $1 AND contact_id = $2
    ), decided AS (
      UPDATE decision t SET ${changes('decision')} FROM f
      WHERE t.lane = $1 AND t.lane = f.lane AND t.month = f.month AND t.message_id = f.id
    )
    UPDATE message t SET ${changes('message')} FROM f WHERE t.lane = $1 AND t.lane = f.lane AND t.month = f.month AND t.id = f.id`,
};

/** Decisions whose message is gone already tell nothing of anything: contact $2 of lane $1. */
export const dropStrayDecisions: Statement = {
  name: 'rights-drop-stray-decisions',
  text: 'DELETE FROM decision WHERE lane = $1 AND contact_id = $2',
};

/** The requests of contact $2 of lane $1 stay, with their clock and reference. */
export const releaseRequests: Statement = {
  name: 'rights-release-requests',
  text: `UPDATE rights_request t SET ${changes('rights_request')} WHERE lane = $1 AND contact_id = $2`,
};

/** A row when contact $2 of lane $1 objects, or was erased before. Complaints and STOPs stay with the address, as hashes. */
export const saidNo: Statement = {
  name: 'rights-said-no',
  text: `SELECT true AS said FROM suppression WHERE lane = $1 AND contact_id = $2 LIMIT 1`,
};

/** Takes the addresses of all $1 lanes that only contact $2 had when something was judged for it out of the table. */
export const dropAddresses: Statement = {
  name: 'rights-drop-addresses',
  text: `
    DELETE FROM address WHERE lane < $1::int AND holders @> ARRAY[$2::uuid] AND cardinality(holders) = 1`,
};

/** Takes contact $2 out of those that others have had, too (rule P12): who they are. */
export const leaveAddresses: Statement<{ contactId: Id }> = {
  name: 'rights-leave-addresses',
  text: `
    WITH left_behind AS (
      UPDATE address SET holders = array_remove(holders, $2::uuid) WHERE lane < $1::int AND holders @> ARRAY[$2::uuid]
      RETURNING holders
    )
    SELECT DISTINCT h.contact_id AS "contactId" FROM left_behind CROSS JOIN LATERAL unnest(holders) AS h(contact_id)
    ORDER BY 1`,
};
