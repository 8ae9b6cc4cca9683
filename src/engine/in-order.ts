import type { CountedSend } from '../gate/index.ts';

/** Sends oldest first, as judging relies upon. */
export function inOrder(sends: readonly CountedSend[]): CountedSend[] {
  return sends.toSorted((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1));
}
