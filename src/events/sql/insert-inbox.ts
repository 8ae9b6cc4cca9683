import { plainArray, textArray, type Sql, type Statement } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { derivedId, laneOf, type Id } from '../../shared/ids.ts';

/** Something other than an event that the engine must take note of; `body` has the fields of its `kind` (engine/world.ts). */
export interface InboxEntry {
  contactId: Id;
  seq: number;
  receivedAt: Instant;
  kind:
    | 'settled'
    | 'called'
    | 'taken-back'
    | 'consent'
    | 'objection'
    | 'preferences'
    | 'room'
    | 'lifted'
    | 'enrol'
    | 'replace';
  body: Record<string, unknown>;
}

/** One statement for any number. A second row with the same number and content would be the same fact: it is left out. */
const statement: Statement = {
  name: 'insert-inbox',
  text: `
INSERT INTO inbox (lane, seq, id, contact_id, received_at, kind, body)
SELECT lane, seq, id, contact_id, to_timestamp(received_at / 1000), kind, body::jsonb
FROM unnest($1::smallint[], $2::int8[], $3::uuid[], $4::uuid[], $5::float8[], $6::text[], $7::text[])
  AS t (lane, seq, id, contact_id, received_at, kind, body)
ON CONFLICT DO NOTHING`,
};

/** Puts entries into the inbox; wake the engine (`Signal.wake`) once the transaction is committed. */
export async function insertInbox(sql: Sql, entries: readonly InboxEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const bodies = entries.map((entry) => JSON.stringify(entry.body));
  await sql.run(statement, [
    plainArray(entries.map((entry) => laneOf(entry.contactId))),
    plainArray(entries.map((entry) => entry.seq)),
    plainArray(entries.map((entry, i) => derivedId(entry.contactId, 'inbox', entry.kind, entry.seq, bodies[i]!))),
    plainArray(entries.map((entry) => entry.contactId)),
    plainArray(entries.map((entry) => entry.receivedAt)),
    textArray(entries.map((entry) => entry.kind)),
    textArray(bodies),
  ]);
}
