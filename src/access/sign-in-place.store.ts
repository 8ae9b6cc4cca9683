import type { Sql, Statement } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** For how long a place is remembered after the last sign-in from it. Milliseconds. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;
/** It is written down again when it was long ago. Milliseconds. */
const NOTED_EVERY_MS = 24 * 3_600_000;

const findPlace: Statement = {
  name: 'access-find-place',
  text: 'SELECT 1 FROM sign_in_place WHERE email = $1 AND place = $2 AND last_at > to_timestamp($3::float8 / 1000)',
};
const notePlace: Statement = {
  name: 'access-note-place',
  text: `
    INSERT INTO sign_in_place (email, place, last_at) VALUES ($1, $2, to_timestamp($3::float8 / 1000))
    ON CONFLICT (email, place) DO UPDATE SET last_at = excluded.last_at
    WHERE sign_in_place.last_at < to_timestamp($4::float8 / 1000)`,
};
const forgetOld: Statement = {
  name: 'access-forget-old-places',
  text: 'DELETE FROM sign_in_place WHERE email = $1 AND last_at <= to_timestamp($2::float8 / 1000)',
};

/** Whether the account has signed in from there of late. `place` is a keyed hash. */
export async function isKnownPlace(sql: Sql, email: string, place: string, now: Instant): Promise<boolean> {
  return (await sql.run(findPlace, [email, place, now - REMEMBERED_MS])).length > 0;
}

export async function notePlaceOf(sql: Sql, email: string, place: string, now: Instant): Promise<void> {
  await sql.run(notePlace, [email, place, now, now - NOTED_EVERY_MS]);
  await sql.run(forgetOld, [email, now - REMEMBERED_MS]);
}
