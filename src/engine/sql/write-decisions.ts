import { rowsStatement } from '../../database/index.ts';
import type { Decision } from '../../gate/index.ts';
import { laneOf } from '../../shared/ids.ts';

/** Decision records. `month` is the message's. Append-only: a second record of one ordinal is an error. */
export const writeDecisions = rowsStatement<Decision & { month: string }>({
  name: 'engine-write-decisions',
  columns: [
    ['lane', 'smallint', ({ contactId }) => laneOf(contactId)],
    ['month', 'date'],
    ['messageId', 'uuid'],
    ['ordinal', 'integer'],
    ['contactId', 'uuid'],
    ['at', 'float8'],
    ['verdict', 'text'],
    ['gate', 'text'],
    ['reason', 'text'],
    ['rule', 'text'],
    ['until', 'float8'],
    ['policyVersion', 'integer'],
    ['gates', 'jsonb'],
  ],
  text: `
    INSERT INTO decision (lane, month, message_id, ordinal, contact_id, at, verdict, gate, reason, rule, until, policy_version, gates)
    SELECT x.lane, x.month, x."messageId", x.ordinal, x."contactId", to_timestamp(x.at / 1000), x.verdict, x.gate, x.reason,
           x.rule, to_timestamp(x.until / 1000), x."policyVersion", x.gates::jsonb
    FROM {rows}`,
});
