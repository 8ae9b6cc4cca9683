import { instantOf, readMoment } from '../calendar/index.ts';
import type { Comparison, Scalar } from './condition.ts';
import { compilePattern } from './pattern.ts';

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

/** A day without an hour stands for its first instant in the contact's zone; a date without a year is before and after nothing. */
function dated(operand: string, holds: (order: number) => boolean): Test {
  const bound = readMoment(operand);
  return (value, zone) => {
    const moment = readMoment(value);
    const [at, than] = [moment && instantOf(moment, zone), bound && instantOf(bound, zone)];
    return at !== null && than !== null && holds(at - than);
  };
}
