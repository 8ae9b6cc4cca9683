import { Migration } from '../migration.ts';

/**
 * Who shares an address (rule P12): a row each address that a message was judged for, locked while that is done. Its id
 * is a hash of channel and address, and its lane is the hash's: contacts of any lanes meet there.
 */
export class Address1793491217000 extends Migration {
  readonly name = 'Address1793491217000';
  readonly sql = `
CREATE TABLE address (
  lane smallint NOT NULL,
  id uuid NOT NULL,
  holders uuid[] NOT NULL,
  PRIMARY KEY (lane, id)
);
-- An erasure takes a contact out of every address it ever had.
CREATE INDEX address_holders ON address USING gin (holders);

INSERT INTO address (lane, id, holders)
SELECT get_byte(decode(left(h, 2), 'hex'), 0) % 64, h::uuid, array_agg(contact_id)
FROM (
  SELECT left(encode(sha256(convert_to(k.channel || chr(10) || lower(k.address), 'UTF8')), 'hex'), 32) AS h, c.id AS contact_id
  FROM contact c CROSS JOIN LATERAL (VALUES ('email', c.email), ('sms', c.phone)) AS k(channel, address)
  WHERE k.address <> ''
) held
GROUP BY h;
`;
}
