import type { MonthlyTable, Statement } from '../../database/index.ts';
import type { Cuts } from './retention.ts';

/** A table cut by month, and which of its old rows are still needed. */
export interface OldRows {
  table: MonthlyTable;
  /** Which span of the policy it is kept for. */
  span: keyof Cuts['months'];
  /** SQL over the row `t`; `$2` on are `values`. */
  needed: string;
  values: readonly unknown[];
  /** What the needed rows are, for people. */
  because: string;
  /** False: its rows are of no contact, so of no lane. */
  ofContacts?: boolean;
}

const RESTRICTED = 't.contact_id = ANY (ARRAY(SELECT r.contact_id FROM restriction r WHERE r.lane = t.lane))';
const restricted = (table: MonthlyTable, span: OldRows['span'] = 'messages'): OldRows => ({
  table,
  span,
  needed: RESTRICTED,
  values: [],
  because: 'of restricted contacts',
});

/**
 * What goes by month, in this order, and what of it stays longer than the policy says because something else is decided
 * by it. The ledger is no part of this: proof of consent goes with the contact alone, and the links of old mails need no
 * row but theirs.
 */
export function oldRows(cuts: Cuts): OldRows[] {
  return [
    {
      table: 'event',
      span: 'events',
      needed: `t.name = ANY ($2::text[]) OR ${RESTRICTED}`,
      values: [cuts.sales],
      because: 'sales, on which a soft opt-in rests, or of restricted contacts',
    },
    {
      table: 'message',
      span: 'messages',
      needed: `t.status IN ('held', 'ready', 'handing') OR t.counted_at > to_timestamp($2::float8 / 1000)
        OR (t.purpose = ANY ($3::text[]) AND t.status IN ('sent', 'unknown')) OR ${RESTRICTED}`,
      values: [cuts.sendsSince, cuts.once],
      because: 'waiting, counted by a pressure rule, the one message of a referral, or of restricted contacts',
    },
    {
      table: 'decision',
      span: 'messages',
      needed: 'EXISTS (SELECT FROM message m WHERE m.lane = t.lane AND m.month = t.month AND m.id = t.message_id)',
      values: [],
      because: 'of messages that stay',
    },
    restricted('captured'),
    restricted('hit'),
    restricted('message_return'),
    // Hashes of numbers, by which a text that is told again is known, and how many were answered today.
    { table: 'inbound_text', span: 'messages', needed: 'false', values: [], because: 'needed', ofContacts: false },
    {
      table: 'webhook_call',
      span: 'webhookCalls',
      needed: `t.status IN ('ready', 'calling') OR ${RESTRICTED}`,
      values: [],
      because: 'under way, or of restricted contacts',
    },
  ];
}

/** Rows that are older than $1 by month: how many go, how many stay, and the oldest month of those that go. Of all lanes. */
export const countOld = ({
  table,
  needed,
  ofContacts = true,
}: OldRows): Statement<{ goes: number; stays: number; oldest: string | null }> => ({
  name: `retention-count-${table}`,
  text: `
    SELECT count(*) FILTER (WHERE NOT o.needed)::int AS goes, count(*) FILTER (WHERE o.needed)::int AS stays,
           to_char(min(o.month) FILTER (WHERE NOT o.needed), 'YYYY-MM') AS oldest
    FROM (SELECT t.month, coalesce(${needed}, false) AS needed FROM ${table} t WHERE ${ofContacts ? 't.lane >= 0 AND ' : ''}t.month < $1::date) o`,
});

/** Whether a part has rows before $1 that are needed. */
export const hasNeeded = ({ needed }: OldRows, part: string): Statement<{ some: boolean }> => ({
  name: '',
  text: `SELECT EXISTS (SELECT FROM ${part} t WHERE t.month < $1::date AND (${needed})) AS some`,
});

/** Deletes up to so many rows of a part that are before $1 and not needed; one row of the answer for each. */
export const deleteOld = ({ needed }: OldRows, part: string, most: number): Statement => ({
  name: '',
  text: `
    DELETE FROM ${part} WHERE ctid = ANY (ARRAY(
      SELECT t.ctid FROM ${part} t WHERE t.month < $1::date AND NOT coalesce(${needed}, false) LIMIT ${most}))
    RETURNING 1`,
});
