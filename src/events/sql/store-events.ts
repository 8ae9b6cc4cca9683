import { rowsStatement } from '../../database/index.ts';
import { monthOf } from '../../shared/clock.ts';
import type { EventRow } from '../event-row.ts';

/**
 * Stores events that the engine made and has taken note of in the same transaction: nothing is put into the inbox.
 * Their ids are made of the enrollment and step they come from, so none can have been stored before.
 */
export const storeEvents = rowsStatement<EventRow>({
  name: 'store-events',
  columns: [
    ['lane', 'smallint'],
    ['month', 'date', ({ receivedAt }) => monthOf(receivedAt)],
    ['id', 'uuid'],
    ['contactId', 'uuid'],
    ['userId', 'text'],
    ['seq', 'float8'],
    ['type', 'text'],
    ['name', 'text'],
    ['at', 'float8'],
    ['receivedAt', 'float8'],
    ['properties', 'text'],
    ['context', 'text'],
    ['historical', 'boolean'],
    ['active', 'boolean'],
  ],
  text: `
    INSERT INTO event (lane, month, id, contact_id, user_id, seq, type, name, at, received_at, properties, context, historical, active)
    SELECT x.lane, x.month, x.id, x."contactId", x."userId", x.seq::int8, x.type, x.name, to_timestamp(x.at / 1000),
           to_timestamp(x."receivedAt" / 1000), x.properties::jsonb, x.context::jsonb, x.historical, x.active
    FROM {rows}`,
});
