import { Migration } from '../migration.ts';

/**
 * People's rights (rule C8): the requests and their clock, what refuses an erased address, and the one door through
 * which a ledger may be deleted: inside a transaction that has named the contact it erases.
 */
export class Rights1793491211000 extends Migration {
  readonly name = 'Rights1793491211000';
  readonly sql = `
CREATE TABLE rights_request (
  lane smallint NOT NULL,
  id uuid NOT NULL,
  -- Null once the contact is erased.
  contact_id uuid,
  -- The contact's salted hash: tells its requests from others when nothing else is left.
  reference text NOT NULL,
  kind text NOT NULL,
  -- Who brought it: api, cli or person.
  origin text NOT NULL,
  received_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  state text NOT NULL,
  done_at timestamptz,
  done_by text,
  -- Numbers only: what was erased, exported or changed.
  report jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (lane, id)
);
CREATE INDEX rights_request_contact ON rights_request (lane, contact_id);
CREATE INDEX rights_request_open ON rights_request (due_at) WHERE state = 'open';

-- Addresses and contacts that were erased, as salted hashes: of no contact, so of no lane.
CREATE TABLE erased_address (
  hash text PRIMARY KEY,
  at timestamptz NOT NULL
);
CREATE TABLE erasure_salt (
  "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
  salt text NOT NULL
);
INSERT INTO erasure_salt (salt) VALUES (replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));

CREATE FUNCTION refuse_change_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('relance.erasing', true) = OLD.contact_id::text THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER consent_entry_append_only ON consent_entry;
CREATE TRIGGER consent_entry_append_only BEFORE UPDATE OR DELETE ON consent_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change_but_erasure();
`;
}
