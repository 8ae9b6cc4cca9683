import type { Statement } from '../../../database/index.ts';

/** Old ones removed with each new one: the table never grows beyond what is signed within a token's time. */
const SWEPT_AT_ONCE = 100;

/** The token with the hash $2 of the provider $1 is spent, and remembered until $3; at $4 others are forgotten. No row when it was spent before. */
export const spendToken: Statement<{ hash: string }> = {
  name: 'tracking-spend-token',
  text: `
    WITH old AS (
      DELETE FROM spent_token WHERE ctid = ANY (ARRAY(
        SELECT s.ctid FROM spent_token s WHERE s.until < to_timestamp($4::float8 / 1000)
        ORDER BY s.until LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))
    )
    INSERT INTO spent_token (source, hash, until) VALUES ($1, $2, to_timestamp($3::float8 / 1000))
    ON CONFLICT DO NOTHING
    RETURNING hash`,
};
