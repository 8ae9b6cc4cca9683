import type { Statement } from '../../../database/index.ts';
import type { Breaker, Deliveries } from '../breaker.ts';

/** One look at a time: what it decides is written down once. */
export const lockBreakers: Statement = {
  name: 'dispatch-lock-breakers',
  text: 'SELECT pg_advisory_xact_lock(7235011)',
};

/** What was counted in the hours after $1 and since the breaker was lifted, with its state, where there is either. */
export const watchedDomains: Statement<
  { domain: string } & Deliveries & { [Field in Exclude<keyof Breaker, 'domain'>]: Breaker[Field] | null }
> = {
  name: 'dispatch-watched-domains',
  text: `
    WITH counted AS (
      SELECT d.domain, sum(d.handed)::int AS handed, sum(d.failed)::int AS failed, sum(d.bounced)::int AS bounced,
             sum(d.complained)::int AS complained
      FROM delivery_count d LEFT JOIN breaker b ON b.domain = d.domain
      WHERE d.hour > to_timestamp($1::float8 / 1000) AND (b.counted_from IS NULL OR d.hour >= b.counted_from)
      GROUP BY d.domain
    )
    SELECT domain, coalesce(c.handed, 0) AS handed, coalesce(c.failed, 0) AS failed, coalesce(c.bounced, 0) AS bounced,
           coalesce(c.complained, 0) AS complained, b.state, b.cause, b.rate, b.since, b.counted_from AS "countedFrom"
    FROM counted c FULL JOIN breaker b USING (domain)
    ORDER BY domain`,
};

/** Writes the state $2 to $6 of the domain $1. */
export const writeBreaker: Statement = {
  name: 'dispatch-write-breaker',
  text: `
    INSERT INTO breaker (domain, state, cause, rate, since, counted_from)
    VALUES ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), to_timestamp($6::float8 / 1000))
    ON CONFLICT (domain) DO UPDATE SET
      state = excluded.state, cause = excluded.cause, rate = excluded.rate, since = excluded.since,
      counted_from = excluded.counted_from`,
};

export const stoppedDomains: Statement<{ domain: string }> = {
  name: 'dispatch-stopped-domains',
  text: `SELECT domain FROM breaker WHERE state = 'stopped' ORDER BY domain`,
};

/** Counts from before $1 are of no window. */
export const forgetCounts: Statement = {
  name: 'dispatch-forget-counts',
  text: 'DELETE FROM delivery_count WHERE hour < to_timestamp($1::float8 / 1000)',
};
