import type { Statement } from '../../database/index.ts';

/** Held until the end of the transaction: one publication at a time. */
export const lockPublication: Statement = {
  name: 'publish_lock',
  text: 'SELECT pg_advisory_xact_lock($1)',
};

/** Locks the row, so that whoever reads the revision afterwards reads all that it stands for. */
export const raiseRevision: Statement<{ revision: number }> = {
  name: 'publish_raise_revision',
  text: 'UPDATE library SET revision = revision + 1 RETURNING revision',
};

export const insertScenarioVersions: Statement = {
  name: 'publish_scenario_versions',
  text: `
    INSERT INTO scenario_version (scenario_id, version, hash, source, path, published_at)
    SELECT id, version, hash, source, path, to_timestamp($6::float8 / 1000)
    FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[]) AS v (id, version, hash, source, path)`,
};

export const insertTemplateVersions: Statement = {
  name: 'publish_template_versions',
  text: `
    INSERT INTO template_version (template_id, version, hash, files, published_at)
    SELECT id, version, hash, files::jsonb, to_timestamp($5::float8 / 1000)
    FROM unnest($1::text[], $2::int[], $3::text[], $4::text[]) AS v (id, version, hash, files)`,
};

export const insertPolicyVersion: Statement = {
  name: 'publish_policy_version',
  text: `
    INSERT INTO policy_version (version, hash, source, published_at)
    VALUES ($1, $2, $3, to_timestamp($4::float8 / 1000))`,
};

/**
 * Tells the engine, for everybody inside one of these scenarios, that a version takes over ($2; null: retired), by the map $6. One
 * statement for the whole base; a note's id is that of one of the contact's enrollments, so it tells the lane (0001).
 */
export const replaceInFlight: Statement = {
  name: 'publish_replace_in_flight',
  text: `
    INSERT INTO inbox (lane, seq, id, contact_id, received_at, kind, body)
    SELECT DISTINCT ON (e.lane, e.contact_id, e.scenario_id)
           e.lane, $4::int8, e.id, e.contact_id, to_timestamp($5::float8 / 1000), 'replace',
           jsonb_build_object('scenarioId', e.scenario_id, 'version', r.version, 'inFlight', $3::text)
             || CASE WHEN r.map IS NULL THEN '{}' ELSE jsonb_build_object('map', r.map::jsonb) END
    FROM unnest($1::text[], $2::int[], $6::text[]) AS r (id, version, map)
    JOIN enrollment e ON e.scenario_id = r.id AND e.ended_at IS NULL
    ORDER BY e.lane, e.contact_id, e.scenario_id, e.id`,
};

/** A retired scenario lets nobody in; whoever is inside goes on. */
export const retireScenarios: Statement = {
  name: 'publish_retire_scenarios',
  text: `
    UPDATE scenario_version SET retired_at = to_timestamp($3::float8 / 1000)
    FROM unnest($1::text[], $2::int[]) AS gone (id, version)
    WHERE scenario_version.scenario_id = gone.id AND scenario_version.version = gone.version`,
};

/**
 * Every contact gets a look at its new date, idle period or audience. One statement for the whole base and nothing
 * computed: the engine finds out lazily, contact by contact, when each really is due. What has `fired` stays (rule T5),
 * but not whether the contact was inside: that was said of another audience, perhaps. $3 is added to it: what is to be
 * remembered of whoever was there already.
 */
export const backfillWatches: Statement = {
  name: 'publish_backfill_watches',
  text: `
    INSERT INTO watch (lane, contact_id, scenario_id, due_at, fired)
    SELECT lane, id, $1, to_timestamp($2::float8 / 1000), $3::jsonb FROM contact
    ON CONFLICT (lane, contact_id, scenario_id)
    DO UPDATE SET due_at = excluded.due_at, fired = (watch.fired - 'inside' - 'existing') || excluded.fired`,
};

/** Nothing looks at the dates of a scenario that lets nobody in. What has fired is kept, should it come back. */
export const stopWatches: Statement = {
  name: 'publish_stop_watches',
  text: 'UPDATE watch SET due_at = NULL WHERE scenario_id = ANY($1::text[]) AND due_at IS NOT NULL',
};

/**
 * Held messages of all $1 lanes fall due at $2. No tick is under way meanwhile (see engine/sql/share-library.ts), and what
 * was due before stays due then.
 */
export const judgeHeldAnew: Statement = {
  name: 'publish_judge_held_anew',
  text: `
    UPDATE message SET due_at = to_timestamp($2::float8 / 1000)
    WHERE lane < $1::int AND status = 'held' AND due_at > to_timestamp($2::float8 / 1000)`,
};
