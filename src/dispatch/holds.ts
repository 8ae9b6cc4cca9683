import type { Message } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';

/**
 * How long before its judgement runs out a message is begun no more: the mark that it is being handed over takes a moment to
 * be seen by the engine, and clocks of two machines differ. Milliseconds.
 */
const BEFORE = 2_000;
/** No exchange with a provider lasts longer; while one does, the message may leave at any instant. Milliseconds. */
export const LONGEST_EXCHANGE = 10 * 60_000;

/** Whether the judgement by which a message is ready still holds for a hand-over that begins now (rule P1a). */
export function holds({ holdsUntil }: Pick<Message, 'holdsUntil'>, now: Instant): boolean {
  return holdsUntil !== null && now < holdsUntil - BEFORE;
}

/** When a message is judged again whose judgement holds no more: not before time may have changed something. */
export function judgedAgainAt({ holdsUntil }: Pick<Message, 'holdsUntil'>, now: Instant): Instant {
  return Math.max(now, holdsUntil ?? now);
}

/** The last instant at which a message that waits until `dueAt` may be handed over without being judged again; null when it uses no room. */
export function lastInstant({ countedAt, holdsUntil }: Message, dueAt: Instant): Instant | null {
  return countedAt === null ? null : Math.max(holdsUntil ?? countedAt, dueAt);
}
