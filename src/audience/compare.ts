import { instantOf, readMoment } from '../calendar/index.ts';
import { isEntryReference, type Comparison, type EntryReference, type Scalar } from './condition.ts';
import { isListPath, listReader, pathReader } from './path.ts';
import { compilePattern } from './pattern.ts';

/** Whether a value stands the test of one operator; dates without an hour begin in the zone given. */
export type Test = (value: unknown, zone: string, entry?: EntryProperties) => boolean;

/** What the entry event carried; undefined where nothing let the contact in, or nobody is inside. */
export type EntryProperties = Readonly<Record<string, unknown>> | undefined;

type Operator = keyof Comparison;

/**
 * One entry an operator. Values are compared strictly: the number 5 is not the text "5", and order holds between two
 * numbers, or two texts by their characters, and never between the two. A missing value makes all of them false,
 * but `exists: false`, `not` and `notIn`.
 */
const OPERATORS: { [Key in Operator]-?: (operand: Exclude<NonNullable<Comparison[Key]>, EntryReference>) => Test } = {
  equals: (operand) => (value) => value === operand,
  not: (operand) => (value) => value !== operand,
  in: (operand) => {
    const set = new Set<unknown>(operand);
    return (value) => set.has(value);
  },
  notIn: (operand) => {
    const set = new Set<unknown>(operand);
    return (value) => !set.has(value);
  },
  contains: (operand) => (value) =>
    Array.isArray(value)
      ? value.includes(operand)
      : typeof value === 'string' && typeof operand === 'string' && value.includes(operand),
  startsWith: (operand) => (value) => typeof value === 'string' && value.startsWith(operand),
  endsWith: (operand) => (value) => typeof value === 'string' && value.endsWith(operand),
  matches: (operand) => {
    const isFound = compilePattern(operand);
    return (value) => typeof value === 'string' && isFound(value);
  },
  gt: (operand) => ordered(operand, (order) => order > 0),
  gte: (operand) => ordered(operand, (order) => order >= 0),
  lt: (operand) => ordered(operand, (order) => order < 0),
  lte: (operand) => ordered(operand, (order) => order <= 0),
  before: (operand) => dated(operand, (order) => order < 0),
  after: (operand) => dated(operand, (order) => order > 0),
  exists: (operand) => (value) => isMissing(value) !== operand,
};

/** Null, undefined and absent are one: missing. */
export const isMissing = (value: unknown): boolean => value === undefined || value === null;

/** Compiles all operators of a leaf; every one of them must hold. */
export function compileComparison(comparison: Comparison): Test {
  const tests = (Object.keys(OPERATORS) as Operator[])
    .filter((operator) => comparison[operator] !== undefined)
    .map((operator) => {
      const operand = comparison[operator];
      return isEntryReference(operand) ? withEntry(operator, operand.entry) : withOperand(operator, operand);
    });
  const [only] = tests;
  return only !== undefined && tests.length === 1
    ? only
    : (value, zone, entry) => tests.every((test) => test(value, zone, entry));
}

const withOperand = (operator: Operator, operand: unknown): Test =>
  (OPERATORS[operator] as (operand: unknown) => Test)(operand);

/** Nothing is compared with what the entry event lacks: false then, but for `not` and `notIn`. */
function withEntry(operator: Operator, path: string): Test {
  const isOfList = operator === 'in' || operator === 'notIn';
  const read = isListPath(path) ? listReader(path) : pathReader(path);
  return (value, zone, entry) => {
    const operand = entry === undefined ? undefined : read(entry);
    const fits = isOfList ? Array.isArray(operand) : isScalar(operand);
    return fits ? withOperand(operator, operand)(value, zone) : operator === 'not' || operator === 'notIn';
  };
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/**
 * Compiles a leaf over the items of a list: one of them must stand all its operators, and none may be what `not`,
 * `notIn` and `exists: false` speak of. Without items nothing holds but these three.
 */
export function compileListComparison(
  comparison: Comparison,
): (values: unknown[], zone: string, entry?: EntryProperties) => boolean {
  const { one, none } = ofItems(comparison);
  const stands = one === null ? null : compileComparison(one);
  const denied = none.map(compileComparison);
  return (values, zone, entry) =>
    (stands === null || values.some((value) => stands(value, zone, entry))) &&
    !denied.some((is) => values.some((value) => is(value, zone, entry)));
}

/** What a leaf over a list asks: what one item must be, and what none may be. */
export function ofItems(comparison: Comparison): { one: Comparison | null; none: Comparison[] } {
  const { not, notIn, exists, ...positive } = comparison;
  const one: Comparison = exists === true ? { ...positive, exists } : positive;
  const none: Comparison[] = [];
  if (not !== undefined) none.push({ equals: not });
  if (notIn !== undefined) none.push({ in: notIn });
  if (exists === false) none.push({ exists: true });
  const asksOne = (Object.keys(OPERATORS) as Operator[]).some((operator) => one[operator] !== undefined);
  return { one: asksOne ? one : null, none };
}

function ordered(operand: Scalar, holds: (order: number) => boolean): Test {
  return (value) => {
    if (typeof value === 'number' && typeof operand === 'number') return holds(value - operand);
    if (typeof value !== 'string' || typeof operand !== 'string') return false;
    return holds(value < operand ? -1 : value > operand ? 1 : 0);
  };
}

/** A day without an hour stands for its first instant in the contact's zone; a date without a year is before and after nothing. */
function dated(operand: string, holds: (order: number) => boolean): Test {
  const bound = readMoment(operand);
  return (value, zone) => {
    const moment = readMoment(value);
    const [at, than] = [moment && instantOf(moment, zone), bound && instantOf(bound, zone)];
    return at !== null && than !== null && holds(at - than);
  };
}
