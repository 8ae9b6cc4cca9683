import type { Statement } from '../../database/index.ts';

/** In the time of the test, from $3 on and before $4. All $1 lanes are read. */
const during = (column: string): string =>
  `${column} >= to_timestamp($3::float8 / 1000) AND ${column} < to_timestamp($4::float8 / 1000)`;

/** A message that was planned in the time of the test and that pressure can hold back; $7 and $8 are its months. */
const PLANNED = `m.month >= $7::date AND m.month <= $8::date AND m.subject_to
        AND ${during('m.planned_at')} AND m.status <> 'holdout'`;

/**
 * The side of contact p in test $2, drawn as `sideOf` draws it: below $5 the variant's, from $6 on the base's; null in
 * between, for whoever changed sides with the share.
 */
const SIDE = `
      SELECT p.*, CASE WHEN drawn < $5::float8 THEN 'variant' WHEN drawn >= $6::float8 THEN 'base' END AS side
      FROM people p
      -- An erased contact is nobody now, and of no side.
      JOIN contact c ON c.lane = p.lane AND c.id = p.contact_id,
      LATERAL (
        SELECT ('x' || encode(substring(sha256(convert_to(E'frequency-test\\n' || $2::text || E'\\n' || p.contact_id, 'UTF8')) FROM 1 FOR 6), 'hex'))
                 ::bit(48)::bigint / 281474976710656.0 AS drawn
      ) draw`;

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
 * A row a side, of whoever had a message planned: before the first of them nobody was treated otherwise, so both sides
 * have people of one kind. A withdrawal that a complaint or a STOP brought about is counted as that; an objection counts
 * as a withdrawal. Every table is read once, and what it tells of people is added up: no table is asked person by person.
 */
export const testPeople: Statement<PeopleRow> = {
  name: 'reporting-frequency-test-people',
  text: `
    WITH told AS (
      SELECT m.lane, m.contact_id, true AS planned,
             count(*) FILTER (WHERE m.status IN ('sent', 'unknown') AND ${during('m.settled_at')}) AS sent,
             bool_or(m.clicked_at IS NOT NULL AND ${during('m.clicked_at')}) AS clicked,
             false AS unsubscribed, false AS complained, false AS stopped, false AS converted
      FROM message m WHERE m.lane < $1::int AND ${PLANNED} GROUP BY m.lane, m.contact_id
      UNION ALL
      SELECT e.lane, e.contact_id, false, 0, false, e.source_kind <> 'sms-stop', false, e.source_kind = 'sms-stop', false
      FROM consent_entry e
      WHERE e.lane < $1::int AND ${during('e.recorded_at')} AND e.action = 'withdrawn'
        AND e.purpose <> 'open-tracking' AND e.source_kind <> 'complaint'
      UNION ALL
      SELECT o.lane, o.contact_id, false, 0, false, true, false, false, false FROM suppression o
      WHERE o.lane < $1::int AND o.reason = 'objection' AND ${during('o.at')}
      UNION ALL
      SELECT m.lane, m.contact_id, false, 0, false, false, true, false, false FROM message_return r
      JOIN message m ON m.lane = r.lane AND m.month = r.month AND m.id = r.message_id
      WHERE r.lane < $1::int AND r.kind = 'complaint' AND ${during('r.at')} AND ${PLANNED}
      UNION ALL
      SELECT e.lane, e.contact_id, false, 0, false, false, false, false, true FROM enrollment e
      WHERE e.lane < $1::int AND ${during('e.converted_at')}
    ), people AS (
      SELECT lane, contact_id, sum(sent)::float8 AS sent, bool_or(clicked) AS clicked, bool_or(unsubscribed) AS unsubscribed,
             bool_or(complained) AS complained, bool_or(stopped) AS stopped, bool_or(converted) AS converted
      FROM told GROUP BY lane, contact_id HAVING bool_or(planned)
    )
    SELECT side, count(*) AS contacts, sum(sent) AS sent, sum(sent * sent) AS squares,
           count(*) FILTER (WHERE sent > 0) AS reached, count(*) FILTER (WHERE clicked) AS clicked,
           count(*) FILTER (WHERE unsubscribed) AS unsubscribed, count(*) FILTER (WHERE complained) AS complained,
           count(*) FILTER (WHERE stopped) AS stopped, count(*) FILTER (WHERE converted) AS converted
    FROM (${SIDE}
    ) sided GROUP BY side`,
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
  text: `
    WITH people AS (
      SELECT m.lane, m.contact_id, 'blocked' AS what, m.rule, count(*) AS messages
      FROM message m
      WHERE m.lane < $1::int AND ${PLANNED} AND m.status = 'blocked' AND m.gate = 'pressure' AND m.rule IS NOT NULL AND ${during('m.settled_at')}
      GROUP BY m.lane, m.contact_id, m.rule
      UNION ALL
      SELECT m.lane, m.contact_id, 'held', d.rule, count(DISTINCT m.id)
      FROM decision d JOIN message m ON m.lane = d.lane AND m.month = d.month AND m.id = d.message_id
      WHERE d.lane < $1::int AND d.month >= $7::date AND d.month <= $8::date AND d.verdict = 'hold'
        AND d.gate = 'pressure' AND d.rule IS NOT NULL AND ${during('d.at')} AND ${PLANNED}
      GROUP BY m.lane, m.contact_id, d.rule
    )
    SELECT side, what, rule, sum(messages)::float8 AS messages, count(*) AS contacts
    FROM (${SIDE}
    ) sided WHERE side IS NOT NULL GROUP BY side, what, rule ORDER BY what, rule, side`,
};
