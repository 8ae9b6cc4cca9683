import type { Comparison, Condition } from './condition.ts';

const SIGNS: Partial<Record<keyof Comparison, string>> = {
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
};

/** A condition in words: `Order Completed at least once within 30d`, `country in FR, BE and not (status = vip)`. */
export function describeCondition(condition: Condition): string {
  return describe(condition, false);
}

function describe(condition: Condition, inside: boolean): string {
  if ('all' in condition) return joined(condition.all, ' and ', inside);
  if ('any' in condition) return joined(condition.any, ' or ', inside);
  if ('attribute' in condition) return compared(condition.attribute, condition);
  if ('property' in condition) return compared(condition.property, condition);
  if ('daysSince' in condition) return compared(`days since ${condition.daysSince}`, condition);
  if ('event' in condition) {
    const { event, where, count, within } = condition;
    const filtered = where === undefined ? event : `${event} with ${describe(where, true)}`;
    const counted =
      count === undefined ? filtered : compared(`number of ${where === undefined ? event : `(${filtered})`}`, count);
    return within === undefined ? counted : `${counted} within ${within}`;
  }
  if ('consent' in condition)
    return `consent to ${condition.consent.purpose} by ${condition.consent.channel} ${condition.is}`;
  if ('message' in condition) {
    const { template, scenario, channel } = condition.message;
    const what = [channel, template ?? 'message', scenario && `of ${scenario}`].filter(Boolean).join(' ');
    return `${what} ${condition.is}${condition.within === undefined ? '' : ` within ${condition.within}`}`;
  }
  if ('audience' in condition) return `in audience ${condition.audience}`;
  return `not (${describe(condition.not, false)})`;
}

function joined(parts: readonly Condition[], word: string, inside: boolean): string {
  if (parts.length === 1) return describe(parts[0]!, inside);
  const text = parts.map((part) => describe(part, true)).join(word);
  return inside ? `(${text})` : text;
}

function compared(subject: string, comparison: Comparison): string {
  const tests = Object.entries(SIGNS).flatMap(([operator, sign]) => {
    const value = comparison[operator as keyof Comparison];
    return value === undefined ? [] : [`${subject} ${sign} ${written(value)}`];
  });
  if (comparison.exists !== undefined) tests.push(`${subject} ${comparison.exists ? 'exists' : 'is missing'}`);
  return tests.length === 0 ? subject : tests.join(' and ');
}

const written = (value: unknown): string =>
  Array.isArray(value) ? value.map(written).join(', ') : typeof value === 'string' ? value : JSON.stringify(value);
