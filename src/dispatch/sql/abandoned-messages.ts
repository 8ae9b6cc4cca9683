import type { Statement } from '../../database/index.ts';
import { MESSAGE_COLUMNS } from '../../engine/index.ts';
import type { Message } from '../../gate/index.ts';
import { tryMessageInTransaction } from './message-locks.ts';

/**
 * Messages whose exchange a process had begun, and died: their lease has run out at $1, nobody has renewed it, and nobody
 * holds their lock. At most $2, of the lanes $3, locked.
 */
export const abandonedMessages: Statement<Message> = {
  name: 'dispatch-abandoned-messages',
  text: `
    SELECT ${MESSAGE_COLUMNS} FROM (
      SELECT * FROM message
      WHERE lane = ANY ($3::smallint[]) AND status = 'handing' AND lease_until <= to_timestamp($1::float8 / 1000)
      LIMIT $2
      FOR UPDATE SKIP LOCKED
    ) m
    WHERE ${tryMessageInTransaction('m.id')}`,
};
