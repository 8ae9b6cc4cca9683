import type { Message } from './message.ts';

/**
 * What the message that asks for a confirmation names as its scenario (rule C4): no scenario of a library can be called
 * so, because an id is kebab-case.
 */
export const CONFIRMATION = '@double-opt-in';

/** The purposes that such a message asks about: its own, and those that were asked for with it. */
export function askedIn({ purpose, data }: Pick<Message, 'purpose' | 'data'>): readonly string[] {
  const { asked } = data as { asked?: readonly string[] };
  return asked ?? [purpose];
}
