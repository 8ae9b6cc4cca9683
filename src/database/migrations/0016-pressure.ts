import { Migration } from '../migration.ts';

/** What pressure counts besides the message itself: its campaign, and the parts of a text message. */
export class Pressure1793491216000 extends Migration {
  readonly name = 'Pressure1793491216000';
  readonly sql = `
ALTER TABLE message ADD COLUMN campaign text, ADD COLUMN parts smallint NOT NULL DEFAULT 1;
`;
}
