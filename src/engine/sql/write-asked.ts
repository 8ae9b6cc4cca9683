import type { ConfirmationRequest } from '../../consent/index.ts';
import { rowsStatement } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { laneOf, type Id } from '../../shared/ids.ts';

/** Requests for a double opt-in whose message is planned; one that another has replaced meanwhile is left alone. */
export const writeAsked = rowsStatement<ConfirmationRequest & { contactId: Id; askedAt: Instant }>({
  name: 'engine-write-asked',
  columns: [
    ['lane', 'smallint', ({ contactId }) => laneOf(contactId)],
    ['contactId', 'uuid'],
    ['channel', 'text'],
    ['purpose', 'text'],
    ['brand', 'text', ({ brand }) => brand ?? ''],
    ['requestedAt', 'float8'],
    ['askedAt', 'float8'],
  ],
  text: `
    UPDATE consent_state s SET asked_at = to_timestamp(x."askedAt" / 1000)
    FROM {rows}
    WHERE s.lane = x.lane AND s.contact_id = x."contactId" AND s.channel = x.channel AND s.purpose = x.purpose
      AND s.brand = x.brand AND s.requested_at = to_timestamp(x."requestedAt" / 1000)`,
});
