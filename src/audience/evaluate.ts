import { openTrackingAllowed } from '../consent/index.ts';
import { daysBetween, instantOf, parseDuration, readMoment, subtractDuration } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { attributeReader, isReserved } from './attribute.ts';
import { compileComparison, compileListComparison } from './compare.ts';
import {
  isNegation,
  type Comparison,
  type Condition,
  type ConsentLeaf,
  type DaysSinceLeaf,
  type EventLeaf,
  type MessageLeaf,
} from './condition.ts';
import type { Facts, PastMessage, Predicate } from './facts.ts';
import { isListPath, listFault, listReader, listWithin, pathReader } from './path.ts';

/** Answers a condition once; use `compileCondition` where the same one is asked again. */
export function evaluate(condition: Condition, facts: Facts): boolean {
  return compileCondition(condition)(facts);
}

/**
 * Compiles a condition (docs: language, "Condition"). Patterns, paths and durations are read here and not again;
 * the audiences it names are those of the facts, so that a scenario keeps pace with the policy in force.
 */
export function compileCondition(condition: Condition): Predicate {
  return compile(condition, (read) => read);
}

/**
 * The same for whoever is inside a scenario: a path that goes into a list as if it were one thing throws a UserError that
 * says so, which stops the enrollment. Elsewhere nothing is there, as in SQL.
 */
export function compileStrictCondition(condition: Condition): Predicate {
  return compile(condition, strictReader);
}

type Reader<Value> = (values: Readonly<Record<string, unknown>>) => Value;
/** Makes a reader of a path the one to be used. */
type Reading = <Value>(read: Reader<Value>, path: string) => Reader<Value>;

function compile(condition: Condition, reading: Reading): Predicate {
  const inner = (part: Condition): Predicate => compile(part, reading);
  if ('all' in condition) return every(condition.all.map(inner));
  if ('any' in condition) return some(condition.any.map(inner));
  if (isNegation(condition)) return negate(inner(condition.not));
  if ('attribute' in condition) return compileAttribute(condition.attribute, condition, reading);
  if ('property' in condition)
    return compileRead(condition.property, condition, reading, ({ event }) => event?.properties);
  if ('event' in condition) return compileEvent(condition, inner);
  if ('consent' in condition) return compileConsent(condition);
  if ('daysSince' in condition) return compileDaysSince(condition);
  if ('message' in condition) return compileMessage(condition);
  return compileAudience(condition.audience);
}

function compileAttribute(path: string, comparison: Comparison, reading: Reading): Predicate {
  if (!isReserved(path)) return compileRead(path, comparison, reading, ({ contact }) => contact.attributes);
  const [read, test] = [attributeReader(path), compileComparison(comparison)];
  return ({ contact, zone, entry }) => test(read(contact), zone, entry?.properties);
}

const NOTHING: Readonly<Record<string, unknown>> = {};

function compileRead(
  path: string,
  comparison: Comparison,
  reading: Reading,
  from: (facts: Facts) => Readonly<Record<string, unknown>> | undefined,
): Predicate {
  if (isListPath(path)) {
    const [read, test] = [reading(listReader(path), path), compileListComparison(comparison)];
    return (facts) => test(read(from(facts) ?? NOTHING), facts.zone, facts.entry?.properties);
  }
  const [read, test] = [reading(pathReader(path), path), compileComparison(comparison)];
  return (facts) => test(read(from(facts) ?? NOTHING), facts.zone, facts.entry?.properties);
}

/** Throws a UserError where a path goes into a list as if it were one thing. */
function strictReader<Value>(read: Reader<Value>, path: string): Reader<Value> {
  if (!path.includes('.')) return read;
  return (values) => {
    const list = listWithin(values, path);
    if (list !== undefined) throw new UserError(listFault(list, path));
    return read(values);
  };
}

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
function compileEvent({ event, where, count, within }: EventLeaf, inner: (part: Condition) => Predicate): Predicate {
  const matches = where === undefined ? undefined : inner(where);
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
