import type { Statement } from '../../database/index.ts';

/** Adds rows to the ledger, as a JSON array. */
export const appendEntries: Statement = {
  name: 'consent-append-entries',
  text: `
    INSERT INTO consent_entry (lane, contact_id, ordinal, recorded_at, at, channel, purpose, action, legal_basis, source_kind,
                               source_reference, text_version, text, ip, user_agent, previous_hash, hash)
    SELECT x.lane, x."contactId", x.ordinal, to_timestamp(x."recordedAt" / 1000), to_timestamp(x.at / 1000), x.channel, x.purpose,
           x.action, x."legalBasis", x."sourceKind", x."sourceReference", x."textVersion", x.text, x.ip, x."userAgent",
           x."previousHash", x.hash
    FROM json_to_recordset($1::json) AS x(
      lane smallint, "contactId" uuid, ordinal integer, "recordedAt" float8, at float8, channel text, purpose text, action text,
      "legalBasis" text, "sourceKind" text, "sourceReference" text, "textVersion" text, text text, ip text, "userAgent" text,
      "previousHash" text, hash text)`,
};

/** The last entry of contact $2 in lane $1. */
export const lastEntry: Statement<{ ordinal: number; hash: string }> = {
  name: 'consent-last-entry',
  text: 'SELECT ordinal, hash FROM consent_entry WHERE lane = $1 AND contact_id = $2 ORDER BY ordinal DESC LIMIT 1',
};

/** Brings the state up to the ledger: per channel and purpose the last of the rows given, unless a later word is known. */
export const writeStates: Statement = {
  name: 'consent-write-states',
  text: `
    INSERT INTO consent_state (lane, contact_id, channel, purpose, state, at, legal_basis)
    SELECT x.lane, x."contactId", x.channel, x.purpose, x.state, to_timestamp(x.at / 1000), x."legalBasis"
    FROM json_to_recordset($1::json) AS x(
      lane smallint, "contactId" uuid, channel text, purpose text, state text, at float8, "legalBasis" text)
    ON CONFLICT (lane, contact_id, channel, purpose)
    DO UPDATE SET state = excluded.state, at = excluded.at, legal_basis = excluded.legal_basis
    WHERE excluded.at >= consent_state.at`,
};

/** What contact $2 of lane $1 has said last, by channel and purpose. */
export const statesOf: Statement<{
  channel: string;
  purpose: string;
  state: string;
  at: number;
  legalBasis: string | null;
}> = {
  name: 'consent-states-of',
  text: 'SELECT channel, purpose, state, at, legal_basis AS "legalBasis" FROM consent_state WHERE lane = $1 AND contact_id = $2',
};

/** The whole chain of contact $2 of lane $1. */
export const chainOf: Statement<ChainRow> = {
  name: 'consent-chain-of',
  text: `
    SELECT contact_id AS "contactId", ordinal, recorded_at AS "recordedAt", at, channel, purpose, action,
           legal_basis AS "legalBasis", source_kind AS "sourceKind", source_reference AS "sourceReference",
           text_version AS "textVersion", text, ip, user_agent AS "userAgent", previous_hash AS "previousHash", hash
    FROM consent_entry WHERE lane = $1 AND contact_id = $2 ORDER BY ordinal`,
};

export interface ChainRow {
  contactId: string;
  ordinal: number;
  recordedAt: number;
  at: number;
  channel: string;
  purpose: string;
  action: 'granted' | 'withdrawn' | 'refused' | 'pending';
  legalBasis: 'consent' | 'soft-opt-in' | 'contract' | 'legitimate-interest' | null;
  sourceKind: string;
  sourceReference: string | null;
  textVersion: string | null;
  text: string | null;
  ip: string | null;
  userAgent: string | null;
  previousHash: string;
  hash: string;
}
