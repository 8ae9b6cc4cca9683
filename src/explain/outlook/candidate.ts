import { UNJUDGED, type Message, type Policy } from '../../gate/index.ts';
import type { Channel } from '../../shared/channel.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

/** What is known of a message that somebody thinks of sending; what is left out lies in the scope of no rule that names it. */
export interface Asked {
  channel?: Channel;
  category?: string;
  programme?: string;
  scenario?: string;
  sender?: string;
}

/** A message that nobody has planned, for the gate to be asked about: advertising, unless another category is named. */
export function candidateOf(policy: Policy, asked: Asked, contactId: Id, now: Instant): Message {
  const { channel = 'email', category = 'marketing', programme = '', scenario = '' } = asked;
  const sender = asked.sender ?? Object.entries(policy.senders).find(([, as]) => as[channel] !== undefined)?.[0] ?? '';
  return {
    id: contactId,
    contactId,
    enrollmentId: null,
    scenarioId: scenario,
    scenarioVersion: 0,
    programme,
    campaign: null,
    step: '',
    channel,
    template: '',
    templateVersion: 0,
    category,
    purpose: '',
    priority: 50,
    sender,
    needsConsent: policy.categories[category]?.needsConsent ?? true,
    // What pressure would say is the question, also where the category is let off.
    subjectTo: true,
    countsToward: true,
    parts: 1,
    window: null,
    data: {},
    plannedAt: now,
    expiresAt: null,
    dueAt: now,
    ...UNJUDGED,
  };
}
