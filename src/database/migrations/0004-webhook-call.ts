import { Migration } from '../migration.ts';

/** Calls that `webhook` steps make to other systems, cut by the month in which they were planned. */
export class WebhookCall1793491204000 extends Migration {
  readonly name = 'WebhookCall1793491204000';
  readonly sql = `
CREATE TABLE webhook_call (
  lane smallint NOT NULL,
  month date NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  enrollment_id uuid NOT NULL,
  scenario_id text NOT NULL,
  scenario_version integer NOT NULL,
  step text NOT NULL,
  method text NOT NULL,
  url text NOT NULL,
  headers jsonb NOT NULL DEFAULT '{}',
  -- Text and not JSON: what is signed is every byte of it.
  body text,
  planned_at timestamptz NOT NULL,
  status text NOT NULL,
  -- Of the next attempt; while one is being made, when its worker is taken for dead.
  due_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  status_code integer,
  error text,
  settled_at timestamptz,
  PRIMARY KEY (lane, month, id)
) PARTITION BY RANGE (month);
CREATE INDEX webhook_call_due ON webhook_call (lane, due_at) WHERE status IN ('ready', 'calling');
CREATE INDEX webhook_call_contact ON webhook_call (lane, contact_id, planned_at);
CREATE TABLE webhook_call_default PARTITION OF webhook_call DEFAULT;
`;
}
