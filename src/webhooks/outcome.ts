import type { WebhookCall } from '../engine/index.ts';
import type { Instant } from '../shared/clock.ts';
import { stableFraction } from '../shared/hash.ts';
import type { Id } from '../shared/ids.ts';
import { retryAfter } from '../shared/retry-after.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Between two attempts, as the Standard Webhooks specification suggests. */
const PAUSES = [5_000, 30_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR];
/** No receiver may ask for a longer pause. */
const LONGEST_PAUSE = 24 * HOUR;

/** What came of one attempt. */
export type Answer =
  | { kind: 'answered'; statusCode: number; retryAfter: string | null }
  /** Nobody answered, in time or at all. */
  | { kind: 'unreachable'; reason: string }
  /** Not asked, and not to be asked again. */
  | { kind: 'refused'; reason: string };

/** What an attempt comes to for the call: the fields it changes. */
export interface CallOutcome {
  status: 'done' | 'failed' | 'ready' | 'cancelled';
  dueAt: Instant;
  statusCode: number | null;
  error: string | null;
  settledAt: Instant | null;
}

/**
 * Milliseconds until the next attempt after so many; null when they are used up. Up to a fifth longer than the schedule,
 * so that calls that failed together do not come back together.
 */
export function pauseAfter(attempts: number, id: Id): number | null {
  const pause = PAUSES[attempts - 1];
  return pause === undefined ? null : Math.round(pause * (1 + stableFraction('webhook', id, String(attempts)) / 5));
}

/** The call after an attempt: 2xx is taken, what may go away is tried again, everything else is given up. */
export function outcomeOf(call: WebhookCall, answer: Answer, now: Instant): CallOutcome {
  if (answer.kind === 'refused') return settled(call, 'failed', now, null, answer.reason);
  if (answer.kind === 'unreachable') return later(call, now, null, answer.reason, 0);
  const { statusCode, retryAfter: header } = answer;
  if (statusCode >= 200 && statusCode < 300) return settled(call, 'done', now, statusCode, null);
  if (mayGoAway(statusCode)) return later(call, now, statusCode, `answered ${statusCode}`, asked(header, now));
  const why = statusCode < 400 ? ': redirects are not followed' : '';
  return settled(call, 'failed', now, statusCode, `answered ${statusCode}${why}`);
}

/** Its enrollment has ended since it was planned. */
export function cancelledOutcome(call: WebhookCall, now: Instant): CallOutcome {
  return settled(call, 'cancelled', now, call.statusCode, 'its enrollment has ended');
}

function mayGoAway(statusCode: number): boolean {
  return statusCode === 408 || statusCode === 425 || statusCode === 429 || statusCode >= 500;
}

/** The pause that the receiver asks for, as far as it may. */
const asked = (header: string | null, now: Instant): number => Math.min(retryAfter(header, now) ?? 0, LONGEST_PAUSE);

function later(
  call: WebhookCall,
  now: Instant,
  statusCode: number | null,
  error: string,
  atLeast: number,
): CallOutcome {
  const pause = pauseAfter(call.attempts, call.id);
  if (pause === null)
    return settled(call, 'failed', now, statusCode, `${error}, at the last of ${call.attempts} attempts`);
  return { status: 'ready', dueAt: now + Math.max(pause, atLeast), statusCode, error, settledAt: null };
}

function settled(
  { dueAt }: WebhookCall,
  status: 'done' | 'failed' | 'cancelled',
  now: Instant,
  statusCode: number | null,
  error: string | null,
): CallOutcome {
  return { status, dueAt, statusCode, error, settledAt: now };
}
