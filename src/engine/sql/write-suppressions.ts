import type { Suppression } from '../../consent/index.ts';
import { rowsStatement } from '../../database/index.ts';
import { laneOf, type Id } from '../../shared/ids.ts';

/** What stands against contacts from now on. An objection on record gives way to an erasure, which lets nothing pass. */
export const writeSuppressions = rowsStatement<Suppression & { contactId: Id }>({
  name: 'engine-write-suppressions',
  columns: [
    ['lane', 'smallint', ({ contactId }) => laneOf(contactId)],
    ['contactId', 'uuid'],
    ['channel', 'text'],
    ['reason', 'text'],
    ['at', 'float8'],
  ],
  text: `
    INSERT INTO suppression (lane, contact_id, channel, reason, at)
    SELECT x.lane, x."contactId", x.channel, x.reason, to_timestamp(x.at / 1000)
    FROM {rows}
    ON CONFLICT (lane, contact_id, channel) DO UPDATE SET reason = excluded.reason, at = excluded.at`,
});
