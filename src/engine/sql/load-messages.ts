import type { Statement } from '../../database/index.ts';
import type { Message } from '../../gate/index.ts';
import { MESSAGE_COLUMNS } from './message-columns.ts';

const pendingOf = (lock: string): string => `
    SELECT ${MESSAGE_COLUMNS}
    FROM unnest((SELECT $1::smallint[]), (SELECT $2::uuid[])) AS k(lane, id)
    CROSS JOIN LATERAL (
      SELECT * FROM message
      WHERE message.lane = k.lane AND message.contact_id = k.id AND message.status IN ('held', 'ready') AND message.month <= $3::date
      OFFSET 0 ${lock}
    ) m
    ORDER BY m.id`;

/**
 * Messages of the contacts of lanes $1 and ids $2 that are not yet with the dispatcher, locked: it takes `ready` ones
 * without the lane's lock, and a message must not be cancelled here while it is handed over there (rule P1). One that
 * it is taking at this moment is passed over: it can no longer be cancelled, and its room counts as used.
 * $3 is the latest month there can be anything of: the parts made ahead are left out. Contact by contact, as in
 * load-sends.ts: a plain join is planned, while statistics lag, as a scan of all that is pending in the month. As there
 * too, what is asked for is kept from the planner.
 */
export const loadMessages: Statement<Message> = {
  name: 'engine-load-messages',
  text: pendingOf('FOR UPDATE SKIP LOCKED'),
};

/** The same as they are now, for whoever only looks. */
export const lookAtMessages: Statement<Message> = { name: 'engine-look-at-messages', text: pendingOf('') };
