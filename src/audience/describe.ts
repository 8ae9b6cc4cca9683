import { isEntryReference, type Comparison, type Condition, type ConsentLeaf, type MessageLeaf } from './condition.ts';

type Operator = Exclude<keyof Comparison, 'exists'>;

/** How conditions are put into words in one language. Names of attributes, events and the like are left as they are. */
export interface ConditionWords {
  /** Between what is asked and a value. */
  operators: Record<Operator, string>;
  and: string;
  or: string;
  not: (condition: string) => string;
  exists: (subject: string) => string;
  missing: (subject: string) => string;
  daysSince: (attribute: string) => string;
  /** An event with a filter. */
  filtered: (event: string, where: string) => string;
  numberOf: (events: string) => string;
  within: (what: string, duration: string) => string;
  consent: (consent: ConsentLeaf) => string;
  message: (message: MessageLeaf) => string;
  audience: (name: string) => string;
  /** What the event that let the contact in carried under a path. */
  ofEntry: (path: string) => string;
  /** A value that is no text. */
  value: (value: unknown) => string;
}

const ENGLISH: ConditionWords = {
  operators: {
    equals: '=',
    not: '≠',
    in: 'in',
    notIn: 'not in',
    contains: 'contains',
    startsWith: 'starts with',
    endsWith: 'ends with',
    matches: 'matches',
    gt: '>',
    gte: '≥',
    lt: '<',
    lte: '≤',
    before: 'before',
    after: 'after',
  },
  and: 'and',
  or: 'or',
  not: (condition) => `not (${condition})`,
  exists: (subject) => `${subject} exists`,
  missing: (subject) => `${subject} is missing`,
  daysSince: (attribute) => `days since ${attribute}`,
  filtered: (event, where) => `${event} with ${where}`,
  numberOf: (events) => `number of ${events}`,
  within: (what, duration) => `${what} within ${duration}`,
  consent: ({ consent: { purpose, channel }, is }) => `consent to ${purpose} by ${channel} ${is}`,
  message: ({ message: { channel, template, scenario }, is }) =>
    `${[channel, template ?? 'message', scenario && `of ${scenario}`].filter(Boolean).join(' ')} ${is}`,
  audience: (name) => `in audience ${name}`,
  ofEntry: (path) => `${path} of the entry`,
  value: (value) => JSON.stringify(value),
};

/** A condition in words: `Order Completed at least once within 30d`, `country in FR, BE and not (status = vip)`. */
export function describeCondition(condition: Condition, words = ENGLISH): string {
  return describe(condition, false, words);
}

function describe(condition: Condition, inside: boolean, words: ConditionWords): string {
  if ('all' in condition) return joined(condition.all, words.and, inside, words);
  if ('any' in condition) return joined(condition.any, words.or, inside, words);
  if ('attribute' in condition) return compared(condition.attribute, condition, words);
  if ('property' in condition) return compared(condition.property, condition, words);
  if ('daysSince' in condition) return compared(words.daysSince(condition.daysSince), condition, words);
  if ('event' in condition) {
    const { event, where, count, within } = condition;
    const filtered = where === undefined ? event : words.filtered(event, describe(where, true, words));
    const counted =
      count === undefined
        ? filtered
        : compared(words.numberOf(where === undefined ? event : `(${filtered})`), count, words);
    return within === undefined ? counted : words.within(counted, within);
  }
  if ('consent' in condition) return words.consent(condition);
  if ('message' in condition) {
    const said = words.message(condition);
    return condition.within === undefined ? said : words.within(said, condition.within);
  }
  if ('audience' in condition) return words.audience(condition.audience);
  return words.not(describe(condition.not, false, words));
}

function joined(parts: readonly Condition[], word: string, inside: boolean, words: ConditionWords): string {
  if (parts.length === 1) return describe(parts[0]!, inside, words);
  const text = parts.map((part) => describe(part, true, words)).join(` ${word} `);
  return inside ? `(${text})` : text;
}

function compared(subject: string, comparison: Comparison, words: ConditionWords): string {
  const tests = Object.entries(words.operators).flatMap(([operator, sign]) => {
    const value = comparison[operator as Operator];
    return value === undefined ? [] : [`${subject} ${sign} ${written(value, words)}`];
  });
  if (comparison.exists !== undefined) tests.push(comparison.exists ? words.exists(subject) : words.missing(subject));
  return tests.length === 0 ? subject : tests.join(` ${words.and} `);
}

const written = (value: unknown, words: ConditionWords): string =>
  isEntryReference(value)
    ? words.ofEntry(value.entry)
    : Array.isArray(value)
      ? value.map((each) => written(each, words)).join(', ')
      : typeof value === 'string'
        ? value
        : words.value(value);
