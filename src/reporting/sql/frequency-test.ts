import type { Statement } from '../../database/index.ts';

/**
 * The people of frequency test $2, in the lanes $1: whoever had a message planned from $3 on and before $4 that pressure can
 * hold back. Before the first of them nobody was treated otherwise, so both sides have people of the same kind. Their
 * side is drawn as `sideOf` draws it: below $5 the variant's, from $6 on the base's; null in between, for whoever changed
 * sides with the share. $7 and $8 are the months of $3 and $4. An erased contact is nobody now, and of no side.
 */
const COHORT = `
    WITH planned AS MATERIALIZED (
      SELECT m.lane, m.month, m.id, m.contact_id, m.status, m.gate, m.rule, m.settled_at, m.clicked_at
      FROM message m
      WHERE m.lane = ANY ($1::smallint[]) AND m.month >= $7::date AND m.month <= $8::date AND m.subject_to
        AND m.planned_at >= to_timestamp($3::float8 / 1000) AND m.planned_at < to_timestamp($4::float8 / 1000)
        AND m.status <> 'holdout'
    ), cohort AS MATERIALIZED (
      SELECT lane, contact_id, CASE WHEN drawn < $5::float8 THEN 'variant' WHEN drawn >= $6::float8 THEN 'base' END AS side
      FROM (
        SELECT p.lane, p.contact_id,
               ('x' || encode(substring(sha256(convert_to(E'frequency-test\\n' || $2::text || E'\\n' || p.contact_id, 'UTF8')) FROM 1 FOR 6), 'hex'))
                 ::bit(48)::bigint / 281474976710656.0 AS drawn
        FROM (SELECT DISTINCT lane, contact_id FROM planned) p
        JOIN contact c ON c.lane = p.lane AND c.id = p.contact_id
      ) people
    )`;

/** In the time of the test. */
const during = (column: string): string =>
  `${column} >= to_timestamp($3::float8 / 1000) AND ${column} < to_timestamp($4::float8 / 1000)`;

export interface PeopleRow {
  /** Null: those who changed sides. */
  side: 'base' | 'variant' | null;
  contacts: number;
  /** Messages that were handed over, and the sum of squares a contact. */
  sent: number;
  squares: number;
  /** Contacts, each once, who were sent something, and who did what. */
  reached: number;
  clicked: number;
  unsubscribed: number;
  complained: number;
  stopped: number;
  converted: number;
}

/**
 * A row a side. A withdrawal that a complaint or a STOP brought about is counted as that; an objection counts as a withdrawal.
 * Who gave a consent again has withdrawn it all the same.
 */
export const testPeople: Statement<PeopleRow> = {
  name: 'reporting-frequency-test-people',
  text: `${COHORT}, got AS (
      SELECT lane, contact_id, count(*) AS sent, count(clicked_at) FILTER (WHERE ${during('clicked_at')}) > 0 AS clicked
      FROM planned WHERE status IN ('sent', 'unknown') AND ${during('settled_at')} GROUP BY lane, contact_id
    ), unsubscribed AS (
      SELECT c.lane, c.contact_id FROM cohort c
      WHERE EXISTS (
        SELECT FROM consent_entry e
        WHERE e.lane = c.lane AND e.contact_id = c.contact_id AND e.action = 'withdrawn' AND e.purpose <> 'open-tracking'
          AND e.source_kind NOT IN ('complaint', 'sms-stop') AND ${during('e.recorded_at')}
      ) OR EXISTS (
        SELECT FROM suppression o
        WHERE o.lane = c.lane AND o.contact_id = c.contact_id AND o.reason = 'objection' AND ${during('o.at')}
      )
    ), complained AS (
      SELECT DISTINCT p.lane, p.contact_id FROM planned p
      JOIN message_return r ON r.lane = p.lane AND r.month = p.month AND r.message_id = p.id
      WHERE r.kind = 'complaint' AND ${during('r.at')}
    ), stopped AS (
      SELECT c.lane, c.contact_id FROM cohort c
      WHERE EXISTS (
        SELECT FROM event e
        WHERE e.lane = c.lane AND e.contact_id = c.contact_id AND e.name = 'SMS Unsubscribed' AND ${during('e.at')}
      )
    ), converted AS (
      SELECT c.lane, c.contact_id FROM cohort c
      WHERE EXISTS (
        SELECT FROM enrollment e WHERE e.lane = c.lane AND e.contact_id = c.contact_id AND ${during('e.converted_at')}
      )
    )
    SELECT c.side, count(*) AS contacts, coalesce(sum(g.sent), 0)::float8 AS sent, coalesce(sum(g.sent * g.sent), 0)::float8 AS squares,
           count(g.contact_id) AS reached, count(*) FILTER (WHERE g.clicked) AS clicked,
           count(u.contact_id) AS unsubscribed, count(p.contact_id) AS complained,
           count(s.contact_id) AS stopped, count(v.contact_id) AS converted
    FROM cohort c
    LEFT JOIN got g ON g.lane = c.lane AND g.contact_id = c.contact_id
    LEFT JOIN unsubscribed u ON u.lane = c.lane AND u.contact_id = c.contact_id
    LEFT JOIN complained p ON p.lane = c.lane AND p.contact_id = c.contact_id
    LEFT JOIN stopped s ON s.lane = c.lane AND s.contact_id = c.contact_id
    LEFT JOIN converted v ON v.lane = c.lane AND v.contact_id = c.contact_id
    GROUP BY c.side`,
};

export interface RulesRow {
  side: 'base' | 'variant';
  what: 'held' | 'blocked';
  rule: string;
  messages: number;
  /** Whose messages they were, each contact once. */
  contacts: number;
}

/** A row for each side and pressure rule that blocked a message of theirs, or held one at least once. */
export const testRules: Statement<RulesRow> = {
  name: 'reporting-frequency-test-rules',
  text: `${COHORT}
    SELECT c.side, 'blocked' AS what, p.rule, count(*) AS messages, count(DISTINCT p.contact_id) AS contacts
    FROM planned p JOIN cohort c ON c.lane = p.lane AND c.contact_id = p.contact_id
    WHERE c.side IS NOT NULL AND p.status = 'blocked' AND p.gate = 'pressure' AND p.rule IS NOT NULL AND ${during('p.settled_at')}
    GROUP BY c.side, p.rule
    UNION ALL
    SELECT c.side, 'held', d.rule, count(DISTINCT d.message_id), count(DISTINCT p.contact_id)
    FROM planned p JOIN cohort c ON c.lane = p.lane AND c.contact_id = p.contact_id
    JOIN decision d ON d.lane = p.lane AND d.month = p.month AND d.message_id = p.id
    WHERE c.side IS NOT NULL AND d.verdict = 'hold' AND d.gate = 'pressure' AND d.rule IS NOT NULL AND ${during('d.at')}
    GROUP BY c.side, d.rule
    ORDER BY what, rule, side`,
};
