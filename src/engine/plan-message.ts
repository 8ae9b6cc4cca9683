import { addDuration, parseDuration } from '../calendar/index.ts';
import { UNJUDGED, type Message, type PolicyVersion } from '../gate/index.ts';
import type { Candidate } from '../pressure/index.ts';
import type { CompiledScenario, Effect, SendStep } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { derivedId } from '../shared/ids.ts';
import type { Enrollment } from './world.ts';

/** What the gate judges a send step's message by. */
export function subjectOfSend(
  send: SendStep,
  { id, definition }: CompiledScenario,
  { policy }: PolicyVersion,
): Omit<Candidate, 'channel'> & Pick<Message, 'channel' | 'priority' | 'needsConsent'> {
  const category = send.category ?? definition.category;
  // A category the policy no longer knows is held to everything: what cannot be read is never allowed.
  const rules = policy.categories[category] ?? { needsConsent: true, subjectTo: true, countsToward: true };
  return {
    channel: send.channel,
    scenarioId: id,
    programme: definition.programme,
    campaign: null,
    category,
    purpose: send.purpose ?? definition.purpose,
    priority: send.priority ?? definition.priority,
    sender: send.sender ?? definition.sender,
    needsConsent: rules.needsConsent,
    subjectTo: rules.subjectTo,
    countsToward: rules.countsToward,
    parts: 1,
  };
}

/**
 * One planned message of a `send` step, not yet judged. What the gate judges by is frozen here (rule P7).
 * `cause` is the instant of what led to it: messages of one tick are judged in that order within a priority (rule P2).
 */
export function planMessage(
  effect: Extract<Effect, { kind: 'send' }>,
  scenario: CompiledScenario,
  enrollment: Enrollment,
  policy: PolicyVersion,
  templateVersion: number,
  zone: string,
  cause: Instant,
  now: Instant,
): Message {
  const { send, step } = effect;
  const expires = send.expires === undefined ? null : parseDuration(send.expires);
  return {
    id: derivedId(enrollment.contactId, 'message', enrollment.id, step, enrollment.planned),
    contactId: enrollment.contactId,
    enrollmentId: enrollment.id,
    ...subjectOfSend(send, scenario, policy),
    scenarioVersion: scenario.version,
    step,
    template: send.template,
    templateVersion,
    window: send.window ?? null,
    data: send.data ?? {},
    plannedAt: now,
    expiresAt: expires === null ? null : addDuration(now, expires, zone),
    dueAt: cause,
    ...UNJUDGED,
  };
}
