import type { RefusalClass } from '../../channels/index.ts';

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
 * What follows (law L20 and L21). A fault of the sender and what nobody understands say nothing of the address.
 * @param soft soft bounces of the address that count, this one included
 * @param most soft bounces with which an address is given up
 */
export function followUpOf(kind: ReturnKind, soft: number, most: number): FollowUp {
  if (kind === 'hard') return { suppress: 'hard-bounce', objects: false };
  if (kind === 'complaint') return { suppress: 'complaint', objects: true };
  return { suppress: kind === 'soft' && soft >= most ? 'soft-bounces' : null, objects: false };
}
