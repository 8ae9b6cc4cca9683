import type { Statement } from '../../database/index.ts';
import { MESSAGE_COLUMNS } from '../../engine/index.ts';
import type { Message } from '../../gate/index.ts';

/** Messages that a process took, and died: their lease has run out at $1 and nobody holds their lock. At most $2, locked. */
export const abandonedMessages: Statement<Message> = {
  name: 'dispatch-abandoned-messages',
  text: `
    SELECT ${MESSAGE_COLUMNS} FROM message m
    WHERE m.lane = ANY ($3::smallint[]) AND m.status = 'handing' AND m.lease_until <= to_timestamp($1::float8 / 1000)
    LIMIT $2
    FOR UPDATE OF m SKIP LOCKED`,
};
