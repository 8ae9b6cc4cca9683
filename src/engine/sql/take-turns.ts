import type { Statement } from '../../database/index.ts';

/**
 * The next $3 places in the lines of scenarios $1, which let in $2 a day, at instant $4: those of past days are gone.
 * Locks one row a scenario until the commit, in one order, so that no two contacts have one place; nobody asks but for
 * those who were known before their scenario, or were imported with a past.
 */
export const takeTurns: Statement<{ scenarioId: string; since: number; first: number }> = {
  name: 'engine-take-turns',
  text: `
    INSERT INTO inactivity_line AS l (scenario_id, since, taken)
    SELECT scenario_id, to_timestamp($4::float8 / 1000), count
    FROM unnest($1::text[], $2::int[], $3::int[]) AS x (scenario_id, per_day, count)
    ORDER BY scenario_id COLLATE "C"
    ON CONFLICT (scenario_id) DO UPDATE
    SET taken = excluded.taken + greatest(
      l.taken,
      floor(extract(epoch FROM excluded.since - l.since) / 86400)::int8
        * (SELECT per_day FROM unnest($1::text[], $2::int[]) AS y (scenario_id, per_day) WHERE y.scenario_id = l.scenario_id)
    )
    RETURNING l.scenario_id AS "scenarioId", l.since, l.taken
      - (SELECT count FROM unnest($1::text[], $3::int[]) AS z (scenario_id, count) WHERE z.scenario_id = l.scenario_id) AS first`,
};
