import { openTrackingAllowed } from '../consent/index.ts';
import { daysBetween, instantOf, parseDuration, readMoment, subtractDuration } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import { attributeReader, pathReader } from './attribute.ts';
import { compileComparison } from './compare.ts';
import type { Condition, ConsentLeaf, DaysSinceLeaf, EventLeaf, MessageLeaf } from './condition.ts';
import type { Facts, PastMessage, Predicate } from './facts.ts';

/** Answers a condition once; use `compileCondition` where the same one is asked again. */
export function evaluate(condition: Condition, facts: Facts): boolean {
  return compileCondition(condition)(facts);
}

/**
 * Compiles a condition (docs: language, "Condition"). Patterns, paths and durations are read here and not again;
 * the audiences it names are those of the facts, so that a scenario keeps pace with the policy in force.
 */
export function compileCondition(condition: Condition): Predicate {
  if ('all' in condition) return every(condition.all.map(compileCondition));
  if ('any' in condition) return some(condition.any.map(compileCondition));
  if (isNegation(condition)) return negate(compileCondition(condition.not));
  if ('attribute' in condition) {
    const [read, test] = [attributeReader(condition.attribute), compileComparison(condition)];
    return (facts) => test(read(facts.contact), facts.zone);
  }
  if ('property' in condition) {
    const [read, test] = [pathReader(condition.property), compileComparison(condition)];
    return (facts) => test(facts.event === undefined ? undefined : read(facts.event.properties), facts.zone);
  }
  if ('event' in condition) return compileEvent(condition);
  if ('consent' in condition) return compileConsent(condition);
  if ('daysSince' in condition) return compileDaysSince(condition);
  if ('message' in condition) return compileMessage(condition);
  return compileAudience(condition.audience);
}

/** `{not: <condition>}`; the leaves have an operator of the same name. */
export const isNegation = (condition: Condition): condition is { not: Condition } =>
  Object.keys(condition).length === 1 && 'not' in condition;

const every =
  (parts: Predicate[]): Predicate =>
  (facts) =>
    parts.every((part) => part(facts));
const some =
  (parts: Predicate[]): Predicate =>
  (facts) =>
    parts.some((part) => part(facts));
const negate =
  (part: Predicate): Predicate =>
  (facts) =>
    !part(facts);

/** Counts events of the past, the one at hand included; what lies after now has not happened yet. */
function compileEvent({ event, where, count, within }: EventLeaf): Predicate {
  const matches = where === undefined ? undefined : compileCondition(where);
  const enough = count === undefined ? undefined : compileComparison(count);
  const since = sinceOf(within);
  return (facts) => {
    const cutoff = since(facts);
    let found = 0;
    for (const past of facts.history) {
      if (past.name !== event || past.at > facts.now || past.at <= cutoff) continue;
      if (matches !== undefined && !matches({ ...facts, event: past })) continue;
      found += 1;
      if (enough === undefined) return true;
    }
    return enough !== undefined && enough(found, facts.zone);
  };
}

/** `within`: what happened at t counts while now is before t + length, so the far end itself is outside (as rule P10). */
function sinceOf(within: string | undefined): (facts: Facts) => Instant {
  if (within === undefined) return () => Number.NEGATIVE_INFINITY;
  const length = parseDuration(within);
  if (length === null) throw new RangeError(`not a duration: ${within}`);
  return (facts) => subtractDuration(facts.now, length, facts.zone);
}

/** Nothing recorded is `unknown`, and so is what has expired. Where there are brands, any of them will do. */
function compileConsent({ consent, is }: ConsentLeaf): Predicate {
  return (facts) => {
    const states = facts.consents
      .filter(({ channel, purpose }) => channel === consent.channel && purpose === consent.purpose)
      .map(({ state }) => (state === 'expired' ? 'unknown' : state));
    return states.length === 0 ? is === 'unknown' : states.includes(is);
  };
}

/** Whole local calendar days since a date or instant the contact carries; negative while it lies ahead. */
function compileDaysSince({ daysSince, ...comparison }: DaysSinceLeaf): Predicate {
  const [read, test] = [attributeReader(daysSince), compileComparison(comparison)];
  return (facts) => {
    const moment = readMoment(read(facts.contact));
    const since = moment && instantOf(moment, facts.zone);
    return test(since === null ? undefined : daysBetween(since, facts.now, facts.zone), facts.zone);
  };
}

/** Which instant of a past message answers `is`; null when it has not come to that. */
export const REACHED: Record<MessageLeaf['is'], (past: PastMessage) => Instant | null> = {
  sent: ({ sentAt }) => sentAt,
  delivered: ({ deliveredAt }) => deliveredAt,
  bounced: ({ bouncedAt }) => bouncedAt,
  opened: ({ openedAt }) => openedAt,
  clicked: ({ clickedAt }) => clickedAt,
};

/** Without consent now to the brand of a mail nobody may know that it was opened, whatever was recorded before (rule C7): unknown, so false. */
function compileMessage({ message, is, within }: MessageLeaf): Predicate {
  const since = sinceOf(within);
  const reached = REACHED[is];
  const mayKnow = ({ consents, brandOf }: Facts, { channel, sender }: PastMessage): boolean =>
    is !== 'opened' || openTrackingAllowed(consents, channel, brandOf.get(sender));
  return (facts) => {
    const cutoff = since(facts);
    return facts.messages.some((past) => {
      const at = reached(past);
      return (
        (message.template === undefined || past.template === message.template) &&
        (message.scenario === undefined || past.scenarioId === message.scenario) &&
        (message.channel === undefined || past.channel === message.channel) &&
        at !== null &&
        at <= facts.now &&
        at > cutoff &&
        mayKnow(facts, past)
      );
    });
  };
}

/** Nobody is in an audience that the policy does not have; `check` and `apply` refuse its name before it comes here. */
function compileAudience(name: string): Predicate {
  return (facts) => facts.audiences.get(name)?.holds(facts) ?? false;
}
