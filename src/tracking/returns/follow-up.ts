import type { RefusalClass } from '../../channels/index.ts';
import type { Channel } from '../../shared/channel.ts';

/** How a message came back. */
export type ReturnKind = RefusalClass | 'complaint';

/** What follows from a return, besides its record. */
export interface FollowUp {
  /** Reason of the suppression of the address it went to; null: it stays good. */
  suppress: 'hard-bounce' | 'soft-bounces' | 'complaint' | null;
  /** It is an objection to the message's purpose. */
  objects: boolean;
}

/**
 * What follows (law L20 and L21). A fault of the sender and of the one message say nothing of the address; what nobody
 * understands may, so that it counts as a soft bounce does.
 * @param soft soft bounces of the address that count, this one included; 0 for a return that is none
 * @param most soft bounces with which an address is given up
 */
export function followUpOf(kind: ReturnKind, soft: number, most: number): FollowUp {
  if (kind === 'hard') return { suppress: 'hard-bounce', objects: false };
  if (kind === 'complaint') return { suppress: 'complaint', objects: true };
  return { suppress: soft >= most ? 'soft-bounces' : null, objects: false };
}

/** Whether a return is one of those with whose number an address is given up. Of texts, what nobody understands is none. */
export const countsAsSoft = (kind: ReturnKind, channel: Channel): boolean =>
  kind === 'soft' || (kind === 'unknown' && channel === 'email');
