import type { OutgoingMessage } from '../channels/index.ts';
import { Composer, outgrows, partsOf } from '../dispatch/index.ts';
import type { Message, Policy } from '../gate/index.ts';
import type { TemplateCache } from '../templates/index.ts';
import type { HandOver } from './virtual-run.ts';

/** The base of links in messages that nobody receives. */
const NOWHERE = { publicUrl: 'https://relance.example', secret: 'a rehearsal', tracked: false };

/**
 * Renders every message as the dispatcher would and takes it; one that cannot be rendered is blocked (rule D9).
 * `onSent` is given what would have left.
 */
export function virtualProvider(
  templates: TemplateCache,
  policy: Policy,
  onSent?: (message: Message, outgoing: OutgoingMessage) => void,
): HandOver {
  const composer = new Composer(templates, NOWHERE);
  return async (message, world) => {
    const { contact, enrollments, consents, suppressions } = world.of(message.contactId);
    const enrollment = message.enrollmentId === null ? undefined : enrollments.get(message.enrollmentId);
    const past = { sales: [], spent: [] };
    const facts = {
      contact: contact!,
      consents,
      suppressions,
      sends: [],
      planned: [],
      inside: [],
      ownLimits: null,
      past,
    };
    try {
      const person = { facts, entry: enrollment?.entry ?? null, enteredAt: enrollment?.enteredAt ?? null };
      const outgoing = await composer.compose(message, person, policy);
      const parts = partsOf(outgoing);
      if (outgrows(message, parts, policy)) return { outcome: 'outgrown', parts };
      onSent?.(message, outgoing);
      return { outcome: 'sent', parts };
    } catch (error) {
      return { outcome: 'blocked', reason: error instanceof Error ? error.message : String(error) };
    }
  };
}
