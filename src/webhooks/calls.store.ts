import type { Sql } from '../database/index.ts';
import type { WebhookCall } from '../engine/index.ts';
import { insertInbox } from '../events/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { laneOf, LANES } from '../shared/ids.ts';
import type { Sequence } from '../shared/sequence.ts';
import type { CallOutcome } from './outcome.ts';
import { claimCalls } from './sql/claim-calls.ts';
import { nextCall } from './sql/next-call.ts';
import { recordCalls } from './sql/record-calls.ts';

const ALL_LANES = Array.from({ length: LANES }, (_, lane) => lane);

/** A claimed call; `ended` tells that its enrollment waits for it no more. */
export type ClaimedCall = WebhookCall & { ended: boolean };

/** One attempt with how it ended. */
export interface Attempt {
  call: ClaimedCall;
  outcome: CallOutcome;
}

/** Takes what is due for itself, until `leaseUntil` at most. */
export function claim(sql: Sql, now: Instant, leaseUntil: Instant, most: number): Promise<ClaimedCall[]> {
  return sql.run(claimCalls, [now, leaseUntil, ALL_LANES, most]);
}

/** When there is something to do next; null when nothing waits. */
export async function nextDue(sql: Sql): Promise<Instant | null> {
  const [row] = await sql.run(nextCall, [ALL_LANES]);
  return row?.at ?? null;
}

/**
 * Writes how attempts ended, and tells the engine of those that are settled; run it in one transaction. Returns those
 * that were still ours.
 */
export async function record(
  sql: Sql,
  attempts: readonly Attempt[],
  sequence: Sequence,
  now: Instant,
): Promise<Attempt[]> {
  if (attempts.length === 0) return [];
  const rows = attempts.map(({ call: { id, plannedAt, attempts: attempt, ended }, outcome }) => ({
    ...outcome,
    lane: laneOf(id),
    month: monthOf(plannedAt),
    id,
    attempt,
    // What was cancelled was not attempted.
    made: ended ? attempt - 1 : attempt,
  }));
  const ours = new Set((await sql.run(recordCalls, [JSON.stringify(rows)])).map(({ id }) => id));
  const written = attempts.filter(({ call }) => ours.has(call.id));
  const settled = written.filter(({ outcome: { status } }) => status === 'done' || status === 'failed');
  await insertInbox(
    sql,
    settled.map(({ call: { id: callId, contactId, enrollmentId, step }, outcome: { status: outcome } }) => ({
      contactId,
      seq: sequence.next(),
      receivedAt: now,
      kind: 'called',
      body: { callId, enrollmentId, step, outcome },
    })),
  );
  return written;
}
