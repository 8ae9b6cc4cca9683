import type { Statement } from '../../database/index.ts';
import { MESSAGE_COLUMNS } from '../../engine/index.ts';
import type { Decision, Message } from '../../gate/index.ts';

/** The latest messages of contact $2 in lane $1, newest first, at most $3, planned before $4 (null: from the newest on). */
export const listMessages: Statement<Message> = {
  name: 'dispatch-list-messages',
  text: `
    SELECT ${MESSAGE_COLUMNS} FROM message m
    WHERE m.lane = $1 AND m.contact_id = $2 AND ($4::float8 IS NULL OR m.planned_at < to_timestamp($4::float8 / 1000))
    ORDER BY m.planned_at DESC, m.id LIMIT $3`,
};

/** One message by its lane $1 and id $2. */
export const findMessage: Statement<Message> = {
  name: 'dispatch-find-message',
  text: `SELECT ${MESSAGE_COLUMNS} FROM message m WHERE m.lane = $1 AND m.id = $2`,
};

/** The decision records of messages: lanes $1, months $2 and ids $3 are parallel. First judgement first. */
export const listDecisions: Statement<Decision> = {
  name: 'dispatch-list-decisions',
  text: `
    SELECT d.message_id AS "messageId", d.contact_id AS "contactId", d.ordinal, d.at, d.verdict, d.gate, d.reason, d.rule,
           d.until, d.policy_version AS "policyVersion", d.gates
    FROM unnest($1::smallint[], $2::date[], $3::uuid[]) AS k(lane, month, id)
    JOIN decision d ON d.lane = k.lane AND d.month = k.month AND d.message_id = k.id
    ORDER BY d.message_id, d.ordinal`,
};
