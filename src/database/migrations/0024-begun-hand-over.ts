import { Migration } from '../migration.ts';

/** What is being handed over names the address it goes to, as the hash its lock goes by: whoever suppresses it waits for that. */
export class BegunHandOver1793491224000 extends Migration {
  readonly name = 'BegunHandOver1793491224000';
  readonly sql = `
ALTER TABLE message ADD COLUMN handing_to integer;
-- Whose exchange it is: another may have begun the same attempt where ours was never committed.
ALTER TABLE message ADD COLUMN handing_by integer;
`;
}
