import { Migration } from '../migration.ts';

/**
 * What stands against an address, whoever has it (rule C6, law L5): a number that has answered STOP to a sender, a
 * mailbox that does not exist. By salted hash, so that the number of somebody unknown, or erased, is kept by nobody.
 */
export class InboundTexts1793491214000 extends Migration {
  readonly name = 'InboundTexts1793491214000';
  readonly sql = `
CREATE TABLE suppressed_address (
  channel text NOT NULL,
  -- Of the address, salted as erased addresses are: of no contact, so of no lane.
  hash text NOT NULL,
  -- Empty: whatever the sender. '*': the advertising of every sender. Else the id of a sender of the policy.
  sender text NOT NULL DEFAULT '',
  reason text NOT NULL,
  at timestamptz NOT NULL,
  -- When the person took a STOP back; the row stays, so that an older word that comes late changes nothing.
  lifted_at timestamptz,
  PRIMARY KEY (channel, hash, sender, reason)
);
INSERT INTO suppressed_address (channel, hash, reason, at)
SELECT p.channel, encode(sha256(convert_to(s.salt || ':' || p.channel || ':' || lower(p.address), 'UTF8')), 'hex'), p.reason, min(p.at)
FROM suppression p CROSS JOIN erasure_salt s WHERE p.address <> '' GROUP BY 1, 2, 3;
DELETE FROM suppression WHERE address <> '';
ALTER TABLE suppression DROP CONSTRAINT suppression_pkey;
ALTER TABLE suppression DROP COLUMN address;
ALTER TABLE suppression ADD PRIMARY KEY (lane, contact_id, channel);

-- Whose number it is.
CREATE INDEX contact_phone ON contact (lane, phone) WHERE phone IS NOT NULL;

-- Text messages from people: once a message of a provider, whatever is repeated. Neither number nor words are kept.
CREATE TABLE inbound_text (
  month date NOT NULL,
  source text NOT NULL,
  provider_id text NOT NULL,
  -- stop, start, help or other.
  word text NOT NULL,
  hash text NOT NULL,
  received_at timestamptz NOT NULL,
  -- We have answered it.
  answered boolean NOT NULL DEFAULT false,
  PRIMARY KEY (month, source, provider_id)
) PARTITION BY RANGE (month);
CREATE TABLE inbound_text_default PARTITION OF inbound_text DEFAULT;
CREATE INDEX inbound_text_answered ON inbound_text (hash, received_at) WHERE answered;
`;
}
