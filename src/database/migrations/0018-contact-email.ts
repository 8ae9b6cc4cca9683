import { Migration } from '../migration.ts';

/** Whoever asks for a link to their own data names an address, and no lane (rule C8). */
export class ContactEmail1793491218000 extends Migration {
  readonly name = 'ContactEmail1793491218000';
  readonly sql = `CREATE INDEX contact_lower_email ON contact (lower(email)) WHERE email IS NOT NULL;`;
}
