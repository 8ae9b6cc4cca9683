import { Migration } from '../migration.ts';

/** The language a contact has chosen in the preference centre; its limits have their columns already. */
export class Preferences1793491213000 extends Migration {
  readonly name = 'Preferences1793491213000';
  readonly sql = `
ALTER TABLE contact ADD COLUMN language text;
`;
}
