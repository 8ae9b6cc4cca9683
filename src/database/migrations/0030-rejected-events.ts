import { Migration } from '../migration.ts';

/** What could not be read of what backends sent: calls of batches, for some days, and traits, until they are right. */
export class RejectedEvents1793491230000 extends Migration {
  readonly name = 'RejectedEvents1793491230000';
  readonly sql = `
CREATE TABLE rejected_event (
  lane smallint NOT NULL,
  -- Made of what was sent: the same call sent again is the same row.
  id uuid NOT NULL,
  -- Null where the call does not tell whose it is: then body has names and types, and no values.
  contact_id uuid,
  user_id text,
  received_at timestamptz NOT NULL,
  type text,
  path text NOT NULL,
  detail text NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (lane, id)
);
CREATE INDEX rejected_event_latest ON rejected_event (received_at, id);

CREATE TABLE refused_trait (
  lane smallint NOT NULL,
  contact_id uuid NOT NULL,
  trait text NOT NULL,
  value text NOT NULL,
  message text NOT NULL,
  hint text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (lane, contact_id, trait)
);
`;
}
