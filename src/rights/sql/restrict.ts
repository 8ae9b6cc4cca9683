import type { Statement } from '../../database/index.ts';

/** Contact $2 of lane $1 is restricted at $3; nothing when it was. Whoever's lift was not taken note of yet is restricted again. */
export const insertRestriction: Statement<{ changed: boolean }> = {
  name: 'rights-insert-restriction',
  text: `
    WITH forgotten AS (DELETE FROM inbox WHERE lane = $1 AND contact_id = $2 AND kind = 'lifted')
    INSERT INTO restriction AS r (lane, contact_id, at) VALUES ($1, $2, to_timestamp($3::float8 / 1000))
    ON CONFLICT (lane, contact_id) DO UPDATE SET at = excluded.at, lifted_at = NULL WHERE r.lifted_at IS NOT NULL
    RETURNING true AS changed`,
};

/** What passed the gate for contact $2 of lane $1 is held from $3 on, gives back its room and is judged anew at the lift. */
export const holdReady: Statement = {
  name: 'rights-hold-ready',
  text: `
    UPDATE message SET status = 'held', due_at = to_timestamp($3::float8 / 1000), counted_at = NULL, reason = 'restricted'
    WHERE lane = $1 AND contact_id = $2 AND status = 'ready'`,
};

/** The restriction of contact $2 of lane $1 is lifted at $3; nothing when there was none. */
export const liftRestriction: Statement<{ changed: boolean }> = {
  name: 'rights-lift-restriction',
  text: `
    UPDATE restriction SET lifted_at = to_timestamp($3::float8 / 1000)
    WHERE lane = $1 AND contact_id = $2 AND lifted_at IS NULL RETURNING true AS changed`,
};
