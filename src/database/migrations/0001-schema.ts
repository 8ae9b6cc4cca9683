import { Migration } from '../migration.ts';

/**
 * The first schema. Rules that shape it (docs/architecture.md):
 *  * every contact-scoped table has `lane` first in its primary key, and every unique key contains it;
 *  * tables that grow for ever are cut by month, so that an old month is dropped and never deleted row by row;
 *  * no foreign keys between contact tables, and no sequence that lanes share.
 */
export class Schema1793491200000 extends Migration {
  readonly name = 'Schema1793491200000';
  readonly sql = SCHEMA;
}

const SCHEMA = `
CREATE TABLE lane (
  lane smallint PRIMARY KEY
);
INSERT INTO lane SELECT generate_series(0, 63);

CREATE TABLE contact (
  lane smallint NOT NULL,
  id uuid NOT NULL,
  user_id text,
  email text,
  phone text,
  first_name text,
  last_name text,
  birthday text,
  locale text,
  timezone text,
  country text,
  created_at timestamptz NOT NULL,
  attributes jsonb NOT NULL DEFAULT '{}',
  max_per_week integer,
  pause_until timestamptz,
  PRIMARY KEY (lane, id)
);

CREATE TABLE event (
  lane smallint NOT NULL,
  month date NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  -- What the backend calls the contact; null for an anonymous visitor.
  user_id text,
  seq bigint NOT NULL,
  type text NOT NULL,
  name text NOT NULL,
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  properties jsonb NOT NULL,
  context jsonb,
  historical boolean NOT NULL DEFAULT false,
  active boolean NOT NULL DEFAULT true,
  PRIMARY KEY (lane, month, id)
) PARTITION BY RANGE (month);
CREATE INDEX event_contact ON event (lane, contact_id, name, at);

CREATE TABLE inbox (
  lane smallint NOT NULL,
  seq bigint NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  received_at timestamptz NOT NULL,
  kind text NOT NULL,
  -- For an event: where the event is; its content is read from there.
  month date,
  -- For the other kinds: what happened.
  body jsonb,
  PRIMARY KEY (lane, seq, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE TABLE enrollment (
  lane smallint NOT NULL,
  contact_id uuid NOT NULL,
  id uuid NOT NULL,
  scenario_id text NOT NULL,
  scenario_version integer NOT NULL,
  key text NOT NULL DEFAULT '',
  status text NOT NULL,
  state jsonb NOT NULL,
  entry jsonb,
  entered_at timestamptz NOT NULL,
  step_entered_at timestamptz NOT NULL,
  ended_at timestamptz,
  converted_at timestamptz,
  due_at timestamptz,
  planned integer NOT NULL DEFAULT 0,
  reason text,
  PRIMARY KEY (lane, contact_id, id)
);
CREATE UNIQUE INDEX enrollment_live ON enrollment (lane, contact_id, scenario_id, key) WHERE ended_at IS NULL;
CREATE INDEX enrollment_due ON enrollment (lane, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE watch (
  lane smallint NOT NULL,
  contact_id uuid NOT NULL,
  scenario_id text NOT NULL,
  due_at timestamptz,
  fired jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (lane, contact_id, scenario_id)
);
CREATE INDEX watch_due ON watch (lane, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE message (
  lane smallint NOT NULL,
  month date NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  enrollment_id uuid,
  scenario_id text NOT NULL,
  scenario_version integer NOT NULL,
  programme text NOT NULL,
  step text NOT NULL,
  channel text NOT NULL,
  template text NOT NULL,
  template_version integer NOT NULL,
  category text NOT NULL,
  purpose text NOT NULL,
  priority smallint NOT NULL,
  sender text NOT NULL,
  needs_consent boolean NOT NULL,
  subject_to boolean NOT NULL,
  counts_toward boolean NOT NULL,
  send_window text,
  data jsonb NOT NULL DEFAULT '{}',
  planned_at timestamptz NOT NULL,
  expires_at timestamptz,
  status text NOT NULL,
  due_at timestamptz NOT NULL,
  held_until timestamptz,
  counted_at timestamptz,
  settled_at timestamptz,
  gate text,
  reason text,
  rule text,
  judged integer NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0,
  lease_until timestamptz,
  -- What the provider calls it, for reports that come back.
  provider_id text,
  PRIMARY KEY (lane, month, id)
) PARTITION BY RANGE (month);
CREATE INDEX message_pending ON message (lane, contact_id) WHERE status IN ('held', 'ready', 'handing');
-- What the windows count, and every message of one contact.
CREATE INDEX message_contact ON message (lane, contact_id, counted_at);
CREATE INDEX message_held ON message (lane, due_at) WHERE status = 'held';
CREATE INDEX message_ready ON message (lane, priority DESC, due_at) WHERE status = 'ready';
CREATE INDEX message_handing ON message (lane, lease_until) WHERE status = 'handing';

CREATE TABLE decision (
  lane smallint NOT NULL,
  month date NOT NULL,
  message_id uuid NOT NULL,
  ordinal integer NOT NULL,
  contact_id uuid NOT NULL,
  at timestamptz NOT NULL,
  verdict text NOT NULL,
  gate text,
  reason text,
  rule text,
  until timestamptz,
  policy_version integer NOT NULL,
  gates jsonb NOT NULL,
  -- The message's month, not the decision's: a message and its decisions are dropped together.
  PRIMARY KEY (lane, month, message_id, ordinal)
) PARTITION BY RANGE (month);

-- What went to the captured outbox because a channel is not configured.
CREATE TABLE captured (
  lane smallint NOT NULL,
  month date NOT NULL,
  message_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  channel text NOT NULL,
  recipient text NOT NULL,
  sender text NOT NULL,
  subject text,
  html text,
  text text NOT NULL,
  headers jsonb NOT NULL DEFAULT '{}',
  captured_at timestamptz NOT NULL,
  PRIMARY KEY (lane, month, message_id)
) PARTITION BY RANGE (month);
CREATE INDEX captured_recent ON captured (captured_at DESC);

CREATE TABLE event_default PARTITION OF event DEFAULT;
CREATE TABLE message_default PARTITION OF message DEFAULT;
CREATE TABLE decision_default PARTITION OF decision DEFAULT;
CREATE TABLE captured_default PARTITION OF captured DEFAULT;

-- The consent ledger (rule C2): append-only, chained by hash within a contact.
CREATE TABLE consent_entry (
  lane smallint NOT NULL,
  contact_id uuid NOT NULL,
  ordinal integer NOT NULL,
  recorded_at timestamptz NOT NULL,
  at timestamptz NOT NULL,
  channel text NOT NULL,
  purpose text NOT NULL,
  action text NOT NULL,
  legal_basis text,
  source_kind text NOT NULL,
  source_reference text,
  text_version text,
  text text,
  ip text,
  user_agent text,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (lane, contact_id, ordinal)
);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consent_entry_append_only BEFORE UPDATE OR DELETE ON consent_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_entry_no_truncate BEFORE TRUNCATE ON consent_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the ledger says now: derived, so that the gate reads one row instead of a history.
CREATE TABLE consent_state (
  lane smallint NOT NULL,
  contact_id uuid NOT NULL,
  channel text NOT NULL,
  purpose text NOT NULL,
  state text NOT NULL,
  at timestamptz NOT NULL,
  legal_basis text,
  PRIMARY KEY (lane, contact_id, channel, purpose)
);

CREATE TABLE suppression (
  lane smallint NOT NULL,
  contact_id uuid NOT NULL,
  -- '*' stands for every channel; an empty address for every address of the contact.
  channel text NOT NULL,
  address text NOT NULL DEFAULT '',
  reason text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (lane, contact_id, channel, address)
);

-- Published, immutable versions (rule D8).
CREATE TABLE scenario_version (
  scenario_id text NOT NULL,
  version integer NOT NULL,
  hash text NOT NULL,
  source text NOT NULL,
  path text NOT NULL,
  published_at timestamptz NOT NULL,
  -- Set when the scenario takes nobody in any more; those inside go on.
  retired_at timestamptz,
  PRIMARY KEY (scenario_id, version)
);
CREATE TABLE policy_version (
  version integer PRIMARY KEY,
  hash text NOT NULL,
  source text NOT NULL,
  published_at timestamptz NOT NULL
);
CREATE TABLE template_version (
  template_id text NOT NULL,
  version integer NOT NULL,
  hash text NOT NULL,
  -- Relative path -> content.
  files jsonb NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (template_id, version)
);
-- One row: rises with every publication; an engine that sees a new number loads the library again.
CREATE TABLE library (
  "only" boolean PRIMARY KEY DEFAULT true CHECK ("only"),
  revision integer NOT NULL
);
INSERT INTO library (revision) VALUES (0);

CREATE TABLE account (
  email text PRIMARY KEY,
  password_hash text NOT NULL,
  role text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE api_key (
  hash text PRIMARY KEY,
  label text NOT NULL,
  scope text NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);

-- A fault of the sender pauses a channel (rule D10) until somebody lifts it or the probe succeeds.
CREATE TABLE channel_pause (
  channel text PRIMARY KEY,
  reason text NOT NULL,
  paused_at timestamptz NOT NULL,
  until timestamptz
);
`;
