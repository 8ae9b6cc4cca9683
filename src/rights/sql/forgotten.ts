import type { Statement } from '../../database/index.ts';

/** A person to be removed. */
export interface ForgottenRow {
  id: string;
  userId: string | null;
  /** The last that was heard of them, or when they came. */
  lastHeard: number;
}

/**
 * A sign of life (law L15): an event that a backend tells as the person's own, so neither what a sync knows of them
 * (`identify`), nor an opening or delivery (never active), nor what scenarios make.
 */
const heard = (made: string): string =>
  `e.active AND e.type IN ('track', 'page', 'screen') AND e.name <> ALL (${made}::text[])`;

const lastHeard = (made: string): string => `greatest(c.created_at, c.last_active_at,
             (SELECT max(e.at) FROM event e WHERE e.lane = c.lane AND e.contact_id = c.id AND ${heard(made)}))`;

/** Whoever is restricted, or waits for the answer to a request, is kept. */
const NOT_NEEDED = `NOT EXISTS (SELECT FROM restriction r WHERE r.lane = c.lane AND r.contact_id = c.id)
      AND NOT EXISTS (SELECT FROM rights_request r WHERE r.lane = c.lane AND r.contact_id = c.id AND r.state = 'open')`;

/**
 * People of lane $1 of whom nothing was heard since $2: who never bought, or with $3 who did; sales are the events $4, and
 * $5 those that scenarios make. The first $7 after the id $6; with $8 that one alone. A consent that they gave is a sign of
 * life.
 */
export const silentPeople: Statement<ForgottenRow> = {
  name: 'rights-silent-people',
  text: `
    SELECT c.id, c.user_id AS "userId", ${lastHeard('$5')} AS "lastHeard"
    FROM contact c
    WHERE c.lane = $1 AND c.id > $6::uuid AND ($8::uuid IS NULL OR c.id = $8::uuid)
      AND c.created_at < to_timestamp($2::float8 / 1000)
      AND (c.last_active_at IS NULL OR c.last_active_at < to_timestamp($2::float8 / 1000))
      AND NOT EXISTS (
        SELECT FROM event e WHERE e.lane = c.lane AND e.contact_id = c.id AND e.at >= to_timestamp($2::float8 / 1000) AND ${heard('$5')})
      AND NOT EXISTS (
        SELECT FROM consent_state s WHERE s.lane = c.lane AND s.contact_id = c.id AND s.at >= to_timestamp($2::float8 / 1000)
          AND s.legal_basis IS DISTINCT FROM 'legitimate-interest')
      AND ${NOT_NEEDED}
      AND $3::boolean = (c.last_sale_at IS NOT NULL OR EXISTS (
        SELECT FROM event e WHERE e.lane = c.lane AND e.contact_id = c.id AND e.name = ANY ($4::text[])))
    ORDER BY c.id LIMIT $7`,
};

/**
 * People of lane $1 whom a friend named before $2 and who have not answered: they said nothing of consent themselves, and
 * nothing was heard of them. The rest as above, without $3.
 */
export const unansweredFriends: Statement<ForgottenRow> = {
  name: 'rights-unanswered-friends',
  text: `
    SELECT c.id, c.user_id AS "userId", ${lastHeard('$4')} AS "lastHeard"
    FROM contact c
    WHERE c.lane = $1 AND c.id > $5::uuid AND ($7::uuid IS NULL OR c.id = $7::uuid)
      AND EXISTS (
        SELECT FROM consent_entry n WHERE n.lane = c.lane AND n.contact_id = c.id AND n.source_kind = 'referral')
      AND NOT EXISTS (
        SELECT FROM consent_entry n WHERE n.lane = c.lane AND n.contact_id = c.id
          AND (n.source_kind <> 'referral' OR n.recorded_at >= to_timestamp($2::float8 / 1000)))
      AND c.last_active_at IS NULL AND c.last_sale_at IS NULL
      AND NOT EXISTS (
        SELECT FROM event e WHERE e.lane = c.lane AND e.contact_id = c.id AND (e.name = ANY ($3::text[]) OR ${heard('$4')}))
      AND ${NOT_NEEDED}
    ORDER BY c.id LIMIT $6`,
};

/**
 * Before events of month $2 go, contacts of lane $1 are told when they were last heard of and last bought (events $3) in it;
 * $4 as above. Again, it changes nothing.
 */
export const rememberActivity: Statement = {
  name: 'rights-remember-activity',
  text: `
    UPDATE contact c SET last_active_at = greatest(c.last_active_at, f.active_at), last_sale_at = greatest(c.last_sale_at, f.sale_at)
    FROM (
      SELECT e.contact_id, max(e.at) FILTER (WHERE ${heard('$4')}) AS active_at,
             max(e.at) FILTER (WHERE e.name = ANY ($3::text[])) AS sale_at
      FROM event e WHERE e.lane = $1 AND e.month = $2::date GROUP BY e.contact_id
    ) f
    WHERE c.lane = $1 AND c.id = f.contact_id
      AND (f.active_at > coalesce(c.last_active_at, '-infinity') OR f.sale_at > coalesce(c.last_sale_at, '-infinity'))`,
};
