import type { Contact } from '../../contacts/index.ts';
import { rowsStatement } from '../../database/index.ts';
import { laneOf } from '../../shared/ids.ts';

/** New and changed contacts. A language that the contact has chosen stays its locale. */
export const writeContacts = rowsStatement<Contact>({
  name: 'engine-write-contacts',
  columns: [
    ['lane', 'smallint', ({ id }) => laneOf(id)],
    ['id', 'uuid'],
    ['userId', 'text'],
    ['email', 'text'],
    ['phone', 'text'],
    ['firstName', 'text'],
    ['lastName', 'text'],
    ['birthday', 'text'],
    ['locale', 'text'],
    ['timezone', 'text'],
    ['country', 'text'],
    ['createdAt', 'float8'],
    ['attributes', 'jsonb'],
  ],
  text: `
    INSERT INTO contact (lane, id, user_id, email, phone, first_name, last_name, birthday, locale, timezone, country, created_at, attributes)
    SELECT x.lane, x.id, x."userId", x.email, x.phone, x."firstName", x."lastName", x.birthday, x.locale, x.timezone, x.country,
           to_timestamp(x."createdAt" / 1000), x.attributes::jsonb
    FROM {rows}
    ON CONFLICT (lane, id) DO UPDATE SET
      user_id = excluded.user_id, email = excluded.email, phone = excluded.phone, first_name = excluded.first_name,
      last_name = excluded.last_name, birthday = excluded.birthday, locale = coalesce(contact.language, excluded.locale), timezone = excluded.timezone,
      country = excluded.country, created_at = excluded.created_at, attributes = excluded.attributes`,
});
