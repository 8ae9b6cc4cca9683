import { Migration } from '../migration.ts';

/** Where those stand whose idle period had run out before an inactivity trigger was published, or before they were imported. */
export class InactivityLine1793491232000 extends Migration {
  readonly name = 'InactivityLine1793491232000';
  readonly sql = `
CREATE TABLE inactivity_line (
  scenario_id text PRIMARY KEY,
  -- When the first place's turn was; each day after that has as many places as the trigger says.
  since timestamptz NOT NULL,
  taken bigint NOT NULL
);
`;
}
