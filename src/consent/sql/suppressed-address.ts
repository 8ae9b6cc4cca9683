import type { Statement } from '../../database/index.ts';
import { STOP } from '../stop.ts';
import { WITHDRAWN_AT_ADDRESS, type Suppression } from '../state.ts';
import { saltedHash } from './erased.ts';

/** One spelling of an address of a channel; mail servers do not tell cases apart. Both are SQL. */
export const hashOf = (channel: string, address: string): string =>
  saltedHash(`${channel} || ':' || lower(${address})`);

/** SQL: what stands against an address of the channel, as rows of a lateral `a`. */
const against = (channel: string, address: string): string => `
      SELECT nullif(p.sender, '') AS sender, p.reason, p.at, NULL AS purpose, NULL AS brand FROM suppressed_address p
      WHERE p.channel = ${channel} AND p.hash = ${hashOf(channel, address)} AND p.lifted_at IS NULL
      UNION ALL
      SELECT NULL, '${WITHDRAWN_AT_ADDRESS}', w.at, w.purpose, nullif(w.brand, '') FROM withdrawn_address w
      WHERE w.channel = ${channel} AND w.hash = ${hashOf(channel, address)} AND w.lifted_at IS NULL`;

/** What stands against the addresses that contacts have now; `keys` is SQL for their lanes and ids. */
export const standingAgainstAddresses = (keys: string): string => `
    SELECT c.id AS "contactId", v.channel, v.address, a.sender, a.reason, a.at, a.purpose, a.brand
    FROM erasure_salt s CROSS JOIN ${keys} AS k(lane, id)
    JOIN contact c ON c.lane = k.lane AND c.id = k.id
    CROSS JOIN LATERAL (VALUES ('email', c.email), ('sms', c.phone)) AS v(channel, address)
    CROSS JOIN LATERAL (${against('v.channel', 'v.address')}) a
    WHERE v.address IS NOT NULL`;

/** The same of addresses that contacts are about to get: contacts $1, channels $2 and addresses $3 are parallel. */
export const standingAgainst: Statement<Suppression & { contactId: string }> = {
  name: 'consent-standing-against',
  text: `
    SELECT k.contact_id AS "contactId", k.channel, k.address, a.sender, a.reason, a.at, a.purpose, a.brand
    FROM erasure_salt s CROSS JOIN unnest($1::text[], $2::text[], $3::text[]) AS k(contact_id, channel, address)
    CROSS JOIN LATERAL (${against('k.channel', 'k.address')}) a`,
};

/** Nothing is sent any more to the addresses $2 of channels $1, for the reasons $3, from $4 on; all but the last parallel. */
export const suppressAddresses: Statement = {
  name: 'consent-suppress-addresses',
  text: `
    INSERT INTO suppressed_address (channel, hash, reason, at)
    SELECT DISTINCT ON (1, 2, 3) k.channel, ${hashOf('k.channel', 'k.address')}, k.reason, to_timestamp($4::float8 / 1000)
    FROM erasure_salt s CROSS JOIN unnest($1::text[], $2::text[], $3::text[]) AS k(channel, address, reason)
    ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING`,
};

/** The number $1 said STOP to the senders $2 at $3. A row for each to whom that is news; an older word than the last is none. */
export const stopAddress: Statement<{ sender: string }> = {
  name: 'consent-stop-address',
  text: `
    INSERT INTO suppressed_address (channel, hash, sender, reason, at)
    SELECT 'sms', ${hashOf(`'sms'`, '$1::text')}, k.sender, '${STOP}', to_timestamp($3::float8 / 1000)
    FROM erasure_salt s CROSS JOIN unnest($2::text[]) AS k(sender) ORDER BY k.sender
    ON CONFLICT (channel, hash, sender, reason) DO UPDATE SET at = excluded.at, lifted_at = NULL
    WHERE suppressed_address.lifted_at IS NOT NULL AND excluded.at >= suppressed_address.lifted_at
    RETURNING sender`,
};

/** It took that back at $3: a row for each sender to whom that is news. */
export const liftStop: Statement<{ sender: string }> = {
  name: 'consent-lift-stop',
  text: `
    UPDATE suppressed_address a SET lifted_at = to_timestamp($3::float8 / 1000) FROM erasure_salt s
    WHERE a.channel = 'sms' AND a.hash = ${hashOf(`'sms'`, '$1::text')} AND a.sender = ANY ($2::text[]) AND a.reason = '${STOP}'
      AND a.lifted_at IS NULL AND a.at < to_timestamp($3::float8 / 1000)
    RETURNING a.sender`,
};

/** What the number $1 has said last to the senders $2. */
export const stopsOf: Statement<{ sender: string; at: number; liftedAt: number | null }> = {
  name: 'consent-stops-of',
  text: `
    SELECT a.sender, a.at, a.lifted_at AS "liftedAt" FROM suppressed_address a CROSS JOIN erasure_salt s
    WHERE a.channel = 'sms' AND a.hash = ${hashOf(`'sms'`, '$1::text')} AND a.sender = ANY ($2::text[]) AND a.reason = '${STOP}'`,
};

/** The salted hash of the number $1. */
export const hashOfNumber: Statement<{ hash: string }> = {
  name: 'consent-hash-of-number',
  text: `SELECT ${hashOf(`'sms'`, '$1::text')} AS hash FROM erasure_salt s`,
};
