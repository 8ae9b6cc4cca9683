import { rowsStatement } from '../../database/index.ts';
import type { Message } from '../../gate/index.ts';
import { monthOf } from '../../shared/clock.ts';
import { laneOf } from '../../shared/ids.ts';

/** Planned and judged messages. What was frozen when it was planned is never rewritten (rule P7). */
export const writeMessages = rowsStatement<Message>({
  name: 'engine-write-messages',
  columns: [
    ['lane', 'smallint', ({ contactId }) => laneOf(contactId)],
    ['month', 'date', ({ plannedAt }) => monthOf(plannedAt)],
    ['id', 'uuid'],
    ['contactId', 'uuid'],
    ['enrollmentId', 'uuid'],
    ['scenarioId', 'text'],
    ['scenarioVersion', 'integer'],
    ['programme', 'text'],
    ['campaign', 'text'],
    ['step', 'text'],
    ['channel', 'text'],
    ['template', 'text'],
    ['templateVersion', 'integer'],
    ['category', 'text'],
    ['purpose', 'text'],
    ['priority', 'smallint'],
    ['sender', 'text'],
    ['needsConsent', 'boolean'],
    ['subjectTo', 'boolean'],
    ['countsToward', 'boolean'],
    ['parts', 'smallint'],
    ['window', 'text'],
    ['data', 'jsonb'],
    ['plannedAt', 'float8'],
    ['expiresAt', 'float8'],
    ['status', 'text'],
    ['dueAt', 'float8'],
    ['heldUntil', 'float8'],
    ['countedAt', 'float8'],
    ['holdsUntil', 'float8'],
    ['settledAt', 'float8'],
    ['gate', 'text'],
    ['reason', 'text'],
    ['rule', 'text'],
    ['judged', 'integer'],
    ['attempts', 'integer'],
  ],
  text: `
    INSERT INTO message (lane, month, id, contact_id, enrollment_id, scenario_id, scenario_version, programme, campaign, step, channel,
                         template, template_version, category, purpose, priority, sender, needs_consent, subject_to,
                         counts_toward, parts, send_window, data, planned_at, expires_at, status, due_at, held_until, counted_at,
                         holds_until, settled_at, gate, reason, rule, judged, attempts)
    SELECT x.lane, x.month, x.id, x."contactId", x."enrollmentId", x."scenarioId", x."scenarioVersion", x.programme, x.campaign, x.step,
           x.channel, x.template, x."templateVersion", x.category, x.purpose, x.priority, x.sender, x."needsConsent",
           x."subjectTo", x."countsToward", x.parts, x."window", x.data::jsonb, to_timestamp(x."plannedAt" / 1000),
           to_timestamp(x."expiresAt" / 1000), x.status, to_timestamp(x."dueAt" / 1000), to_timestamp(x."heldUntil" / 1000),
           to_timestamp(x."countedAt" / 1000), to_timestamp(x."holdsUntil" / 1000), to_timestamp(x."settledAt" / 1000), x.gate, x.reason, x.rule, x.judged, x.attempts
    FROM {rows}
    ON CONFLICT (lane, month, id) DO UPDATE SET
      status = excluded.status, due_at = excluded.due_at, held_until = excluded.held_until, counted_at = excluded.counted_at, holds_until = excluded.holds_until,
      settled_at = excluded.settled_at, gate = excluded.gate, reason = excluded.reason, rule = excluded.rule,
      judged = excluded.judged`,
});
