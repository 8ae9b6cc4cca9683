import { Migration } from '../migration.ts';

/**
 * Tokens of signed calls that were taken: whoever got hold of one signs nothing else with it. The provider's signature
 * covers the token, and not what the call says. No contact's, so of no lane.
 */
export class SpentToken1793491228000 extends Migration {
  readonly name = 'SpentToken1793491228000';
  readonly sql = `
CREATE TABLE spent_token (
  source text NOT NULL,
  hash text NOT NULL,
  -- The signature itself is too old from here on.
  until timestamptz NOT NULL,
  PRIMARY KEY (source, hash)
);
CREATE INDEX spent_token_until ON spent_token (until);
`;
}
