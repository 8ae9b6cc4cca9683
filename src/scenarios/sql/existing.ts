import type { Statement } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';

/**
 * Those whose idle period had run out: scenario $1, its activity $2, whether the never active count $3; of each place
 * (time zone $4, country $5) the latest activity that is long enough ago $6. What had fired for its period is left out,
 * and so is an activity that was imported when its period had run out, which fires nothing (rule T8): it arrived $7
 * milliseconds or more after it happened, or as historical ($8: how old an arrival is late). $9 is the latest month there can be anything of.
 */
const PASSED = `
  SELECT c.lane, c.id, last.at
  FROM unnest($4::text[], $5::text[], $6::float8[]) AS p (timezone, country, cutoff)
  JOIN contact c ON COALESCE(c.timezone, '') = p.timezone AND COALESCE(c.country, '') = p.country
  LEFT JOIN watch w ON w.lane = c.lane AND w.contact_id = c.id AND w.scenario_id = $1
  LEFT JOIN LATERAL (
    SELECT latest.at, latest.received_at, latest.historical
    FROM unnest($2::text[]) AS a (name)
    CROSS JOIN LATERAL (
      SELECT e.at, e.received_at, e.historical, e.seq FROM event e
      WHERE e.lane = c.lane AND e.contact_id = c.id AND e.name = a.name AND e.active AND e.month <= $9::date
      ORDER BY e.at DESC, e.seq DESC LIMIT 1
    ) latest
    ORDER BY latest.at DESC, latest.seq DESC LIMIT 1
  ) e ON TRUE
  CROSS JOIN LATERAL (SELECT COALESCE(e.at, c.created_at) AS at) last
  WHERE (e.at IS NOT NULL OR $3::boolean)
    AND last.at < to_timestamp((p.cutoff + 0.5) / 1000)
    AND ((w.fired ->> 'since') IS NULL OR last.at >= to_timestamp(((w.fired ->> 'since')::float8 + 0.5) / 1000))
    AND NOT COALESCE((e.historical OR e.received_at - e.at > $8::float8 * interval '1 millisecond')
                     AND e.received_at - e.at >= $7::float8 * interval '1 millisecond', FALSE)`;

/** How many they are. */
export const countExisting: Statement<{ people: number }> = {
  name: 'publish_count_existing',
  text: `SELECT count(*)::integer AS people FROM (${PASSED}) passed`,
};

/**
 * Gives each of them its turn in its watch: those active last come first, $11 a day, from place $12 of a line that began
 * at $10; and notes how many places are taken. One statement for the whole base; the engine finds each watch when its
 * turn comes.
 */
export const lineUpExisting: Statement = {
  name: 'publish_line_up_existing',
  text: `
    WITH line AS (
      SELECT lane, id, $12::int8 + row_number() OVER (ORDER BY at DESC, id) - 1 AS place FROM (${PASSED}) passed
    ), told AS (
      UPDATE watch w
      SET fired = w.fired || jsonb_build_object('existing', jsonb_build_object(
        'at', $13::float8, 'turn', $10::float8 + (line.place / $11::int8) * 86400000))
      FROM line
      WHERE w.lane = line.lane AND w.contact_id = line.id AND w.scenario_id = $1
    )
    INSERT INTO inactivity_line (scenario_id, since, taken)
    SELECT $1, to_timestamp($10::float8 / 1000), $12::int8 + (SELECT count(*) FROM line)
    ON CONFLICT (scenario_id) DO UPDATE SET since = excluded.since, taken = excluded.taken`,
};

/** The line of scenario $1, when there is one. */
export const inactivityLine: Statement<{ since: Instant; taken: number }> = {
  name: 'publish_inactivity_line',
  text: 'SELECT since, taken FROM inactivity_line WHERE scenario_id = $1',
};

/** Every time zone and country that some contact has. */
export const contactPlaces: Statement<{ timezone: string | null; country: string | null }> = {
  name: 'publish_contact_places',
  text: 'SELECT c.timezone, c.country FROM contact c GROUP BY c.lane, c.timezone, c.country',
};
