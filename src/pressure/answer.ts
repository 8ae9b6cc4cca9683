import type { Instant } from '../shared/clock.ts';
import type { FeltSignal } from './fatigue.ts';
import type { OnBlocked } from './on-blocked.ts';
import type { PlannedSend } from './send.ts';
import type { Unit } from './unit.ts';

/** One rule's answer about one message at one instant. It refuses when `earliest` is not that instant. */
export interface Room {
  rule: string;
  unit: Unit['kind'];
  /** What the window holds, without the message. */
  used: number;
  /** What the message would add. */
  cost: number;
  max: number;
  /** What the maximum would be but for what the contact's reactions say, and what they are; absent where they lower nothing. */
  lowered?: { from: number; by: readonly FeltSignal[] };
  /** What is kept free for planned messages of higher priority, when that is why there is no room; else 0. */
  kept: number;
  /** Those messages, first due first. */
  keptFor?: readonly PlannedSend[];
  /** The first instant from the one asked for at which this rule has room; Infinity when there is none. */
  earliest: Instant;
  onBlocked: OnBlocked;
  /** True of an exclusive programme: room comes when the contact leaves it, which nobody can compute. */
  whileInside?: true;
}
