import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** One call of a `webhook` step to another system. */
export interface WebhookCall {
  /** The `webhook-id` of every attempt: a receiver knows by it what it has seen before. */
  id: Id;
  contactId: Id;
  enrollmentId: Id;
  scenarioId: string;
  scenarioVersion: number;
  step: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  /** The very text that is signed and sent at every attempt; null for none. */
  body: string | null;
  /** When the step was entered. */
  plannedAt: Instant;
  /**
   * `ready` waits for its first or next attempt, `calling` is with a worker, `done` was taken by the receiver, `failed` is
   * given up, `cancelled` lost its enrollment, `holdout` is of somebody who is measured and not acted upon.
   */
  status: 'ready' | 'calling' | 'done' | 'failed' | 'cancelled' | 'holdout';
  /** Of the next attempt; while `calling`, when the worker is taken for dead. */
  dueAt: Instant;
  attempts: number;
  /** Of the latest answer; null before there was one. */
  statusCode: number | null;
  /** What went wrong at the latest attempt, or why it was not made. */
  error: string | null;
  settledAt: Instant | null;
}

/** A call that is no longer wanted, unless a worker has it; told by its enrollment, so that nothing is loaded for it. */
export interface CallCancellation {
  id: Id;
  contactId: Id;
  plannedAt: Instant;
  reason: string;
  at: Instant;
}
