import { atLocal, parseDate } from '../calendar/index.ts';
import { parseInstant, type Instant } from '../shared/clock.ts';
import type { Comparison, Scalar } from './condition.ts';
import { PATTERN_INPUT } from './pattern.ts';

/** Whether a value stands the test of one operator; dates without an hour begin in the zone given. */
export type Test = (value: unknown, zone: string) => boolean;

type Operator = keyof Comparison;

/**
 * One entry an operator. Values are compared strictly: the number 5 is not the text "5", and order holds between two
 * numbers, or two texts by their characters, and never between the two. A missing value makes all of them false,
 * but `exists: false`, `not` and `notIn`.
 */
const OPERATORS: { [Key in Operator]-?: (operand: NonNullable<Comparison[Key]>) => Test } = {
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
    const pattern = new RegExp(operand, 'u');
    return (value) => typeof value === 'string' && value.length <= PATTERN_INPUT && pattern.test(value);
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
    .map((operator) => (OPERATORS[operator] as (operand: unknown) => Test)(comparison[operator]));
  const [only] = tests;
  return only !== undefined && tests.length === 1 ? only : (value, zone) => tests.every((test) => test(value, zone));
}

function ordered(operand: Scalar, holds: (order: number) => boolean): Test {
  return (value) => {
    if (typeof value === 'number' && typeof operand === 'number') return holds(value - operand);
    if (typeof value !== 'string' || typeof operand !== 'string') return false;
    return holds(value < operand ? -1 : value > operand ? 1 : 0);
  };
}

/** A day without an hour stands for its first instant in the contact's zone; two such days need no zone. */
function dated(operand: string, holds: (order: number) => boolean): Test {
  const bound = momentOf(operand);
  return (value, zone) => {
    const moment = typeof value === 'string' ? momentOf(value) : null;
    return moment !== null && bound !== null && holds(instantOf(moment, zone) - instantOf(bound, zone));
  };
}

type Moment = Instant | { year: number; month: number; day: number };

/** Reads a date or an instant; null when the text is neither, or is a date without a year. */
export function momentOf(text: string): Moment | null {
  const date = parseDate(text);
  if (date !== null) return date.year === null ? null : { year: date.year, month: date.month, day: date.day };
  const instant = parseInstant(text);
  return Number.isNaN(instant) ? null : instant;
}

export function instantOf(moment: Moment, zone: string): Instant {
  return typeof moment === 'number' ? moment : atLocal(moment, { hour: 0, minute: 0 }, zone);
}
