import type { Statement } from '../../database/index.ts';
import { OBJECTION } from '../objection.ts';

/** Contact $2 of lane $1 objects, at $3. What stands against everything already stays as it is. */
export const insertObjection: Statement = {
  name: 'consent-insert-objection',
  text: `
    INSERT INTO suppression (lane, contact_id, channel, reason, at)
    VALUES ($1, $2, '*', '${OBJECTION}', to_timestamp($3::float8 / 1000))
    ON CONFLICT DO NOTHING RETURNING 1 AS changed`,
};

/** Contact $2 of lane $1 takes the objection back. */
export const deleteObjection: Statement = {
  name: 'consent-delete-objection',
  text: `
    DELETE FROM suppression
    WHERE lane = $1 AND contact_id = $2 AND channel = '*' AND reason = '${OBJECTION}' RETURNING 1 AS changed`,
};
