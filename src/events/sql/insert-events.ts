import { plainArray, textArray, type Sql, type Statement } from '../../database/index.ts';
import { monthOf, type Instant } from '../../shared/clock.ts';
import type { EventRow } from '../event-row.ts';

const DAY = 86_400_000;
/** A `messageId` seen before changes nothing for at least 30 days (interfaces, "Events API"); a day more for clocks. */
const REMEMBERED = 31 * DAY;
/** The clocks of two processes differ by less than this. */
export const CLOCKS_DIFFER_MS = 60_000;

/**
 * Stores events and puts the new ones into the inbox, in one statement.
 *
 * An event is known by its id, which is made of contact and `messageId`. Within a month the primary key refuses the
 * second one (ON CONFLICT), also when both arrive at the same instant or in one batch. The key cannot reach across
 * months, because each month is a table of its own: earlier months are asked by index (NOT EXISTS), which touches
 * no row of theirs in the usual case. See `event-writer.service.ts` for the minute around midnight of the first.
 *
 * Sorted by key: two batches that share events then wait for each other in the same order and cannot deadlock.
 * Parallel arrays, because they are parsed faster than one JSON document and keep the statement's text the same
 * for every size of batch, so that it is prepared once.
 */
const statement: Statement<{ stored: number }> = {
  name: 'insert-events',
  text: `
WITH incoming AS (
  SELECT *
  FROM unnest(
    $1::smallint[], $2::uuid[], $3::uuid[], $4::text[], $5::int8[], $6::text[], $7::text[], $8::float8[], $9::float8[],
    $10::text[], $11::text[], $12::bool[], $13::bool[]
  ) AS t (lane, id, contact_id, user_id, seq, type, name, at, received_at, properties, context, historical, active)
), stored AS (
  INSERT INTO event (
    lane, month, id, contact_id, user_id, seq, type, name, at, received_at, properties, context, historical, active
  )
  SELECT
    lane, $14::date, id, contact_id, user_id, seq, type, name,
    to_timestamp(at / 1000), to_timestamp(received_at / 1000), properties::jsonb, context::jsonb, historical, active
  FROM incoming
  WHERE NOT EXISTS (
    SELECT FROM event known
    WHERE known.lane = incoming.lane AND known.id = incoming.id
      AND known.month IN ($15::date, $16::date, $17::date)
  )
  ORDER BY lane, id, seq
  ON CONFLICT DO NOTHING
  RETURNING lane, month, id, contact_id, seq, received_at
), queued AS (
  INSERT INTO inbox (lane, seq, id, contact_id, received_at, kind, month)
  SELECT lane, seq, id, contact_id, received_at, 'event', month FROM stored
  RETURNING 1
)
SELECT count(*)::int AS stored FROM queued`,
};

/**
 * Stores the events that were not there; all must have been received in the same month (UTC).
 * Returns how many were new.
 */
export async function insertEvents(sql: Sql, rows: readonly EventRow[]): Promise<number> {
  const first = rows[0];
  if (first === undefined) return 0;
  const result = await sql.run(statement, [
    plainArray(rows.map((row) => row.lane)),
    plainArray(rows.map((row) => row.id)),
    plainArray(rows.map((row) => row.contactId)),
    textArray(rows.map((row) => row.userId)),
    plainArray(rows.map((row) => row.seq)),
    textArray(rows.map((row) => row.type)),
    textArray(rows.map((row) => row.name)),
    plainArray(rows.map((row) => row.at)),
    plainArray(rows.map((row) => row.receivedAt)),
    textArray(rows.map((row) => row.properties)),
    textArray(rows.map((row) => row.context)),
    plainArray(rows.map((row) => row.historical)),
    plainArray(rows.map((row) => row.active)),
    monthOf(first.receivedAt),
    ...otherMonths(first.receivedAt),
  ]);
  return result[0]!.stored;
}

/**
 * The other months in which the same event may have been received: up to two before, and the next one when it begins
 * within the time by which clocks may differ. Three, repeated where there are fewer.
 */
function otherMonths(receivedAt: Instant): [string, string, string] {
  const own = monthOf(receivedAt);
  const earlier = monthOf(Date.parse(own) - DAY);
  const earliest = monthOf(receivedAt - REMEMBERED);
  const next = monthOf(receivedAt + CLOCKS_DIFFER_MS);
  return [earlier, earliest < earlier ? earliest : earlier, next === own ? earlier : next];
}
