import type { Statement } from '../../database/index.ts';

/**
 * Whoever entered scenario $2 from $3 on and before $4, in the lanes $1, and what they were sent. $5 and $6 are parallel:
 * versions and their holdout shares; the share is drawn as `inHoldout` draws it. $7 is the month of $3: no message of
 * theirs was planned before. Openings are of those only who consent now (rule C7).
 */
const COHORT = `
    WITH cohort AS MATERIALIZED (
      SELECT e.lane, e.id, e.contact_id, e.converted_at,
             ('x' || encode(substring(sha256(convert_to(E'holdout\\n' || e.scenario_id || E'\\n' || e.contact_id, 'UTF8')) FROM 1 FOR 6), 'hex'))
               ::bit(48)::bigint / 281474976710656.0 < coalesce(v.share, 0) AS holdout,
             EXISTS (
               SELECT FROM consent_state s
               WHERE s.lane = e.lane AND s.contact_id = e.contact_id AND s.channel = 'email' AND s.purpose = 'open-tracking'
                 AND s.state = 'granted'
             ) AS opens
      FROM enrollment e LEFT JOIN unnest($5::integer[], $6::float8[]) AS v(version, share) ON v.version = e.scenario_version
      WHERE e.lane = ANY ($1::smallint[]) AND e.scenario_id = $2
        AND e.entered_at >= to_timestamp($3::float8 / 1000) AND e.entered_at < to_timestamp($4::float8 / 1000)
    ), sent AS MATERIALIZED (
      SELECT c.id AS enrollment, c.contact_id, c.converted_at, c.opens AND m.channel = 'email' AS opens, m.id, m.step, m.template,
             m.channel, m.settled_at, m.delivered_at, m.clicked_at, m.opened_at
      FROM cohort c JOIN message m ON m.lane = c.lane AND m.contact_id = c.contact_id AND m.enrollment_id = c.id
      WHERE m.month >= $7::date AND m.status IN ('sent', 'unknown')
    )`;

/** What was heard of messages; `openable` are the people whose openings may be known. */
const HEARD = `
           count(*) AS sent, count(delivered_at) AS delivered,
           count(DISTINCT contact_id) FILTER (WHERE clicked_at IS NOT NULL) AS clicked,
           count(DISTINCT contact_id) FILTER (WHERE opens) AS openable,
           count(DISTINCT contact_id) FILTER (WHERE opens AND opened_at IS NOT NULL) AS opened`;

export interface Heard {
  sent: number;
  delivered: number;
  clicked: number;
  openable: number;
  opened: number;
}

export interface TotalsRow extends Heard {
  entered: number;
  converted: number;
  holdoutEntered: number;
  holdoutConverted: number;
}

/** One row. */
export const scenarioTotals: Statement<TotalsRow> = {
  name: 'reporting-scenario-totals',
  text: `${COHORT}
    SELECT people.*, heard.*
    FROM (
      SELECT count(*) FILTER (WHERE NOT holdout) AS entered,
             count(converted_at) FILTER (WHERE NOT holdout) AS converted,
             count(*) FILTER (WHERE holdout) AS "holdoutEntered",
             count(converted_at) FILTER (WHERE holdout) AS "holdoutConverted"
      FROM cohort
    ) people, (SELECT ${HEARD} FROM sent) heard`,
};

export interface StepRow extends Heard {
  step: string;
  template: string;
  channel: string;
  convertedAfterSent: number;
  convertedAfterClick: number;
}

/** A row for each step and template of which something was handed over. A conversion counts for one message each way. */
export const scenarioSteps: Statement<StepRow> = {
  name: 'reporting-scenario-steps',
  text: `${COHORT}, last_sent AS (
      SELECT DISTINCT ON (enrollment) id FROM sent WHERE settled_at <= converted_at ORDER BY enrollment, settled_at DESC, id
    ), last_clicked AS (
      SELECT DISTINCT ON (enrollment) id FROM sent WHERE clicked_at <= converted_at ORDER BY enrollment, clicked_at DESC, id
    )
    SELECT step, template, channel, ${HEARD},
           count(*) FILTER (WHERE id IN (SELECT id FROM last_sent)) AS "convertedAfterSent",
           count(*) FILTER (WHERE id IN (SELECT id FROM last_clicked)) AS "convertedAfterClick"
    FROM sent GROUP BY step, template, channel ORDER BY min(settled_at), step, template`,
};
