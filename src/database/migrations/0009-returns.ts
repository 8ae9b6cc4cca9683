import { Migration } from '../migration.ts';

/**
 * What providers send back: which messages came back and how, how many by sending domain and hour, and whether a
 * domain's marketing is stopped. No address is kept here, only a mark of it.
 */
export class Returns1793491209000 extends Migration {
  readonly name = 'Returns1793491209000';
  readonly sql = `
CREATE TABLE message_return (
  lane smallint NOT NULL,
  -- Of the message, so that both are dropped together.
  month date NOT NULL,
  message_id uuid NOT NULL,
  -- hard, soft, sender-fault, unknown or complaint: each once a message, however often it is reported.
  kind text NOT NULL,
  contact_id uuid NOT NULL,
  mark text NOT NULL,
  at timestamptz NOT NULL,
  source text NOT NULL,
  status text,
  reason text NOT NULL,
  PRIMARY KEY (lane, month, message_id, kind)
) PARTITION BY RANGE (month);
CREATE TABLE message_return_default PARTITION OF message_return DEFAULT;
CREATE INDEX message_return_soft ON message_return (lane, contact_id, at) WHERE kind = 'soft';

-- Reports of text messages that know only the provider's id.
CREATE INDEX message_provider ON message (lane, provider_id) WHERE channel = 'sms';

CREATE TABLE delivery_count (
  domain text NOT NULL,
  hour timestamptz NOT NULL,
  handed integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  bounced integer NOT NULL DEFAULT 0,
  complained integer NOT NULL DEFAULT 0,
  PRIMARY KEY (domain, hour)
);
CREATE TABLE breaker (
  domain text PRIMARY KEY,
  -- closed, warned or stopped.
  state text NOT NULL,
  cause text,
  rate double precision,
  since timestamptz NOT NULL,
  -- Set when it was lifted: what was counted before does not stop it again.
  counted_from timestamptz
);
`;
}
