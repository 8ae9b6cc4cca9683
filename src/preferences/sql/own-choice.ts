import type { Statement } from '../../database/index.ts';

/**
 * What contact $2 of lane $1 chooses, as the JSON object $3 (instants in milliseconds): what it does not name stays. A
 * chosen language is the locale from then on; the engine, which writes contacts too, leaves it so.
 */
export const writeOwnChoice: Statement = {
  name: 'preferences-write-own-choice',
  text: `
    UPDATE contact SET
      max_per_week = CASE WHEN x.choice ? 'maxPerWeek' THEN (x.choice ->> 'maxPerWeek')::integer ELSE max_per_week END,
      pause_until = CASE WHEN x.choice ? 'pauseUntil' THEN to_timestamp((x.choice ->> 'pauseUntil')::float8 / 1000) ELSE pause_until END,
      language = CASE WHEN x.choice ? 'language' THEN x.choice ->> 'language' ELSE language END,
      locale = coalesce(x.choice ->> 'language', locale)
    FROM (SELECT $3::jsonb AS choice) x
    WHERE lane = $1 AND id = $2`,
};
