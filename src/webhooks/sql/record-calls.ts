import type { Statement } from '../../database/index.ts';

/**
 * Writes how attempts ended, as a JSON array of rows, and tells which. An attempt that was taken for dead and made again
 * meanwhile is passed over: a call has one outcome.
 */
export const recordCalls: Statement<{ id: string }> = {
  name: 'webhooks-record-calls',
  text: `
    UPDATE webhook_call w SET
      status = x.status, attempts = x.made, due_at = to_timestamp(x."dueAt" / 1000), status_code = x."statusCode",
      error = x.error, settled_at = to_timestamp(x."settledAt" / 1000)
    FROM json_to_recordset($1::json) AS x(
      lane smallint, month date, id uuid, attempt integer, made integer, status text, "dueAt" float8, "statusCode" integer,
      error text, "settledAt" float8)
    WHERE w.lane = x.lane AND w.month = x.month AND w.id = x.id AND w.status = 'calling' AND w.attempts = x.attempt
    RETURNING w.id`,
};
