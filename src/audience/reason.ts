import { parseDuration } from '../calendar/index.ts';
import { canonicalJson } from '../shared/hash.ts';
import {
  entriesOf,
  isNegation,
  type Comparison,
  type Condition,
  type EventLeaf,
  type MessageLeaf,
} from './condition.ts';
import { isListPath } from './path.ts';
import { canMeet, type Demand, type Domain } from './values.ts';

/**
 * What can be told of conditions before any contact is looked at. Each answer is for the same facts at the same
 * instant, and sure where it is true: what cannot be proven is false.
 */

/** Named audiences as the policy writes them, none of which names itself by a detour. */
type Definitions = Readonly<Record<string, Condition>>;

/** No contact can ever meet the condition: `country = FR and country = BE`. */
export function neverHolds(condition: Condition, audiences?: Definitions): boolean {
  return isImpossible([{ condition, holds: true }], audiences);
}

/** Every contact meets the condition at all times. */
export function alwaysHolds(condition: Condition, audiences?: Definitions): boolean {
  return isImpossible([{ condition, holds: false }], audiences);
}

/** Whoever meets `given` meets at least one of the others. */
export function implies(given: Condition, others: readonly Condition[], audiences?: Definitions): boolean {
  return isImpossible(
    [{ condition: given, holds: true }, ...others.map((condition) => ({ condition, holds: false }))],
    audiences,
  );
}

/** Nobody meets both. */
export function exclude(one: Condition, other: Condition, audiences?: Definitions): boolean {
  return isImpossible(
    [one, other].map((condition) => ({ condition, holds: true })),
    audiences,
  );
}

/** At least one of them is met, whoever is asked. */
export function coverAll(conditions: readonly Condition[], audiences?: Definitions): boolean {
  return isImpossible(
    conditions.map((condition) => ({ condition, holds: false })),
    audiences,
  );
}

interface Signed {
  condition: Condition;
  holds: boolean;
}

/** Ways to meet the demands that are looked at before one gives up and claims nothing. */
const MOST_WAYS = 500;

function isImpossible(demands: readonly Signed[], audiences: Definitions = {}): boolean {
  return !new Search(audiences).finds(demands, []);
}

type Leaf = Exclude<Condition, { all: unknown } | { any: unknown } | { not: Condition }>;

/** Tries every way to meet the demands, choice by choice, until the leaves of one of them do not contradict each other. */
class Search {
  private ways = 0;
  private readonly audiences: Definitions;

  constructor(audiences: Definitions) {
    this.audiences = audiences;
  }

  finds(open: readonly Signed[], leaves: readonly { leaf: Leaf; holds: boolean }[]): boolean {
    const [first, ...rest] = open;
    if (first === undefined) return ++this.ways > MOST_WAYS || areConsistent(leaves);
    if (this.ways > MOST_WAYS) return true;
    const { condition, holds } = first;
    const signed = (parts: readonly Condition[]): Signed[] => parts.map((part) => ({ condition: part, holds }));
    if ('all' in condition || 'any' in condition) {
      const parts = signed('all' in condition ? condition.all : condition.any);
      if ('all' in condition === holds) return this.finds([...parts, ...rest], leaves);
      return parts.some((part) => this.finds([part, ...rest], leaves));
    }
    if (isNegation(condition)) return this.finds([{ condition: condition.not, holds: !holds }, ...rest], leaves);
    if ('audience' in condition && Object.hasOwn(this.audiences, condition.audience))
      return this.finds([{ condition: this.audiences[condition.audience]!, holds }, ...rest], leaves);
    return this.finds(rest, [...leaves, { leaf: condition, holds }]);
  }
}

/** What the leaves ask of one thing: a value, or how often something happened. */
interface Subject {
  domain: Domain;
  /** Each must be met in one of its ways. */
  demands: Demand[][];
  /** Of history: what is counted. */
  event?: EventLeaf;
}

function areConsistent(leaves: readonly { leaf: Leaf; holds: boolean }[]): boolean {
  const subjects = new Map<string, Subject>();
  const words: { leaf: Leaf; holds: boolean }[] = [];
  for (const { leaf, holds } of leaves) {
    const subject = subjectOf(leaf);
    if (subject === undefined) {
      words.push({ leaf, holds });
      continue;
    }
    const { key, domain, event, operators } = subject;
    const known = subjects.get(key) ?? { domain, demands: [], ...(event === undefined ? {} : { event }) };
    const demands = operators.map(([operator, operand]) => ({ operator, operand, holds }));
    // All operators of a leaf hold; or, when the leaf does not, one of them does not.
    known.demands.push(...(holds ? demands.map((demand) => [demand]) : [demands]));
    subjects.set(key, known);
  }
  boundCounts([...subjects.values()].filter(({ event }) => event !== undefined));
  return [...subjects.values()].every((subject) => isPossible(subject)) && wordsAgree(words);
}

type Operators = [keyof Comparison, unknown][];

function subjectOf(leaf: Leaf): { key: string; domain: Domain; event?: EventLeaf; operators: Operators } | undefined {
  const operatorsOf = (comparison: object): Operators =>
    Object.entries(comparison).filter(([, operand]) => operand !== undefined) as Operators;
  // What an entry carried is known of nobody, and of a list each demand may be met by an item of its own.
  if (entriesOf(leaf).length > 0) return undefined;
  if ('attribute' in leaf && isListPath(leaf.attribute)) return undefined;
  if ('property' in leaf && isListPath(leaf.property)) return undefined;
  if ('attribute' in leaf) {
    const { attribute, ...comparison } = leaf;
    return { key: `attribute ${attribute}`, domain: 'value', operators: operatorsOf(comparison) };
  }
  if ('property' in leaf) {
    const { property, ...comparison } = leaf;
    return { key: `property ${property}`, domain: 'value', operators: operatorsOf(comparison) };
  }
  if ('daysSince' in leaf) {
    const { daysSince, ...comparison } = leaf;
    return { key: `days ${daysSince}`, domain: 'days', operators: operatorsOf(comparison) };
  }
  if (!('event' in leaf)) return undefined;
  const { count = { gte: 1 }, ...event } = leaf;
  return { key: `event ${canonicalJson(event)}`, domain: 'count', event, operators: operatorsOf(count) };
}

/** What is counted more narrowly is never more often than what is counted more widely. */
function boundCounts(counts: readonly Subject[]): void {
  for (const narrow of counts) {
    for (const wide of counts) {
      if (narrow === wide || !isNarrower(narrow.event!, wide.event!)) continue;
      wide.demands.push([{ operator: 'gte', operand: leastOf(narrow), holds: true }]);
    }
  }
}

/** The least count that what is certainly asked for allows. */
function leastOf({ demands }: Subject): number {
  const sure = demands.filter((ways) => ways.length === 1).flat();
  let least = 0;
  while (least < MOST_COUNTED && !canMeet([...sure, { operator: 'equals', operand: least, holds: true }], 'count'))
    least++;
  return least;
}

const MOST_COUNTED = 100;

function isNarrower(narrow: EventLeaf, wide: EventLeaf): boolean {
  if (narrow.event !== wide.event || !isWithin(narrow.within, wide.within)) return false;
  if (wide.where === undefined) return true;
  return narrow.where !== undefined && implies(narrow.where, [wide.where]);
}

/** Whether one length before now lies inside another, whatever the zone: both in one unit. */
function isWithin(inner: string | undefined, outer: string | undefined): boolean {
  if (outer === undefined) return true;
  const [a, b] = [inner, outer].map((text) => (text === undefined ? null : parseDuration(text)));
  if (a === undefined || b === undefined || a === null || b === null) return false;
  return a.months <= b.months && a.days <= b.days && a.ms <= b.ms;
}

/** Tries the ways of all demands of one subject. */
function isPossible({ domain, demands }: Subject): boolean {
  const sure = demands.filter((ways) => ways.length === 1).flat();
  const open = demands.filter((ways) => ways.length !== 1);
  const [first, ...rest] = open;
  if (first === undefined) return canMeet(sure, domain);
  if (!canMeet(sure, domain)) return false;
  return first.some((way) => isPossible({ domain, demands: [...sure.map((one) => [one]), [way], ...rest] }));
}

/**
 * Consents, messages, audiences by name, and what is asked of lists and entries: they hold or not. A consent is in some state, and where there are brands in
 * several at once: granted to one, withdrawn from another.
 */
function wordsAgree(words: readonly { leaf: Leaf; holds: boolean }[]): boolean {
  const held = words.filter(({ holds }) => holds).map(({ leaf }) => leaf);
  const denied = words.filter(({ holds }) => !holds).map(({ leaf }) => leaf);
  if (held.some((leaf) => denied.some((other) => says(leaf, other)))) return false;
  for (const leaf of denied)
    if (
      'consent' in leaf &&
      new Set(denied.flatMap((other) => (sameConsent(leaf, other) ? other.is : []))).size === STATES
    )
      return false;
  return true;
}

/** Granted, withdrawn, refused, pending, unknown. */
const STATES = 5;

type ConsentWord = Extract<Leaf, { consent: unknown }>;

const sameConsent = (one: ConsentWord, other: Leaf): other is ConsentWord =>
  'consent' in other && canonicalJson(one.consent) === canonicalJson(other.consent);

/** Whether the first word, where it holds, makes the second one hold. */
function says(leaf: Leaf, other: Leaf): boolean {
  if ('message' in leaf && 'message' in other) return messageSays(leaf, other);
  return canonicalJson(leaf) === canonicalJson(other);
}

function messageSays(leaf: MessageLeaf, other: MessageLeaf): boolean {
  const asked = Object.entries(other.message).filter(([, value]) => value !== undefined);
  const given: Record<string, unknown> = leaf.message;
  return (
    leaf.is === other.is && isWithin(leaf.within, other.within) && asked.every(([key, value]) => given[key] === value)
  );
}
