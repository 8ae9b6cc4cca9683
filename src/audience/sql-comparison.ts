import { isStorable } from '../shared/storable.ts';
import { ofItems } from './compare.ts';
import { isEntryReference, type Comparison, type EntryReference, type Scalar } from './condition.ts';
import { PATTERN_INPUT } from './pattern.ts';
import { ALWAYS, every, exact, NEVER, not, some, unless, type Answer } from './sql-answer.ts';
import { momentSql } from './sql-moment.ts';
import { hasHalfPair, hasNul, type Sheet } from './sql-sheet.ts';
import { isText, itemsSql, textOf, type SqlValue } from './sql-value.ts';

type Operator = keyof Comparison;

/** The operators of `compileComparison`, one by one, over a `jsonb` expression. */
const OPERATORS: {
  [Key in Operator]-?: (
    operand: Exclude<NonNullable<Comparison[Key]>, EntryReference>,
    json: string,
    sheet: Sheet,
  ) => Answer;
} = {
  equals: isOneOf,
  not: (operand, json, sheet) => not(isOneOf(operand, json, sheet)),
  in: (operand, json, sheet) => isAmong(operand, json, sheet),
  notIn: (operand, json, sheet) => not(isAmong(operand, json, sheet)),
  contains: (operand, json, sheet) =>
    some([
      isKept(operand)
        ? exact(
            `(CASE jsonb_typeof(${json}) WHEN 'array' THEN ${json} @> ${bindScalar(operand, sheet)} ELSE FALSE END)`,
          )
        : NEVER,
      typeof operand === 'string' ? texts(operand, json, sheet, (text, part) => `strpos(${text}, ${part}) > 0`) : NEVER,
    ]),
  startsWith: (operand, json, sheet) => texts(operand, json, sheet, (text, part) => `starts_with(${text}, ${part})`),
  endsWith: (operand, json, sheet) =>
    texts(operand, json, sheet, (text, part) => `right(${text}, length(${part})) = ${part}`),
  // The expressions of the two differ; those of JavaScript are asked in memory. It counts astral characters as two.
  matches: (_operand, json) => ({
    may: `COALESCE(length(${textOf(json)}) <= ${PATTERN_INPUT}, FALSE)`,
    must: 'FALSE',
  }),
  gt: (operand, json, sheet) => ordered(operand, '>', json, sheet),
  gte: (operand, json, sheet) => ordered(operand, '>=', json, sheet),
  lt: (operand, json, sheet) => ordered(operand, '<', json, sheet),
  lte: (operand, json, sheet) => ordered(operand, '<=', json, sheet),
  before: (operand, json, sheet) => momentSql(json, sheet).precedes(operand),
  after: (operand, json, sheet) => momentSql(json, sheet).follows(operand),
  exists: (operand, json) => {
    const isMissing = exact(`(COALESCE(jsonb_typeof(${json}), 'null') = 'null')`);
    return operand ? not(isMissing) : isMissing;
  },
};

/** All operators of a leaf over one value; every one of them must hold. */
export function comparisonSql({ json, odd }: SqlValue, comparison: Comparison, sheet: Sheet): Answer {
  const answer = every(
    (Object.keys(OPERATORS) as Operator[])
      .filter((operator) => comparison[operator] !== undefined)
      .map((operator) => {
        const operand: unknown = comparison[operator];
        // Nobody who is counted has an entry at hand, and nothing is compared with what is not there.
        if (isEntryReference(operand)) return operator === 'not' || operator === 'notIn' ? ALWAYS : NEVER;
        return (OPERATORS[operator] as (operand: unknown, json: string, sheet: Sheet) => Answer)(operand, json, sheet);
      }),
  );
  return odd === undefined ? answer : unless(odd, answer);
}

/** A leaf over the items of a list, as `compileListComparison` answers it. */
export function listComparisonSql(object: string, path: string, comparison: Comparison, sheet: Sheet): Answer {
  const { one, none } = ofItems(comparison);
  const oneIs = (of: Comparison): Answer => {
    if (!isStorable(path)) return NEVER;
    const { from, json } = itemsSql(object, path, sheet);
    const { may, must } = comparisonSql({ json }, of, sheet);
    const exists = (sql: string): string => (sql === 'FALSE' ? sql : `EXISTS (SELECT FROM ${from} WHERE ${sql})`);
    return { may: exists(may), must: exists(must) };
  };
  return every([...(one === null ? [] : [oneIs(one)]), ...none.map((of) => not(oneIs(of)))]);
}

/** Whole numbers of times, or of days: the operators that ask for a number, each by "at least so many". */
export function numberSql(comparison: Comparison, isThere: Answer, atLeast: (least: number) => Answer): Answer {
  const equals = (operand: unknown): Answer =>
    Number.isInteger(operand) ? every([atLeast(operand as number), not(atLeast((operand as number) + 1))]) : NEVER;
  const among = (operands: readonly unknown[]): Answer => some(operands.map(equals));
  const below = (least: number): Answer => every([isThere, not(atLeast(least))]);
  const parts = (Object.entries(comparison) as [Operator, unknown][]).map(([operator, operand]): Answer => {
    if (operand === undefined) return ALWAYS;
    if (operator === 'equals') return equals(operand);
    if (operator === 'not') return not(equals(operand));
    if (operator === 'in') return among(operand as unknown[]);
    if (operator === 'notIn') return not(among(operand as unknown[]));
    if (operator === 'exists') return operand === true ? isThere : not(isThere);
    // No other operator holds of a number.
    if (typeof operand !== 'number') return NEVER;
    if (operator === 'gte') return atLeast(Math.ceil(operand));
    if (operator === 'gt') return atLeast(Math.floor(operand) + 1);
    if (operator === 'lt') return below(Math.ceil(operand));
    return operator === 'lte' ? below(Math.floor(operand) + 1) : NEVER;
  });
  return every(parts);
}

/** Whether the database can hold it, so that something may be equal to it. */
const isKept = (scalar: Scalar): boolean =>
  typeof scalar === 'number' ? Number.isFinite(scalar) : typeof scalar !== 'string' || isStorable(scalar);

const bindScalar = (scalar: Scalar, sheet: Sheet): string => sheet.bind(JSON.stringify(scalar), 'jsonb');

/** `jsonb` compares strictly, as `===` does: the number 5 is not the text "5", and 5 is 5.0. */
function isOneOf(operand: Scalar, json: string, sheet: Sheet): Answer {
  return isKept(operand) ? exact(`COALESCE(${json} = ${bindScalar(operand, sheet)}, FALSE)`) : NEVER;
}

function isAmong(operands: readonly Scalar[], json: string, sheet: Sheet): Answer {
  const kept = operands.filter(isKept);
  return kept.length === 0 ? NEVER : exact(`COALESCE(${json} = ANY (${sheet.bindList(kept)}), FALSE)`);
}

/** Half a surrogate pair is a part of a whole one for JavaScript, and nothing for PostgreSQL. */
function texts(operand: string, json: string, sheet: Sheet, holds: (text: string, operand: string) => string): Answer {
  if (hasNul(operand)) return NEVER;
  if (hasHalfPair(operand)) return { may: isText(json), must: 'FALSE' };
  return exact(`COALESCE(${holds(textOf(json), sheet.bind(operand, 'text'))}, FALSE)`);
}

/** Units of UTF-16 that PostgreSQL may order differently: its "C" goes by code points, in which astral ones come last. */
const DISORDERED = /[\ud800-\uffff]/;

function ordered(operand: Scalar, sign: string, json: string, sheet: Sheet): Answer {
  if (typeof operand === 'number') {
    if (!Number.isFinite(operand)) return { may: `COALESCE(jsonb_typeof(${json}) = 'number', FALSE)`, must: 'FALSE' };
    const bound = sheet.bind(String(operand), 'numeric');
    return exact(`(CASE jsonb_typeof(${json}) WHEN 'number' THEN (${json})::numeric ${sign} ${bound} ELSE FALSE END)`);
  }
  if (typeof operand !== 'string') return NEVER;
  if (hasNul(operand) || DISORDERED.test(operand)) return { may: isText(json), must: 'FALSE' };
  return exact(`COALESCE(${textOf(json)} COLLATE "C" ${sign} ${sheet.bind(operand, 'text')}, FALSE)`);
}
