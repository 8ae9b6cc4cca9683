import { Migration } from '../migration.ts';

/**
 * Whose processing is restricted (GDPR Art. 18), what the retention job has removed and when, and what it keeps of
 * events before it removes them: when a contact was last heard of, and when it last bought something.
 */
export class RestrictionAndRetention1793491215000 extends Migration {
  readonly name = 'RestrictionAndRetention1793491215000';
  readonly sql = `
CREATE TABLE restriction (
  lane smallint NOT NULL,
  contact_id uuid NOT NULL,
  at timestamptz NOT NULL,
  -- Lifted, and the engine has not taken note of it yet: what arrived meanwhile goes before what fell due.
  lifted_at timestamptz,
  PRIMARY KEY (lane, contact_id)
);

ALTER TABLE contact
  -- As far as events tell that are no longer kept.
  ADD COLUMN last_active_at timestamptz,
  ADD COLUMN last_sale_at timestamptz;

CREATE TABLE retention_run (
  id uuid PRIMARY KEY,
  started_at timestamptz NOT NULL,
  started_by text NOT NULL,
  -- running, done, stopped or failed.
  state text NOT NULL,
  -- A sign of life: whoever has given none for minutes is dead.
  seen_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- Numbers only.
  report jsonb NOT NULL DEFAULT '{}'
);
`;
}
