import { Migration } from '../migration.ts';

/**
 * Consent by brand, the instant at which a confirmed consent was asked for, and the end of each chain kept apart from it:
 * without that nobody could see that a ledger's last entries are missing. While processes are replaced one after the
 * other, those of before cannot write consent: their callers get an error and send again, nothing is lost.
 */
export class Consent1793491207000 extends Migration {
  readonly name = 'Consent1793491207000';
  readonly sql = `
ALTER TABLE consent_entry ADD COLUMN brand text, ADD COLUMN requested_at timestamptz;
ALTER TABLE consent_state ADD COLUMN brand text NOT NULL DEFAULT '';
ALTER TABLE consent_state DROP CONSTRAINT consent_state_pkey, ADD PRIMARY KEY (lane, contact_id, channel, purpose, brand);

-- Where each contact's chain ends (rule C2).
CREATE TABLE consent_head (
  lane smallint NOT NULL,
  contact_id uuid NOT NULL,
  ordinal integer NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (lane, contact_id)
);
INSERT INTO consent_head (lane, contact_id, ordinal, hash)
SELECT DISTINCT ON (lane, contact_id) lane, contact_id, ordinal, hash FROM consent_entry ORDER BY lane, contact_id, ordinal DESC;
`;
}
