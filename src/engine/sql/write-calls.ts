import { rowsStatement } from '../../database/index.ts';
import { monthOf } from '../../shared/clock.ts';
import { laneOf } from '../../shared/ids.ts';
import type { CallCancellation, WebhookCall } from '../webhook-call.ts';

/** Calls that `webhook` steps ask for. One that stands there already was planned by the same cause, and stays. */
export const writeCalls = rowsStatement<WebhookCall>({
  name: 'engine-write-calls',
  columns: [
    ['lane', 'smallint', ({ contactId }) => laneOf(contactId)],
    ['month', 'date', ({ plannedAt }) => monthOf(plannedAt)],
    ['id', 'uuid'],
    ['contactId', 'uuid'],
    ['enrollmentId', 'uuid'],
    ['scenarioId', 'text'],
    ['scenarioVersion', 'integer'],
    ['step', 'text'],
    ['method', 'text'],
    ['url', 'text'],
    ['headers', 'jsonb'],
    ['body', 'text'],
    ['plannedAt', 'float8'],
    ['status', 'text'],
    ['dueAt', 'float8'],
    ['error', 'text'],
    ['settledAt', 'float8'],
  ],
  text: `
    INSERT INTO webhook_call (lane, month, id, contact_id, enrollment_id, scenario_id, scenario_version, step, method, url,
                              headers, body, planned_at, status, due_at, error, settled_at)
    SELECT x.lane, x.month, x.id, x."contactId", x."enrollmentId", x."scenarioId", x."scenarioVersion", x.step, x.method,
           x.url, x.headers::jsonb, x.body, to_timestamp(x."plannedAt" / 1000), x.status, to_timestamp(x."dueAt" / 1000),
           x.error, to_timestamp(x."settledAt" / 1000)
    FROM {rows}
    ON CONFLICT (lane, month, id) DO NOTHING`,
});

/** Calls whose enrollment has ended. One that a worker has at this moment is left to it (webhooks/sql/claim-calls.ts). */
export const cancelCalls = rowsStatement<CallCancellation>({
  name: 'engine-cancel-calls',
  columns: [
    ['lane', 'smallint', ({ contactId }) => laneOf(contactId)],
    ['month', 'date', ({ plannedAt }) => monthOf(plannedAt)],
    ['id', 'uuid'],
    ['reason', 'text'],
    ['at', 'float8'],
  ],
  text: `
    UPDATE webhook_call w SET status = 'cancelled', error = x.reason, settled_at = to_timestamp(x.at / 1000)
    FROM {rows}
    WHERE w.lane = x.lane AND w.month = x.month AND w.id = x.id AND w.status = 'ready'`,
});
