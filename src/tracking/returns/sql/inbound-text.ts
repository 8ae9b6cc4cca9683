import type { Statement } from '../../../database/index.ts';

/** Who has the number $2, in any of the lanes $1; in the order of their ids. */
export const contactsWithNumber: Statement<{ id: string; userId: string | null; locale: string | null }> = {
  name: 'tracking-contacts-with-number',
  text: `
    SELECT f.id, f.user_id AS "userId", f.locale FROM unnest($1::smallint[]) AS l(lane)
    CROSS JOIN LATERAL (SELECT c.id, c.user_id, c.locale FROM contact c WHERE c.lane = l.lane AND c.phone = $2) f
    ORDER BY f.id`,
};

/** Notes that the text $4 of $3 arrived in month $1, unless it did, or did in one of the months $2. No row when that was known. */
export const recordInbound: Statement<{ source: string }> = {
  name: 'tracking-record-inbound',
  text: `
    INSERT INTO inbound_text (month, source, provider_id, word, hash, received_at)
    SELECT $1, $3, $4, $5, $6, to_timestamp($7::float8 / 1000)
    WHERE NOT EXISTS (SELECT FROM inbound_text i WHERE i.month = ANY ($2::date[]) AND i.source = $3 AND i.provider_id = $4)
    ON CONFLICT DO NOTHING
    RETURNING source`,
};

/** How many texts of the number with the hash $1 were answered since $2, and how many of them had the word $3. */
export const answersSince: Statement<{ all: number; same: number }> = {
  name: 'tracking-answers-since',
  text: `
    SELECT count(*)::int AS "all", count(*) FILTER (WHERE i.word = $3)::int AS same FROM inbound_text i
    WHERE i.answered AND i.hash = $1 AND i.received_at > to_timestamp($2::float8 / 1000)`,
};

/** The text $3 of $2, of month $1, is answered. */
export const markAnswered: Statement = {
  name: 'tracking-mark-answered',
  text: 'UPDATE inbound_text SET answered = true WHERE month = $1 AND source = $2 AND provider_id = $3',
};
