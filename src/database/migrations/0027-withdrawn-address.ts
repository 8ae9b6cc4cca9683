import { Migration } from '../migration.ts';

/**
 * A withdrawal that came by a message stands for its mailbox or number, whoever has it (rule C5a). Those of before do too,
 * unless somebody with the address has consented since.
 */
export class WithdrawnAddress1793491227000 extends Migration {
  readonly name = 'WithdrawnAddress1793491227000';
  readonly sql = `
CREATE TABLE withdrawn_address (
  channel text NOT NULL,
  -- Of the address, salted as erased addresses are: of no contact, so of no lane.
  hash text NOT NULL,
  purpose text NOT NULL,
  brand text NOT NULL DEFAULT '',
  at timestamptz NOT NULL,
  -- When the address consented again; the row stays, so that an older word that comes late changes nothing.
  lifted_at timestamptz,
  PRIMARY KEY (channel, hash, purpose, brand)
);
WITH said AS (
  SELECT s.channel, lower(CASE s.channel WHEN 'email' THEN c.email ELSE c.phone END) AS address, s.purpose, s.brand, s.state, s.at,
         EXISTS (
           SELECT FROM consent_entry e
           WHERE e.lane = s.lane AND e.contact_id = s.contact_id AND e.channel = s.channel AND e.purpose = s.purpose
             AND coalesce(e.brand, '') = s.brand AND e.at = s.at AND e.action = 'withdrawn'
             AND e.source_kind IN ('one-click', 'unsubscribe-page', 'preference-centre', 'mailto', 'reply-stop')) AS by_message
  FROM consent_state s JOIN contact c ON c.lane = s.lane AND c.id = s.contact_id
  WHERE s.state IN ('granted', 'withdrawn')
)
INSERT INTO withdrawn_address (channel, hash, purpose, brand, at)
SELECT w.channel, encode(sha256(convert_to(z.salt || ':' || w.channel || ':' || w.address, 'UTF8')), 'hex'), w.purpose, w.brand, max(w.at)
FROM said w CROSS JOIN erasure_salt z
WHERE w.state = 'withdrawn' AND w.by_message AND w.address <> ''
GROUP BY 2, w.channel, w.address, w.purpose, w.brand
HAVING NOT EXISTS (
  SELECT FROM said g
  WHERE g.state = 'granted' AND g.channel = w.channel AND g.address = w.address AND g.purpose = w.purpose AND g.brand = w.brand
    AND g.at > max(w.at));
`;
}
