import { attributeOf, compileCondition, type Condition, type Facts, type PastEvent } from '../../audience/index.ts';
import { addDuration, parseDuration } from '../../calendar/index.ts';
import type { Enrollment, Watch } from '../../engine/index.ts';
import { inHoldout } from '../../engine/index.ts';
import { isDirectMarketing, type PolicyVersion } from '../../gate/index.ts';
import type { Scenario } from '../../scenarios/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { AbsenceCode } from '../told.ts';

/** One thing that keeps, or kept, a contact from what a scenario sends. */
export interface Finding {
  code: AbsenceCode;
  /** When: of an event, an entry, an end, a publication. */
  at?: Instant;
  /** From when on it would be otherwise; of a late event, when it arrived. */
  until?: Instant;
  /** A step, an event, an attribute, as the scenario has it. */
  text?: string;
  /** What is not so, or is so already. */
  condition?: Condition;
  /** How the last passage ended, and why. */
  end?: Pick<Enrollment, 'status' | 'reason'>;
}

/** All that is known of one contact and one scenario now. */
export interface AbsenceFacts {
  facts: Facts;
  policy: PolicyVersion;
  definition: Scenario;
  /** When its first version was published. */
  since: Instant;
  retired: boolean;
  /** Its processing is restricted (GDPR Art. 18). */
  restricted: boolean;
  /** It objects to direct marketing. */
  objects: boolean;
  /** Passages through this scenario, oldest first. */
  enrollments: readonly Enrollment[];
  /** Events of the name that lets contacts in, oldest first; of other triggers, none. */
  events: readonly PastEvent[];
  watch: Watch | undefined;
}

/**
 * Why a contact is not in a scenario, or got nothing from it, what weighs most first. It is told from what is kept: events,
 * passages, the watch; conditions are asked of the contact as it is now, for its past is not kept. `unknown` says so.
 */
export function whyAbsent(known: AbsenceFacts): Finding[] {
  const { definition, facts, policy, enrollments } = known;
  const findings: Finding[] = [];
  if (known.restricted) findings.push({ code: 'restricted' });
  if (known.objects && isDirectMarketing(definition.purpose, policy.policy)) findings.push({ code: 'objection' });
  const live = enrollments.find(({ endedAt }) => endedAt === null);
  const last = enrollments.at(-1);
  if (last !== undefined && inHoldout(definition, facts.contact.id)) findings.push({ code: 'holdout' });
  if (live !== undefined) return [...findings, { code: 'inside', at: live.enteredAt, text: live.state.value }];
  if (last !== undefined) {
    findings.push({ code: 'ended', at: last.endedAt!, end: last }, ...reentry(known, last));
  }
  if (known.retired) findings.push({ code: 'retired' });
  if (last === undefined) findings.push(...entry(known));
  return findings.length === 0 ? [{ code: 'unknown' }] : findings;
}

function reentry({ definition, facts: { now, zone } }: AbsenceFacts, last: Enrollment): Finding[] {
  if (definition.reentry === 'always') return [];
  if (definition.reentry === 'never') return [{ code: 'no-reentry' }];
  const after = parseDuration(definition.reentry.after);
  const until = after === null ? last.enteredAt : addDuration(last.enteredAt, after, zone);
  return until <= now ? [] : [{ code: 'reentry-later', until }];
}

function entry(known: AbsenceFacts): Finding[] {
  const { definition, facts } = known;
  const findings = ofTrigger(known);
  const { audience } = definition;
  const event = known.events.at(-1);
  if (audience !== undefined && !holds(audience, facts, event))
    findings.push({ code: 'audience', condition: audience });
  return findings;
}

function ofTrigger(known: AbsenceFacts): Finding[] {
  const { definition, facts, watch } = known;
  const { trigger } = definition;
  switch (trigger.kind) {
    case 'event':
      return ofEvent(known, trigger.event, trigger.where);
    case 'date':
      if ((attributeOf(facts.contact, trigger.date) ?? null) === null) return [{ code: 'no-date', text: trigger.date }];
      return notYet(watch);
    case 'inactivity':
    case 'schedule':
      return notYet(watch);
    case 'audience': {
      const inside = holds(trigger.condition, facts);
      if (inside === (trigger.on === 'enters')) return [{ code: 'already-so', condition: trigger.condition }];
      return [{ code: 'condition', condition: trigger.condition }];
    }
    case 'manual':
      return [{ code: 'manual' }];
  }
}

/** The latest event of the name is the one that people ask about. */
function ofEvent(
  { events, since, policy, facts, definition }: AbsenceFacts,
  name: string,
  where?: Condition,
): Finding[] {
  const event = events.at(-1);
  if (event === undefined) return [{ code: 'no-event', text: name }];
  const { at, receivedAt, historical } = event;
  if (historical) return [{ code: 'historical', text: name, at }];
  if (receivedAt - at > policy.compiled.lateAfter) return [{ code: 'late', text: name, at, until: receivedAt }];
  if (receivedAt < since) return [{ code: 'before-publication', text: name, at, until: since }];
  if (where !== undefined && !holds(where, facts, event)) return [{ code: 'filter', condition: where, at }];
  const keyed = definition.key === undefined || valueAt({ properties: event.properties }, definition.key) !== undefined;
  return keyed ? [] : [{ code: 'no-key', text: definition.key!, at }];
}

function notYet(watch: Watch | undefined): Finding[] {
  const until = watch?.dueAt ?? null;
  return until === null ? [] : [{ code: 'not-yet', until }];
}

const holds = (condition: Condition, facts: Facts, event?: PastEvent): boolean =>
  compileCondition(condition)(event === undefined ? facts : { ...facts, event });

function valueAt(of: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[key] : undefined,
      of,
    );
}
