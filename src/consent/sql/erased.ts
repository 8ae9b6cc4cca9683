import type { Statement } from '../../database/index.ts';

/** Of a key, an SQL expression, under the salt `s.salt`. */
export const saltedHash = (key: string): string => `encode(sha256(convert_to(s.salt || ':' || ${key}, 'UTF8')), 'hex')`;
const HASH = saltedHash('k.key');

/** Remembers the keys $1 as hashes; $2 is when. */
export const rememberErased: Statement = {
  name: 'consent-remember-erased',
  text: `
    INSERT INTO erased_address (hash, at)
    SELECT DISTINCT ${HASH}, to_timestamp($2::float8 / 1000) FROM erasure_salt s CROSS JOIN unnest($1::text[]) AS k(key)
    ON CONFLICT DO NOTHING`,
};

/** The hash of the key $1. */
export const hashOfTrace: Statement<{ hash: string }> = {
  name: 'consent-hash-of-trace',
  text: `SELECT ${HASH} AS hash FROM erasure_salt s CROSS JOIN (SELECT $1::text AS key) k`,
};

/** Of the contacts $1 with the keys $2 (parallel) those that were erased; the hashes are of no lane. */
export const erasedAmongStatement: Statement<{ contactId: string }> = {
  name: 'consent-erased-among',
  text: `
    SELECT DISTINCT k.contact_id AS "contactId"
    FROM erasure_salt s CROSS JOIN unnest($1::text[], $2::text[]) AS k(contact_id, key)
    JOIN erased_address e ON e.hash = ${HASH}`,
};
