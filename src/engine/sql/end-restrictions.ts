import { rowsStatement } from '../../database/index.ts';
import { laneOf, type Id } from '../../shared/ids.ts';

/** The engine has taken note of these contacts' lift. */
export const endRestrictions = rowsStatement<{ contactId: Id }>({
  name: 'engine-end-restrictions',
  columns: [
    ['lane', 'smallint', ({ contactId }) => laneOf(contactId)],
    ['contactId', 'uuid'],
  ],
  text: `
    DELETE FROM restriction r USING {rows}
    WHERE r.lane = x.lane AND r.contact_id = x."contactId" AND r.lifted_at IS NOT NULL`,
});
