import { Migration } from '../migration.ts';

/**
 * Double opt-in (rule C4): until when a request may be confirmed, and of which address; in the ledger, where it is hashed
 * with the rest, and in what the gate reads.
 */
export class DoubleOptIn1793491212000 extends Migration {
  readonly name = 'DoubleOptIn1793491212000';
  readonly sql = `
ALTER TABLE consent_entry ADD COLUMN expires_at timestamptz, ADD COLUMN address_mark text;
ALTER TABLE consent_state
  ADD COLUMN requested_at timestamptz,
  ADD COLUMN expires_at timestamptz,
  ADD COLUMN address_mark text,
  -- When the message that asks for the confirmation was planned: once a request.
  ADD COLUMN asked_at timestamptz;
CREATE INDEX consent_expiry ON consent_state (lane, expires_at) WHERE expires_at IS NOT NULL;

UPDATE consent_state s SET requested_at = e.requested_at
FROM (
  SELECT DISTINCT ON (lane, contact_id, channel, purpose, coalesce(brand, '')) * FROM consent_entry
  ORDER BY lane, contact_id, channel, purpose, coalesce(brand, ''), at DESC, ordinal DESC
) e
WHERE s.lane = e.lane AND s.contact_id = e.contact_id AND s.channel = e.channel AND s.purpose = e.purpose
  AND s.brand = coalesce(e.brand, '') AND e.requested_at IS NOT NULL;
`;
}
