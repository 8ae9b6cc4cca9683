/**
 * Every table that holds something of a contact, and what becomes of it at an export (GDPR Art. 15, 20) and at an
 * erasure (Art. 17). This is the one list: both run over it, and a test compares it with the schema, so that whoever
 * adds a table says here what becomes of it.
 */
export interface ContactTable {
  name: string;
  /** The column that tells whose row it is. */
  key: 'id' | 'contact_id';
  /** Its name in an export, and what its rows are ordered by. */
  exportedAs: string;
  order: string;
  /**
   * `delete`: no row stays. Else rows stay as statistics of nobody: each column is kept, or becomes what is written
   * here in SQL; the statement that does it is sql/anonymise.ts or sql/requests.ts.
   */
  erasure: 'delete' | Anonymised;
}

export interface Anonymised {
  kept: readonly string[];
  changed: Readonly<Record<string, string>>;
}

const gone = (
  name: string,
  exportedAs: string,
  order: string,
  key: ContactTable['key'] = 'contact_id',
): ContactTable => ({
  name,
  key,
  exportedAs,
  order,
  erasure: 'delete',
});

/** Names of columns, written one after the other. */
const columns = (names: string): string[] => names.trim().split(/\s+/);

/** What a provider or a fault says may quote the address; a word of the program's own does not. */
const OWN_WORD = (column: string): string => `CASE WHEN ${column} ~ '^[a-z0-9-]+$' THEN ${column} END`;

export const CONTACT_TABLES: readonly ContactTable[] = [
  gone('contact', 'profile', 'id', 'id'),
  gone('event', 'events', 'at, seq'),
  gone('inbox', 'waiting', 'seq'),
  gone('enrollment', 'enrollments', 'entered_at, id'),
  gone('watch', 'watches', 'scenario_id'),
  gone('captured', 'capturedMessages', 'captured_at, message_id'),
  gone('webhook_call', 'webhookCalls', 'planned_at, id'),
  gone('hit', 'clicksAndOpens', 'at, id'),
  gone('consent_state', 'consents', 'channel, purpose'),
  gone('consent_entry', 'consentLedger', 'ordinal'),
  gone('message_return', 'returns', 'at, message_id, kind'),
  gone('consent_head', 'consentChainEnds', 'ordinal'),
  gone('suppression', 'suppressions', 'at, channel'),
  gone('restriction', 'restrictions', 'at'),
  gone('rejected_event', 'rejectedEvents', 'received_at, id'),
  gone('refused_trait', 'refusedTraits', 'trait'),
  gone('link_mail', 'linksAskedFor', 'asked_at, id'),
  {
    name: 'message',
    key: 'contact_id',
    exportedAs: 'messages',
    order: 'planned_at, id',
    erasure: {
      kept: columns(`
        lane month scenario_id scenario_version programme campaign step channel template template_version
        category purpose priority sender needs_consent subject_to counts_toward parts send_window
        planned_at expires_at due_at held_until holds_until settled_at gate rule judged attempts
        delivered_at bounced_at opened_at clicked_at`),
      changed: {
        id: 'f.fresh',
        contact_id: '$3::uuid',
        enrollment_id: 'NULL',
        data: `'{}'`,
        provider_id: 'NULL',
        lease_until: 'NULL',
        handing_to: 'NULL',
        handing_by: 'NULL',
        reason: OWN_WORD('t.reason'),
        // What waited is cancelled. What a process had taken may have left: unknown, and it keeps its room (rule D3).
        status: `CASE t.status WHEN 'held' THEN 'cancelled' WHEN 'ready' THEN 'cancelled' WHEN 'handing' THEN 'unknown' ELSE t.status END`,
        counted_at: `CASE WHEN t.status IN ('held', 'ready') THEN NULL ELSE t.counted_at END`,
      },
    },
  },
  {
    name: 'decision',
    key: 'contact_id',
    exportedAs: 'decisions',
    order: 'at, message_id, ordinal',
    erasure: {
      kept: ['lane', 'month', 'ordinal', 'at', 'verdict', 'gate', 'rule', 'until', 'policy_version'],
      changed: {
        message_id: 'f.fresh',
        contact_id: '$3::uuid',
        reason: OWN_WORD('t.reason'),
        gates: `CASE WHEN t.reason IS NULL OR t.reason ~ '^[a-z0-9-]+$' THEN t.gates ELSE '[]' END`,
      },
    },
  },
  {
    name: 'rights_request',
    key: 'contact_id',
    exportedAs: 'requests',
    order: 'received_at, id',
    erasure: {
      kept: columns(`
        lane id reference kind origin received_at due_at extended_at extended_because state done_at done_by report`),
      changed: { contact_id: 'NULL' },
    },
  },
];

/** Tables with a lane of their own: an address, from which an erasure takes its contact by a statement of its own. */
export const LANE_TABLES_OF_NOBODY: readonly string[] = ['lane', 'address'];
