import type { DeliveryOutcome } from '../channels/index.ts';
import type { Gate, Message } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';
import { stableFraction } from '../shared/hash.ts';
import { holds, judgedAgainAt, lastInstant } from './holds.ts';

/** A message without `expires` is given up this long after it was planned. */
const GIVE_UP_AFTER = 3 * 86_400_000;
const FIRST_RETRY = 30_000;
const LONGEST_RETRY = 3_600_000;
/** How long a channel rests after a fault of the sender before it is tried again. */
export const PAUSE = 15 * 60_000;

/** What a hand-over comes to for the message: the fields it changes. */
export interface Outcome {
  status: 'sent' | 'failed' | 'unknown' | 'blocked' | 'expired' | 'ready' | 'held';
  dueAt: Instant;
  countedAt: Instant | null;
  settledAt: Instant | null;
  gate: Gate | null;
  reason: string | null;
  providerId: string | null;
  /** As it was rendered; a mail has 1. */
  parts: number;
  attempts: number;
}

/**
 * The message's outcome after what the provider said at `now` (rules D3, D10): the instant of its hand-over, from which it counts
 * (rule P1a). A temporary failure is tried again with back-off
 * and jitter until the message expires. A hard bounce and an unknown keep their room, what never left gives it back (P6).
 */
export function outcomeOf(message: Message, delivery: DeliveryOutcome, now: Instant): Outcome {
  switch (delivery.kind) {
    case 'sent':
      return { ...settled(message, 'sent', now, null), providerId: delivery.providerId };
    case 'failed':
      return settled(message, 'failed', now, delivery.reason);
    case 'unknown': {
      const again =
        message.category === 'transactional' ? later(message, now + retryAfter(message), now, delivery.reason) : null;
      // It may have arrived, so an end of the tries is no expiry.
      return again?.status === 'ready' ? again : settled(message, 'unknown', now, delivery.reason);
    }
    case 'retry':
      return later(message, now + Math.max(delivery.after ?? 0, retryAfter(message)), now, delivery.reason);
    case 'sender-fault':
      return later(message, now + PAUSE, now, delivery.reason);
  }
}

/** Refused at the last look before hand-over: it never left, so its room is free again. */
export function refusedOutcome(message: Message, gate: Gate, reason: string, now: Instant): Outcome {
  return { ...settled(message, 'blocked', now, reason), countedAt: null, gate };
}

/**
 * Its judgement ran out, its hours closed, its time was over, its enrollment ended or its contact was restricted while it waited for the
 * dispatcher: back to the engine, which judges it in full again, or cancels it.
 */
export function backToTheGate(message: Message, now: Instant): Outcome {
  const dueAt = holds(message, now) ? now : judgedAgainAt(message, now);
  return { ...waiting(message, 'held', dueAt, null), countedAt: null };
}

/** It has more parts than it took room for: it gives its room back, and the gate judges it by what is known now (P1). */
export function outgrown(message: Message, parts: number, now: Instant): Outcome {
  return { ...backToTheGate(message, now), parts };
}

/** That its exchange begins was written, and it did not: as it was before. */
export function notBegun(message: Message): Outcome {
  return { ...waiting(message, 'ready', message.dueAt, message.reason), attempts: message.attempts - 1 };
}

function later(message: Message, at: Instant, now: Instant, reason: string): Outcome {
  const deadline = message.expiresAt ?? message.plannedAt + GIVE_UP_AFTER;
  if (at >= deadline) return { ...settled(message, 'expired', now, reason), countedAt: null };
  return waiting(message, 'ready', at, reason);
}

function retryAfter({ id, attempts }: Message): number {
  const base = Math.min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY);
  return Math.round(base * (0.75 + stableFraction('retry', id, String(attempts)) / 2));
}

function settled(message: Message, status: Outcome['status'], now: Instant, reason: string | null): Outcome {
  const { dueAt, parts, attempts } = message;
  const countedAt = message.countedAt === null ? null : now;
  return { status, dueAt, countedAt, settledAt: now, gate: null, reason, providerId: null, parts, attempts };
}

function waiting(message: Message, status: 'ready' | 'held', dueAt: Instant, reason: string | null): Outcome {
  const { parts, attempts } = message;
  const countedAt = lastInstant(message, dueAt);
  return { status, dueAt, countedAt, settledAt: null, gate: null, reason, providerId: null, parts, attempts };
}
