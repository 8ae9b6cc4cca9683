import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import {
  branchesOf,
  descend,
  keysOf,
  optionsOf,
  requiredKeys,
  typeName,
  valuesOf,
  type Path,
  type Schema,
} from './schema-shape.ts';

/** What a schema found wrong, in words for the person who wrote the value. */
export interface Finding {
  code: string;
  message: string;
  hint?: string;
  path: (string | number)[];
  /** The key that an unknown one was probably meant to be. */
  meant?: string;
  /** Which end of the path is at fault: its key (an unknown one) or its value. */
  place: 'key' | 'value';
}

/** What to say when a required field is absent; without it, `missing-key`. */
export const onMissing = z.registry<{ code: string; hint: string }>();

type Issue = z.core.$ZodIssue;

/** Turns a schema's issues into findings: one an unknown key, the likeliest branch of a union, the nearest known name. */
export function explain(issues: readonly Issue[], schema: Schema, data: unknown): Finding[] {
  const findings = issues.flatMap((issue) => explainOne(issue, schema, data, []));
  const strangers = findings.filter(({ code }) => code === 'unknown-key');
  const covered = new Set(
    strangers
      .flatMap(({ path, meant }) => [
        path.slice(0, -1),
        ...(meant === undefined ? [] : [[...path.slice(0, -1), meant]]),
      ])
      .map(String),
  );
  // A key that was misspelt is also missing: one fault is enough.
  return findings.filter(({ code, path }) => !(code === 'missing-key' && covered.has(String(path))));
}

function explainOne(issue: Issue, root: Schema, data: unknown, base: Path): Finding[] {
  const path = [...base, ...issue.path].map((part) => (typeof part === 'symbol' ? String(part) : part));
  const value = reach(data, issue.path);
  const schemas = descend([root], issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, [...path, key], knownHere(schemas, value, issue.keys)));
    case 'invalid_union':
      return explainUnion(issue, schemas, value, path);
    case 'invalid_type':
      return [value === undefined ? missing(path, schemas) : wrongType(issue.expected, value, path, insteadOf(issue))];
    case 'invalid_value':
      return [
        value === undefined
          ? missing(path, schemas)
          : wrongValue(value, issue.values.map(String), path, insteadOf(issue)),
      ];
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.map(({ message }) => ({
        code: 'wrong-value',
        message: `${show(path.at(-1))}: ${message}`,
        path,
        place: 'key' as const,
      }));
    case 'custom': {
      const { code, hint } = (issue.params ?? {}) as { code?: string; hint?: string };
      return [
        {
          code: code ?? 'wrong-value',
          message: said(value, path, issue.message),
          ...(hint === undefined ? {} : { hint }),
          path,
          place: 'value',
        },
      ];
    }
    default:
      return [{ code: 'wrong-value', message: said(value, path, issue.message), path, place: 'value' }];
  }
}

/** The branch that was probably meant: the one with the fewest keys out of place. When none stands out, all are named. */
function explainUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  schemas: Schema[],
  value: unknown,
  path: (string | number)[],
): Finding[] {
  const union = schemas.find((schema) => optionsOf(schema).length === issue.errors.length);
  const options = union === undefined ? [] : optionsOf(union);
  const ranked = issue.errors
    .map((issues, index) => ({ issues, option: options[index], misfit: misfit(issues, value, options[index]) }))
    .filter(({ misfit: score }) => score < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.misfit - b.misfit);
  const [best, second] = ranked;
  if (best?.option !== undefined && (second === undefined || best.misfit < second.misfit)) {
    return best.issues.flatMap((inner) => explainOne(inner, best.option!, value, path));
  }
  if (value === undefined) return [missing(path, schemas)];
  if (isMapping(value)) {
    const distinguishing = options.map((option) => requiredKeys(option)).filter((keys) => keys.length > 0);
    const known = [...new Set(options.flatMap(keysOf))];
    const stranger = Object.keys(value).find((key) => !known.includes(key));
    const kinds = [...new Set(distinguishing.map((keys) => keys[0]!))];
    const present = kinds.filter((kind) => kind in value);
    if (present.length > 1) {
      const message = `${present.map(show).join(' and ')} do not go together`;
      return [{ code: 'unknown-key', message, hint: 'keep one of them', path: [...path, present[1]!], place: 'key' }];
    }
    if (stranger !== undefined) return [unknownKey(stranger, [...path, stranger], kinds)];
    return [
      {
        code: 'missing-key',
        message: 'nothing here says what it is',
        hint: `write one of ${kinds.join(', ')}`,
        path,
        place: 'value',
      },
    ];
  }
  const choices = options.flatMap((option) => valuesOf(option));
  if (choices.length > 0 && isPlain(value)) return [wrongValue(value, choices, path, insteadOf(issue))];
  if (issue.message !== 'Invalid input')
    return [{ code: 'wrong-value', message: said(value, path, issue.message), path, place: 'value' }];
  return [
    wrongType(
      options
        .map(typeName)
        .filter((type, index, all) => all.indexOf(type) === index)
        .join(' or '),
      value,
      path,
    ),
  ];
}

/**
 * How badly a value misses a branch: infinite when of another type, else by keys unknown or missing at its own level.
 * What is wrong further down counts for less than one key here, and so does a missing key with an explanation of its own.
 */
function misfit(issues: readonly Issue[], value: unknown, option: Schema | undefined): number {
  let here = 0;
  let below = 0;
  for (const issue of issues) {
    if (issue.path.length === 0) {
      if (issue.code === 'invalid_type') return Number.POSITIVE_INFINITY;
      if (issue.code === 'invalid_union' && !isMapping(value)) return Number.POSITIVE_INFINITY;
      if (issue.code === 'invalid_value' && !isPlain(value)) return Number.POSITIVE_INFINITY;
      here += issue.code === 'unrecognized_keys' ? issue.keys.length : 0.1;
    } else if (issue.path.length === 1 && reach(value, issue.path) === undefined) {
      const explained = option !== undefined && descend([option], issue.path).some((schema) => onMissing.has(schema));
      here += explained ? 0.01 : 1;
    } else {
      below += issue.code === 'unrecognized_keys' || reach(value, issue.path) === undefined ? 0.2 : 0.01;
    }
  }
  return here + Math.min(below, 0.9);
}

function unknownKey(key: string, path: (string | number)[], known: string[]): Finding {
  const meant = nearest(key, known);
  return {
    code: 'unknown-key',
    message: `there is no ${show(key)} here`,
    ...suggestion(key, known),
    meant,
    path,
    place: 'key',
  };
}

/** The keys of the one branch, when there are several, to which just these keys are strange. */
function knownHere(schemas: Schema[], value: unknown, strange: readonly string[]): string[] {
  const present = Object.keys(value ?? {}).length;
  const branches = schemas.flatMap(branchesOf).map(keysOf);
  const fitting = branches.filter((keys) => strange.every((key) => !keys.includes(key)));
  return (
    fitting.find((keys) => keys.filter((key) => Object.hasOwn(value ?? {}, key)).length === present - strange.length) ??
    branches.flat()
  );
}

function missing(path: (string | number)[], schemas: Schema[]): Finding {
  const special = schemas.map((schema) => onMissing.get(schema)).find((entry) => entry !== undefined);
  return {
    code: special?.code ?? 'missing-key',
    message: `${show(path.at(-1))} is missing`,
    ...(special === undefined ? {} : { hint: special.hint }),
    path,
    place: 'value',
  };
}

function wrongType(expected: string, value: unknown, path: (string | number)[], instead?: string): Finding {
  const hint = instead === undefined ? rewritten(expected, value) : { hint: instead };
  return {
    code: 'wrong-type',
    message: `${article(value)} stands where ${wanted(expected)} is needed`,
    ...hint,
    path,
    place: 'value',
  };
}

/** The value as it was probably meant: a text in quotes, or one thing as a list of it. */
function rewritten(expected: string, value: unknown): { hint?: string } {
  if (!isPlain(value) || value === null) return {};
  if (expected === 'string') return { hint: `write it in quotes: ${JSON.stringify(String(value))}` };
  return expected === 'array' ? { hint: `write it as a list: [${String(value)}]` } : {};
}

/** What the schema itself says to write; undefined where it has nothing of its own to say. */
const insteadOf = ({ message }: Issue): string | undefined =>
  /^Invalid (?:input|option)/.test(message) ? undefined : message;

/** `instead`: what to write when nothing known is near. */
function wrongValue(value: unknown, known: string[], path: (string | number)[], instead?: string): Finding {
  const isNear = nearest(String(value), known) !== undefined;
  return {
    code: 'wrong-value',
    message: `${show(value)} is not known here`,
    ...(instead === undefined || isNear ? suggestion(String(value), known) : { hint: instead }),
    path,
    place: 'value',
  };
}

/** `did you mean …?` when one is near enough, else all there are. */
function suggestion(text: string, known: string[]): { hint?: string } {
  const near = nearest(text, known);
  if (near !== undefined) return { hint: `did you mean ${near}?` };
  const all = [...new Set(known)];
  return all.length === 0 ? {} : { hint: `known here: ${all.join(', ')}` };
}

/** The candidate a slip of the keyboard away from the text; undefined when none is near. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const [a, b] = [text.toLowerCase(), candidate.toLowerCase()];
    // Letters in the wrong order are one slip, not the two that the distance counts.
    const steps = a !== b && a.length === b.length && sorted(a) === sorted(b) ? 1 : distance(a, b);
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best !== undefined && least <= Math.max(1, Math.floor(Math.max(text.length, best.length) / 3))
    ? best
    : undefined;
}

const sorted = (text: string): string => text.split('').sort().join('');

const isPlain = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
const isMapping = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** A schema's own words, with what they are about in front. */
function said(value: unknown, path: Path, message: string): string {
  if (isPlain(value)) return `${show(value)}: ${message}`;
  return value === undefined && path.length > 0 ? `${show(path.at(-1))} ${message}` : message;
}

const article = (value: unknown): string => {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'boolean') return show(value);
  return `${typeof value === 'number' ? 'the number' : 'the text'} ${show(value)}`;
};

const WANTED: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'nothing',
};
const wanted = (expected: string): string =>
  expected
    .split(' or ')
    .map((type) => WANTED[type] ?? type)
    .join(' or ');

function reach(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}
