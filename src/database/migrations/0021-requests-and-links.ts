import { Migration } from '../migration.ts';

/**
 * Requests of people that are not answered at once: whose term was extended, and why (GDPR Art. 12(3)). And the mails
 * with a link to one's own data that are still to be handed over.
 */
export class RequestsAndLinks1793491221000 extends Migration {
  readonly name = 'RequestsAndLinks1793491221000';
  readonly sql = `
ALTER TABLE rights_request
  ADD COLUMN extended_at timestamptz,
  -- complex or many; of no words that could name somebody.
  ADD COLUMN extended_because text;

CREATE TABLE link_mail (
  lane smallint NOT NULL,
  id uuid NOT NULL,
  -- Null: nobody has the address that was written, which is not kept. The row is there so that time tells nothing.
  contact_id uuid,
  asked_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (lane, id)
);
CREATE INDEX link_mail_due ON link_mail (due_at);
CREATE INDEX link_mail_contact ON link_mail (lane, contact_id);
`;
}
