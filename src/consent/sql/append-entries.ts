import type { Statement } from '../../database/index.ts';
import type { ConsentAction, ConsentState, LegalBasis } from '../state.ts';

/** Adds rows to the ledger, as a JSON array. */
export const appendEntries: Statement = {
  name: 'consent-append-entries',
  text: `
    INSERT INTO consent_entry (lane, contact_id, ordinal, recorded_at, at, channel, purpose, action, legal_basis, source_kind,
                               source_reference, text_version, text, ip, user_agent, brand, requested_at, expires_at, address_mark,
                               previous_hash, hash)
    SELECT x.lane, x."contactId", x.ordinal, to_timestamp(x."recordedAt" / 1000), to_timestamp(x.at / 1000), x.channel, x.purpose,
           x.action, x."legalBasis", x."sourceKind", x."sourceReference", x."textVersion", x.text, x.ip, x."userAgent",
           x.brand, to_timestamp(x."requestedAt" / 1000), to_timestamp(x."expiresAt" / 1000), x."addressMark", x."previousHash", x.hash
    FROM json_to_recordset($1::json) AS x(
      lane smallint, "contactId" uuid, ordinal integer, "recordedAt" float8, at float8, channel text, purpose text, action text,
      "legalBasis" text, "sourceKind" text, "sourceReference" text, "textVersion" text, text text, ip text, "userAgent" text,
      brand text, "requestedAt" float8, "expiresAt" float8, "addressMark" text, "previousHash" text, hash text)`,
};

/** Notes where the chains of these contacts end, as a JSON array. */
export const writeHeads: Statement = {
  name: 'consent-write-heads',
  text: `
    INSERT INTO consent_head (lane, contact_id, ordinal, hash)
    SELECT x.lane, x."contactId", x.ordinal, x.hash
    FROM json_to_recordset($1::json) AS x(lane smallint, "contactId" uuid, ordinal integer, hash text)
    ON CONFLICT (lane, contact_id) DO UPDATE SET ordinal = excluded.ordinal, hash = excluded.hash`,
};

/** The last entries of the contacts of lanes $1 and ids $2. */
export const lastEntries: Statement<{ contactId: string; ordinal: number; hash: string }> = {
  name: 'consent-last-entries',
  text: `
    SELECT k.id AS "contactId", e.ordinal, e.hash FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    CROSS JOIN LATERAL (
      SELECT ordinal, hash FROM consent_entry WHERE lane = k.lane AND contact_id = k.id ORDER BY ordinal DESC LIMIT 1
    ) e`,
};

/** Brings the state up to the ledger: per channel, purpose and brand the last of the rows given, unless a later word is known. */
export const writeStates: Statement = {
  name: 'consent-write-states',
  text: `
    INSERT INTO consent_state (lane, contact_id, channel, purpose, brand, state, at, legal_basis, requested_at, expires_at, address_mark)
    SELECT x.lane, x."contactId", x.channel, x.purpose, coalesce(x.brand, ''), x.state, to_timestamp(x.at / 1000), x."legalBasis",
           to_timestamp(x."requestedAt" / 1000), to_timestamp(x."expiresAt" / 1000), x."addressMark"
    FROM json_to_recordset($1::json) AS x(
      lane smallint, "contactId" uuid, channel text, purpose text, brand text, state text, at float8, "legalBasis" text,
      "requestedAt" float8, "expiresAt" float8, "addressMark" text)
    ON CONFLICT (lane, contact_id, channel, purpose, brand)
    DO UPDATE SET state = excluded.state, at = excluded.at, legal_basis = excluded.legal_basis,
      requested_at = excluded.requested_at, expires_at = excluded.expires_at, address_mark = excluded.address_mark,
      asked_at = CASE WHEN consent_state.state = 'pending' AND excluded.state = 'pending'
                       AND consent_state.requested_at IS NOT DISTINCT FROM excluded.requested_at THEN consent_state.asked_at END
    WHERE excluded.at >= consent_state.at`,
};

/** What the contacts of lanes $1 and ids $2 have said last, by channel, purpose and brand. */
export const statesOf: Statement<ConsentState & { contactId: string; lane: number }> = {
  name: 'consent-states-of',
  text: `
    SELECT s.lane, s.contact_id AS "contactId", s.channel, s.purpose, nullif(s.brand, '') AS brand, s.state, s.at,
           s.legal_basis AS "legalBasis", s.requested_at AS "requestedAt", s.expires_at AS "expiresAt",
           s.address_mark AS "addressMark", s.asked_at AS "askedAt"
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN consent_state s ON s.lane = k.lane AND s.contact_id = k.id`,
};

/** The columns of an entry; `exact` tells that its instants are whole milliseconds, as they were written. */
const ENTRY_COLUMNS = `e.lane, e.contact_id AS "contactId", e.ordinal, e.recorded_at AS "recordedAt", e.at, e.channel, e.purpose, e.action,
           e.legal_basis AS "legalBasis", e.source_kind AS "sourceKind", e.source_reference AS "sourceReference",
           e.text_version AS "textVersion", e.text, e.ip, e.user_agent AS "userAgent", e.brand, e.requested_at AS "requestedAt",
           e.expires_at AS "expiresAt", e.address_mark AS "addressMark", e.previous_hash AS "previousHash", e.hash,
           (date_trunc('milliseconds', e.recorded_at), date_trunc('milliseconds', e.at), date_trunc('milliseconds', e.requested_at),
            date_trunc('milliseconds', e.expires_at)) IS NOT DISTINCT FROM (e.recorded_at, e.at, e.requested_at, e.expires_at) AS exact`;

/** The whole chains of the contacts of lanes $1 and ids $2. */
export const chainsOf: Statement<ChainRow> = {
  name: 'consent-chains-of',
  text: `
    SELECT ${ENTRY_COLUMNS}
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN consent_entry e ON e.lane = k.lane AND e.contact_id = k.id
    ORDER BY e.lane, e.contact_id, e.ordinal`,
};

/** At most $4 entries of contact $2 in lane $1, after ordinal $3. */
export const chainPage: Statement<ChainRow> = {
  name: 'consent-chain-page',
  text: `
    SELECT ${ENTRY_COLUMNS}
    FROM consent_entry e WHERE e.lane = $1 AND e.contact_id = $2 AND e.ordinal > $3 ORDER BY e.ordinal LIMIT $4`,
};

/** Where the chains of the contacts of lanes $1 and ids $2 end. */
export const headsOf: Statement<{ contactId: string; lane: number; ordinal: number; hash: string }> = {
  name: 'consent-heads-of',
  text: `
    SELECT h.lane, h.contact_id AS "contactId", h.ordinal, h.hash
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN consent_head h ON h.lane = k.lane AND h.contact_id = k.id`,
};

/** At most $3 contacts of lane $1 of whom anything about consent is kept, after id $2, in the order of their ids. */
export const contactsWithConsent: Statement<{ contactId: string }> = {
  name: 'consent-contacts',
  text: `
    SELECT DISTINCT k.contact_id AS "contactId" FROM (
      (SELECT DISTINCT contact_id FROM consent_entry WHERE lane = $1 AND contact_id > $2 ORDER BY contact_id LIMIT $3)
      UNION ALL
      (SELECT contact_id FROM consent_head WHERE lane = $1 AND contact_id > $2 ORDER BY contact_id LIMIT $3)
      UNION ALL
      (SELECT DISTINCT contact_id FROM consent_state WHERE lane = $1 AND contact_id > $2 ORDER BY contact_id LIMIT $3)
    ) k
    ORDER BY 1 LIMIT $3`,
};

export interface ChainRow {
  lane: number;
  contactId: string;
  ordinal: number;
  recordedAt: number;
  at: number;
  channel: string;
  purpose: string;
  action: ConsentAction;
  legalBasis: LegalBasis | null;
  sourceKind: string;
  sourceReference: string | null;
  textVersion: string | null;
  text: string | null;
  ip: string | null;
  userAgent: string | null;
  brand: string | null;
  requestedAt: number | null;
  expiresAt: number | null;
  addressMark: string | null;
  exact: boolean;
  previousHash: string;
  hash: string;
}
