import type { Sql } from '../database/index.ts';
import type { Decision, Message } from '../gate/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import { findMessage, listDecisions, listMessages } from './sql/list-messages.ts';

export interface ExplainedMessage {
  message: Message;
  /** First judgement first. */
  decisions: Decision[];
}

/** The messages of one contact with every decision about them, newest first. `before`: planned before this instant. */
export async function messagesOf(
  sql: Sql,
  contactId: Id,
  most: number,
  before: Instant | null,
): Promise<ExplainedMessage[]> {
  return explained(sql, await sql.run(listMessages, [laneOf(contactId), contactId, most, before]));
}

/** One message with every decision about it; null when there is none of that id. */
export async function messageById(sql: Sql, id: Id): Promise<ExplainedMessage | null> {
  const [found] = await explained(sql, await sql.run(findMessage, [laneOf(id), id]));
  return found ?? null;
}

async function explained(sql: Sql, messages: readonly Message[]): Promise<ExplainedMessage[]> {
  const ids = messages.map(({ id }) => id);
  const months = messages.map(({ plannedAt }) => monthOf(plannedAt));
  const decisions = ids.length === 0 ? [] : await sql.run(listDecisions, [ids.map(laneOf), months, ids]);
  return messages.map((message) => ({
    message,
    decisions: decisions.filter(({ messageId }) => messageId === message.id),
  }));
}
