import { instantOf, readMoment } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import { compileComparison } from './compare.ts';
import type { Comparison } from './condition.ts';

/** One operator of a leaf, held true or held false. */
export interface Demand {
  operator: keyof Comparison;
  operand: unknown;
  holds: boolean;
}

/** What a value can be: anything JSON knows or nothing; whole days or nothing; how often something happened. */
export type Domain = 'value' | 'days' | 'count';

/**
 * Whether a value can meet all demands at once. True where that cannot be told; false is certain, in every time zone.
 */
export function canMeet(demands: readonly Demand[], domain: Domain): boolean {
  const stands = (value: unknown): boolean => demands.every((demand) => mayMeet(demand, value));
  if (domain !== 'count' && (stands(undefined) || stands(null))) return true;
  const listed = demands.find(isListing);
  if (listed !== undefined) return candidates(listed).some(stands);
  if (domain !== 'value') return someNumber(demands, true, domain === 'count' ? 0 : -Infinity);
  return (
    stands(true) || stands(false) || someNumber(demands, false, -Infinity) || someText(demands) || someList(demands)
  );
}

/** Leaves no values but those it names. */
const isListing = ({ operator, holds }: Demand): boolean =>
  holds ? operator === 'equals' || operator === 'in' : operator === 'not' || operator === 'notIn';

const candidates = ({ operand }: Demand): unknown[] => (Array.isArray(operand) ? operand : [operand]);

/** The very test of `evaluate`, but for dates, where a day begins at another instant in every zone. */
function mayMeet({ operator, operand, holds }: Demand, value: unknown): boolean {
  if (operator !== 'before' && operator !== 'after')
    return compileComparison({ [operator]: operand })(value, 'UTC') === holds;
  if (!holds) return true;
  return operator === 'before' ? mayPrecede(value, operand) : mayPrecede(operand, value);
}

/** Days begin within two days of their beginning in UTC, wherever one is, calendars that skip a day included. */
const SLACK = 2 * 86_400_000;

/** Whether the first of two dates, times or instants may lie before the second, in some zone. */
function mayPrecede(first: unknown, second: unknown): boolean {
  const [a, b] = [utcOf(first), utcOf(second)];
  if (a === null || b === null) return false;
  return a.at - (a.isInstant === b.isInstant ? 0 : SLACK) < b.at;
}

function utcOf(value: unknown): { at: Instant; isInstant: boolean } | null {
  const moment = readMoment(value);
  const at = moment && instantOf(moment, 'UTC');
  return moment === null || at === null ? null : { at, isInstant: moment.kind === 'instant' };
}

interface Bound<Value> {
  at: Value;
  open: boolean;
}

/** Demands on order as they bind values of one type; null when one of them no value of that type can meet. */
function range<Value extends string | number>(
  demands: readonly Demand[],
  type: 'string' | 'number',
): { low: Bound<Value>[]; high: Bound<Value>[] } | null {
  const low: Bound<Value>[] = [];
  const high: Bound<Value>[] = [];
  for (const { operator, operand, holds } of demands) {
    const order = ORDER[operator];
    if (order === undefined) continue;
    // Order never holds between a number and a text.
    if (typeof operand !== type) {
      if (holds) return null;
      continue;
    }
    const { above, open } = order;
    (above === holds ? low : high).push({ at: operand as Value, open: holds ? open : !open });
  }
  return { low, high };
}

const ORDER: { [Key in keyof Comparison]?: { above: boolean; open: boolean } } = {
  gt: { above: true, open: true },
  gte: { above: true, open: false },
  lt: { above: false, open: true },
  lte: { above: false, open: false },
};

/** True when nothing lies between some lower and some upper bound. */
function isEmpty<Value extends string | number>({ low, high }: { low: Bound<Value>[]; high: Bound<Value>[] }): boolean {
  return low.some((from) => high.some((to) => from.at > to.at || (from.at === to.at && (from.open || to.open))));
}

/** As many numbers as this are tried one by one where only whole ones count. */
const MOST_TRIED = 64;

function someNumber(demands: readonly Demand[], whole: boolean, least: number): boolean {
  const bounds = range<number>(demands, 'number');
  if (bounds === null || isEmpty(bounds)) return false;
  if (demands.some((demand) => ORDER[demand.operator] === undefined && !numbersMeet(demand))) return false;
  if (isBetweenNoDates(demands)) return false;
  const stands = (value: number): boolean => demands.every((demand) => mayMeet(demand, value));
  const floor = whole ? ({ at, open }: Bound<number>) => (open ? Math.floor(at) + 1 : Math.ceil(at)) : valueOf;
  const ceiling = whole ? ({ at, open }: Bound<number>) => (open ? Math.ceil(at) - 1 : Math.floor(at)) : valueOf;
  const low = Math.max(least, ...bounds.low.map(floor));
  const high = Math.min(Infinity, ...bounds.high.map(ceiling));
  if (low > high) return false;
  if (!whole) return low < high || stands(low);
  if (!(high - low < MOST_TRIED)) return true;
  for (let value = low; value <= high; value++) if (stands(value)) return true;
  return false;
}

const valueOf = ({ at }: Bound<number>): number => at;

/** Whether all numbers but finitely many meet a demand that is not about order, and lists none. */
function numbersMeet({ operator, operand, holds }: Demand): boolean {
  if (operator === 'exists') return operand === holds;
  return operator === 'not' || operator === 'notIn' || operator === 'before' || operator === 'after' || !holds;
}

function someText(demands: readonly Demand[]): boolean {
  const bounds = range<string>(demands, 'string');
  if (bounds === null || isEmpty(bounds)) return false;
  const point = bounds.low.find(({ at }) => bounds.high.some((to) => to.at === at))?.at;
  if (point !== undefined) return demands.every((demand) => mayMeet(demand, point));
  return demands.every((demand) => textsMeet(demand, demands)) && !isBetweenNoDates(demands);
}

function textsMeet({ operator, operand, holds }: Demand, all: readonly Demand[]): boolean {
  const others = (wanted: keyof Comparison): string[] =>
    all.flatMap((one) => (one.operator === wanted && one.holds && typeof one.operand === 'string' ? one.operand : []));
  const text = typeof operand === 'string' ? operand : undefined;
  switch (operator) {
    case 'exists':
      return operand === holds;
    case 'startsWith':
      if (!holds) return !others('startsWith').some((other) => other.startsWith(text!));
      return others('startsWith').every((other) => other.startsWith(text!) || text!.startsWith(other));
    case 'endsWith':
      if (!holds) return !others('endsWith').some((other) => other.endsWith(text!));
      return others('endsWith').every((other) => other.endsWith(text!) || text!.endsWith(other));
    case 'contains':
      if (text === undefined) return !holds;
      return (
        holds ||
        ![...others('contains'), ...others('startsWith'), ...others('endsWith')].some((other) => other.includes(text))
      );
    case 'matches':
      return holds || !others('matches').includes(text!);
    default:
      return true;
  }
}

function isBetweenNoDates(demands: readonly Demand[]): boolean {
  const of = (wanted: keyof Comparison): string[] =>
    demands.flatMap(({ operator, operand, holds }) => (operator === wanted && holds ? [operand as string] : []));
  const denied = demands.some(
    (one) =>
      !one.holds &&
      (one.operator === 'before' || one.operator === 'after') &&
      of(one.operator).includes(one.operand as string),
  );
  return denied || of('after').some((after) => of('before').some((before) => !mayPrecede(after, before)));
}

/** A list or a map: it can contain, it is there, and it is nothing else. */
function someList(demands: readonly Demand[]): boolean {
  const contained = demands.filter(({ operator }) => operator === 'contains');
  const denied = contained.filter(({ holds }) => !holds).map(({ operand }) => operand);
  return (
    demands.every(({ operator, operand, holds }) => {
      if (operator === 'exists') return operand === holds;
      return !holds || operator === 'not' || operator === 'notIn' || operator === 'contains';
    }) && !contained.some(({ operand, holds }) => holds && denied.includes(operand))
  );
}
