import type { Statement } from '../../database/index.ts';
import { MESSAGE_COLUMNS } from '../../engine/index.ts';
import type { Message } from '../../gate/index.ts';

/** Message $3 of contact $2 in lane $1, if it has left or is leaving. */
export const findSent: Statement<Message> = {
  name: 'dispatch-find-sent',
  text: `
    SELECT ${MESSAGE_COLUMNS} FROM message m
    WHERE m.lane = $1 AND m.contact_id = $2 AND m.id = $3 AND m.status IN ('handing', 'sent', 'unknown', 'failed')`,
};
