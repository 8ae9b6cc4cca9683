import type { Statement } from '../../database/index.ts';
import { MESSAGE_COLUMNS } from '../../engine/index.ts';
import type { Decision, Message } from '../../gate/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

export type MessageAndReturns = Message & { deliveredAt: Instant | null; bouncedAt: Instant | null };

/** How a message came back, and what the server said: `unknown` is what nobody understands. */
export interface MessageReturn {
  messageId: Id;
  kind: 'hard' | 'soft' | 'sender-fault' | 'rejected' | 'unknown' | 'complaint';
  at: Instant;
  source: string;
  status: string | null;
  reason: string;
}

const COLUMNS = `${MESSAGE_COLUMNS}, m.delivered_at AS "deliveredAt", m.bounced_at AS "bouncedAt"`;

/** The latest messages of contact $2 in lane $1, newest first, at most $3, planned before $4 (null: from the newest on). */
export const listMessages: Statement<MessageAndReturns> = {
  name: 'explain-list-messages',
  text: `
    SELECT ${COLUMNS} FROM message m
    WHERE m.lane = $1 AND m.contact_id = $2 AND ($4::float8 IS NULL OR m.planned_at < to_timestamp($4::float8 / 1000))
    ORDER BY m.planned_at DESC, m.id LIMIT $3`,
};

/** One message by its lane $1 and id $2. */
export const findMessage: Statement<MessageAndReturns> = {
  name: 'explain-find-message',
  text: `SELECT ${COLUMNS} FROM message m WHERE m.lane = $1 AND m.id = $2`,
};

/** The decision records of messages: lanes $1, months $2 and ids $3 are parallel. First judgement first. */
export const listDecisions: Statement<Decision> = {
  name: 'explain-list-decisions',
  text: `
    SELECT d.message_id AS "messageId", d.contact_id AS "contactId", d.ordinal, d.at, d.verdict, d.gate, d.reason, d.rule,
           d.until, d.policy_version AS "policyVersion", d.gates
    FROM unnest($1::smallint[], $2::date[], $3::uuid[]) AS k(lane, month, id)
    JOIN decision d ON d.lane = k.lane AND d.month = k.month AND d.message_id = k.id
    ORDER BY d.message_id, d.ordinal`,
};

/** How messages came back: lanes $1, months $2 and ids $3 are parallel. First return first. */
export const listReturns: Statement<MessageReturn> = {
  name: 'explain-list-returns',
  text: `
    SELECT r.message_id AS "messageId", r.kind, r.at, r.source, r.status, r.reason
    FROM unnest($1::smallint[], $2::date[], $3::uuid[]) AS k(lane, month, id)
    JOIN message_return r ON r.lane = k.lane AND r.month = k.month AND r.message_id = k.id
    ORDER BY r.message_id, r.at, r.kind`,
};

/** What messages were: lanes $1 and ids $2 are parallel. */
export const nameMessages: Statement<{ id: string; template: string }> = {
  name: 'explain-name-messages',
  text: `
    SELECT m.id, m.template FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN message m ON m.lane = k.lane AND m.id = k.id`,
};
