import type { Statement } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { LANES, type Id } from '../../shared/ids.ts';
import { hashOf } from './suppressed-address.ts';

/** A purpose that is closed to an address, whoever has it (rule C5a). */
export interface AddressWithdrawal {
  channel: string;
  purpose: string;
  brand: string | null;
  at: Instant;
}

/** SQL: the addresses of channel `channel` that a contact has, or that wait for the engine to give them to it. */
const addressesOf = (lane: string, contactId: string, channel: string): string => `
      SELECT CASE ${channel} WHEN 'email' THEN c.email ELSE c.phone END AS address FROM contact c
      WHERE c.lane = ${lane} AND c.id = ${contactId}
      UNION
      SELECT e.properties ->> CASE ${channel} WHEN 'email' THEN 'email' ELSE 'phone' END FROM inbox i
      JOIN event e ON e.lane = i.lane AND e.month = i.month AND e.id = i.id
      WHERE i.lane = ${lane} AND i.contact_id = ${contactId} AND i.kind = 'event' AND e.type = 'identify'`;

/** What is said, as a JSON array, with the hashes of the addresses it is said for. */
const SAID = `
    SELECT x.channel, ${hashOf('x.channel', 'a.address')} AS hash, x.purpose, coalesce(x.brand, '') AS brand,
           to_timestamp(max(x.at) / 1000) AS at
    FROM erasure_salt s
    CROSS JOIN json_to_recordset($1::json) AS x(
      lane smallint, "contactId" uuid, channel text, purpose text, brand text, at float8)
    CROSS JOIN LATERAL (${addressesOf('x.lane', 'x."contactId"', 'x.channel')}) a
    WHERE a.address <> ''`;
const ONCE = `GROUP BY x.channel, 2, x.purpose, 4`;

/** The addresses of contact $2 in lane $1. */
export const heldAddresses: Statement<{ address: string }> = {
  name: 'consent-held-addresses',
  text: `
    SELECT a.address FROM (VALUES ('email'), ('sms')) AS k(channel)
    CROSS JOIN LATERAL (${addressesOf('$1::smallint', '$2::uuid', 'k.channel')}) a
    WHERE a.address <> ''`,
};

/** Purposes are withdrawn at the addresses of contacts ($1); a row for each to which that is news. */
export const withdrawAddresses: Statement<{ channel: string }> = {
  name: 'consent-withdraw-addresses',
  text: `
    INSERT INTO withdrawn_address AS w (channel, hash, purpose, brand, at)
    ${SAID} ${ONCE} ORDER BY 1, 2, 3, 4
    ON CONFLICT (channel, hash, purpose, brand) DO UPDATE SET at = excluded.at, lifted_at = NULL
    WHERE w.lifted_at IS NOT NULL AND excluded.at >= w.lifted_at
    RETURNING w.channel`,
};

/** Addresses of contacts consent again ($1). Nearly always nothing was withdrawn at any, and nothing is read. */
export const liftWithdrawals: Statement = {
  name: 'consent-lift-withdrawals',
  text: `
    UPDATE withdrawn_address w SET lifted_at = g.at
    FROM (${SAID} AND EXISTS (SELECT FROM withdrawn_address o WHERE o.lifted_at IS NULL) ${ONCE}) g
    WHERE w.channel = g.channel AND w.hash = g.hash AND w.purpose = g.purpose AND w.brand = g.brand
      AND w.lifted_at IS NULL AND w.at <= g.at`,
};

/** Who else has an address of contact $2 in lane $1; of any lane. */
export const othersAtAddresses: Statement<{ id: Id }> = {
  name: 'consent-others-at-addresses',
  text: `
    SELECT o.id FROM contact c JOIN contact o ON o.lane >= 0 AND lower(o.email) = lower(c.email) AND o.id <> c.id
    WHERE c.lane = $1 AND c.id = $2 AND c.email <> ''
    UNION
    SELECT o.id FROM contact c CROSS JOIN generate_series(0, ${LANES - 1}) AS l(lane)
    JOIN contact o ON o.lane = l.lane AND o.phone = c.phone AND o.id <> c.id
    WHERE c.lane = $1 AND c.id = $2 AND c.phone <> ''
    ORDER BY 1`,
};

/** What stood closed at instant $3 to the addresses that contact $2 in lane $1 has now. */
export const withdrawnAtAddresses: Statement<AddressWithdrawal> = {
  name: 'consent-withdrawn-at-addresses',
  text: `
    SELECT DISTINCT w.channel, w.purpose, nullif(w.brand, '') AS brand, w.at
    FROM erasure_salt s CROSS JOIN (VALUES ('email'), ('sms')) AS k(channel)
    CROSS JOIN LATERAL (${addressesOf('$1::smallint', '$2::uuid', 'k.channel')}) a
    JOIN withdrawn_address w ON w.channel = k.channel AND w.hash = ${hashOf('k.channel', 'a.address')}
    WHERE w.at <= to_timestamp($3::float8 / 1000)
      AND (w.lifted_at IS NULL OR w.lifted_at > to_timestamp($3::float8 / 1000))
    ORDER BY 1, 2, 3`,
};
