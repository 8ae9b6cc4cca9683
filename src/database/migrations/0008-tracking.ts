import { Migration } from '../migration.ts';

/**
 * What comes back from a message: on the message itself what conditions ask of it, and every request of a tracked link
 * or pixel until it is known whether a person or a machine made it.
 */
export class Tracking1793491208000 extends Migration {
  readonly name = 'Tracking1793491208000';
  readonly sql = `
ALTER TABLE message
  -- The provider's word.
  ADD COLUMN delivered_at timestamptz,
  ADD COLUMN bounced_at timestamptz,
  -- The first time a person did; machines are not counted.
  ADD COLUMN opened_at timestamptz,
  ADD COLUMN clicked_at timestamptz;

CREATE TABLE hit (
  lane smallint NOT NULL,
  month date NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  message_id uuid NOT NULL,
  -- Of the message, so that its row is found in one part.
  message_month date NOT NULL,
  -- click, open, or trap: the link that no person can see.
  kind text NOT NULL,
  url text,
  at timestamptz NOT NULL,
  -- pending until what else was asked around it is known; then person or machine.
  verdict text NOT NULL,
  -- What gave a machine away.
  reason text,
  PRIMARY KEY (lane, month, id)
) PARTITION BY RANGE (month);
CREATE TABLE hit_default PARTITION OF hit DEFAULT;
CREATE INDEX hit_pending ON hit (lane, at) WHERE verdict = 'pending';
CREATE INDEX hit_message ON hit (lane, message_id, at);
`;
}
