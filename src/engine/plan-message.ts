import { addDuration, parseDuration } from '../calendar/index.ts';
import type { Message, PolicyVersion } from '../gate/index.ts';
import type { CompiledScenario, Effect } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { derivedId } from '../shared/ids.ts';
import type { Enrollment } from './world.ts';

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
  const { definition } = scenario;
  const { send, step } = effect;
  const category = send.category ?? definition.category;
  // A category the policy no longer knows is held to everything: what cannot be read is never allowed.
  const rules = policy.policy.categories[category] ?? { needsConsent: true, subjectTo: true, countsToward: true };
  const expires = send.expires === undefined ? null : parseDuration(send.expires);
  return {
    id: derivedId(enrollment.contactId, 'message', enrollment.id, step, enrollment.planned),
    contactId: enrollment.contactId,
    enrollmentId: enrollment.id,
    scenarioId: scenario.id,
    scenarioVersion: scenario.version,
    programme: definition.programme,
    step,
    channel: send.channel,
    template: send.template,
    templateVersion,
    category,
    purpose: send.purpose ?? definition.purpose,
    priority: send.priority ?? definition.priority,
    sender: send.sender ?? definition.sender,
    needsConsent: rules.needsConsent,
    subjectTo: rules.subjectTo,
    countsToward: rules.countsToward,
    window: send.window ?? null,
    data: send.data ?? {},
    plannedAt: now,
    expiresAt: expires === null ? null : addDuration(now, expires, zone),
    status: 'held',
    dueAt: cause,
    heldUntil: null,
    countedAt: null,
    settledAt: null,
    gate: null,
    reason: null,
    rule: null,
    judged: 0,
    attempts: 0,
  };
}
