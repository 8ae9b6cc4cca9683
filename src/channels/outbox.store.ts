import type { Sql } from '../database/index.ts';
import type { Id } from '../shared/ids.ts';
import { laneOf } from '../shared/ids.ts';
import type { OutboxQuery } from './outbox.schema.ts';
import type { OutboxEntry, OutboxMessage } from './sql/outbox.ts';
import { findCaptured, listCaptured } from './sql/outbox.ts';

export interface OutboxPage {
  messages: OutboxEntry[];
  /** Cursor of the page after this one; null on the last. */
  next: string | null;
}

const patternOf = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** What was captured, to be looked at. */
export class OutboxStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  /** One page, newest first. */
  async list({ channel, contactId, q, before, limit }: OutboxQuery): Promise<OutboxPage> {
    const [at, id] = before?.split('_') ?? [];
    const values = [
      channel ?? null,
      contactId ?? null,
      q === undefined ? null : patternOf(q),
      at === undefined ? null : Number(at),
      id ?? null,
      limit + 1,
    ];
    const found = await this.sql.run<OutboxEntry>(listCaptured, values);
    const messages = found.slice(0, limit);
    const last = messages.at(-1);
    return { messages, next: found.length > limit && last !== undefined ? `${last.at}_${last.id}` : null };
  }

  /** One message; null when there is none. */
  async find(id: Id): Promise<OutboxMessage | null> {
    const [message] = await this.sql.run<OutboxMessage>(findCaptured, [laneOf(id), id]);
    return message ?? null;
  }
}
