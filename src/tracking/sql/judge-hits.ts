import { rowsStatement, type Statement } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';
import type { Hit } from '../judge-hits.ts';
import { mayKnowOpening } from './may-know.ts';

/** Messages with hits in the lanes $1 that wait since $2 or longer, at most $3 hits, which are locked until the judgement is written. */
export const claimHits: Statement<{ id: Id; contactId: Id; messageId: Id; month: string; at: Instant }> = {
  name: 'tracking-claim-hits',
  text: `
    SELECT h.id, h.contact_id AS "contactId", h.message_id AS "messageId", h.message_month::text AS month, h.at
    FROM unnest($1::smallint[]) AS l(lane)
    CROSS JOIN LATERAL (
      SELECT * FROM hit WHERE hit.lane = l.lane AND hit.verdict = 'pending' AND hit.at <= to_timestamp($2::float8 / 1000)
      ORDER BY hit.at LIMIT $3 FOR UPDATE SKIP LOCKED
    ) h
    LIMIT $3`,
};

/** All hits of messages (lanes $1 and ids $2, parallel) since $3. */
export const hitsAround: Statement<Hit & { messageId: Id; verdict: string; month: string }> = {
  name: 'tracking-hits-around',
  text: `
    SELECT h.id, h.message_id AS "messageId", h.kind, h.url, h.at, h.verdict, h.month::text AS month,
           CASE WHEN h.verdict = 'machine' THEN h.reason END AS reason
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN hit h ON h.lane = k.lane AND h.message_id = k.id AND h.at >= to_timestamp($3::float8 / 1000)`,
};

/** What is known of a message whose contact is still there; of one that is no longer kept, only whose it was. */
export interface HitMessage {
  id: Id;
  contactId: Id;
  scenarioId: string | null;
  programme: string | null;
  step: string | null;
  template: string | null;
  channel: string | null;
  /** Whether it is still there. */
  isKept: boolean;
  settledAt: Instant | null;
  /** Whether openings may be known now. */
  opensAllowed: boolean;
}

/**
 * Messages (lanes $1, months $2, ids $3 and contacts $4, parallel). A click is a sign of life (law L15) also when its
 * message has been removed meanwhile. $5 and $6: the senders that have a brand, and their brands.
 */
export const hitMessages: Statement<HitMessage> = {
  name: 'tracking-hit-messages',
  text: `
    SELECT k.id, c.id AS "contactId", m.scenario_id AS "scenarioId", m.programme, m.step, m.template, m.channel,
           m.id IS NOT NULL AS "isKept", m.settled_at AS "settledAt",
           m.id IS NOT NULL AND ${mayKnowOpening('m', ['$5', '$6'])} AS "opensAllowed"
    FROM unnest($1::smallint[], $2::date[], $3::uuid[], $4::uuid[]) AS k(lane, month, id, contact_id)
    JOIN contact c ON c.lane = k.lane AND c.id = k.contact_id
    LEFT JOIN message m ON m.lane = k.lane AND m.month = k.month AND m.id = k.id`,
};

export interface JudgedHit {
  lane: number;
  month: string;
  id: Id;
  verdict: 'person' | 'machine';
  reason: string | null;
}

export const writeVerdicts = rowsStatement<JudgedHit>({
  name: 'tracking-write-verdicts',
  columns: [
    ['lane', 'smallint'],
    ['month', 'date'],
    ['id', 'uuid'],
    ['verdict', 'text'],
    ['reason', 'text'],
  ],
  text: `
    UPDATE hit h SET verdict = x.verdict, reason = x.reason
    FROM {rows}
    WHERE h.lane = x.lane AND h.month = x.month AND h.id = x.id`,
});

/** Openings of which nobody may know any more (lanes $1, months $2 and ids $3, parallel). */
export const forgetHits: Statement = {
  name: 'tracking-forget-hits',
  text: `
    DELETE FROM hit h USING unnest($1::smallint[], $2::date[], $3::uuid[]) AS k(lane, month, id)
    WHERE h.lane = k.lane AND h.month = k.month AND h.id = k.id`,
};

/**
 * The first time a person clicked and opened messages (lanes $1, months $2 and ids $3, parallel). Where $4 is true a
 * click turned out to be a machine's: what was written is told anew from the hits that are left.
 */
export const writeFirsts: Statement = {
  name: 'tracking-write-firsts',
  text: `
    UPDATE message m SET
      clicked_at = CASE WHEN f.anew THEN f.clicked_at ELSE least(m.clicked_at, f.clicked_at) END,
      opened_at = CASE WHEN f.anew THEN f.opened_at ELSE least(m.opened_at, f.opened_at) END
    FROM (
      SELECT k.lane, k.month, k.id, k.anew,
             min(h.at) FILTER (WHERE h.kind = 'click') AS clicked_at, min(h.at) FILTER (WHERE h.kind = 'open') AS opened_at
      FROM unnest($1::smallint[], $2::date[], $3::uuid[], $4::boolean[]) AS k(lane, month, id, anew)
      LEFT JOIN hit h ON h.lane = k.lane AND h.message_id = k.id AND h.verdict = 'person'
      GROUP BY k.lane, k.month, k.id, k.anew
    ) f
    WHERE m.lane = f.lane AND m.month = f.month AND m.id = f.id`,
};

/** Events of hits that turned out to be a machine's (lanes $1, events $2): they have not happened. */
export const takeBackEvents: Statement = {
  name: 'tracking-take-back-events',
  text: `
    WITH waiting AS (
      DELETE FROM inbox i USING unnest($1::smallint[], $2::uuid[]) AS k(lane, id) WHERE i.lane = k.lane AND i.id = k.id
    )
    DELETE FROM event e USING unnest($1::smallint[], $2::uuid[]) AS k(lane, id) WHERE e.lane = k.lane AND e.id = k.id`,
};
