import type { Statement } from '../../database/index.ts';
import type { Message } from '../../gate/index.ts';
import { MESSAGE_COLUMNS } from './message-columns.ts';

const pending = `
    SELECT ${MESSAGE_COLUMNS}
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN message m ON m.lane = k.lane AND m.contact_id = k.id AND m.status IN ('held', 'ready') AND m.month <= $3::date
    ORDER BY m.id`;

/**
 * Messages of the contacts of lanes $1 and ids $2 that are not yet with the dispatcher, locked: it takes `ready` ones
 * without the lane's lock, and a message must not be cancelled here while it is handed over there (rule P1). One that
 * it is taking at this moment is passed over: it can no longer be cancelled, and its room counts as used.
 * $3 is the latest month there can be anything of: the parts made ahead are left out.
 */
export const loadMessages: Statement<Message> = {
  name: 'engine-load-messages',
  text: `${pending}
    FOR UPDATE OF m SKIP LOCKED`,
};

/** The same as they are now, for whoever only looks. */
export const lookAtMessages: Statement<Message> = { name: 'engine-look-at-messages', text: pending };
