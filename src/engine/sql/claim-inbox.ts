import { restrictedOf, stoppedClocksOf } from '../../contacts/index.ts';
import type { EventType, InboxEntry } from '../../events/index.ts';
import type { Statement } from '../../database/index.ts';

export interface InboxRow {
  contactId: string;
  seq: number;
  receivedAt: number;
  kind: 'event' | InboxEntry['kind'];
  body: Record<string, unknown> | null;
  id: string;
  userId: string | null;
  type: EventType;
  name: string;
  at: number;
  properties: Record<string, unknown>;
  historical: boolean;
  active: boolean;
  timezone: string | null;
  locale: string | null;
}

/** `stopped`: the contact was restricted, and its clock goes on only when the lift is taken note of. */
export type ClaimedRow = InboxRow & { stopped: boolean };

/**
 * Takes the oldest items of the locked lanes $1 out of the inbox, at most $2 a lane, with the events they stand for.
 * By `ctid`: only the holder of a lane deletes from it, and a delete by key is planned as a scan of the whole inbox
 * when its statistics lag behind a backlog. What arrives for restricted contacts stays there, in its order (rule D5).
 */
export const claimInbox: Statement<ClaimedRow> = {
  name: 'engine-claim-inbox',
  text: `
    WITH gone AS (
      DELETE FROM inbox WHERE ctid = ANY (ARRAY(
        SELECT i.ctid FROM unnest($1::smallint[]) AS l(lane)
        CROSS JOIN LATERAL (SELECT ctid FROM inbox WHERE inbox.lane = l.lane AND contact_id <> ALL (${restrictedOf('l.lane')}) ORDER BY seq, id LIMIT $2) i
      ))
      RETURNING lane, seq, id, contact_id, received_at, kind, month, body
    )
    SELECT g.contact_id AS "contactId", g.seq, g.received_at AS "receivedAt", g.kind, g.body, g.id,
           e.user_id AS "userId", e.type, e.name, e.at, e.properties, e.historical, e.active,
           e.context ->> 'timezone' AS timezone, e.context ->> 'locale' AS locale,
           g.contact_id = ANY (${stoppedClocksOf('ANY ($1::smallint[])')}) AS stopped
    FROM gone g LEFT JOIN event e ON e.lane = g.lane AND e.month = g.month AND e.id = g.id
    ORDER BY g.seq, g.id`,
};
