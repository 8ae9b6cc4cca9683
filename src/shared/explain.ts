import { z } from 'zod';
import {
  isMapping,
  isPlain,
  optionsLike,
  reach,
  said,
  wrongType,
  wrongValue,
  type Finding,
  type Subject,
} from './finding.ts';
import { nearest, suggestion } from './nearest.ts';
import {
  branchesOf,
  descend,
  keysOf,
  requiredKeys,
  typeName,
  valuesOf,
  type Path,
  type Schema,
} from './schema-shape.ts';
import { isUnworded } from './schema-words.ts';
import { show } from './shown.ts';

export type { Finding } from './finding.ts';

/** What to say when a required field is absent; without it, `missing-key`. */
export const onMissing = z.registry<{ code: string; hint: string }>();

type Issue = z.core.$ZodIssue;

/** How the plain value at a path is written in its file, where there is a file. */
export type Written = (path: Path) => string | undefined;

interface Place {
  root: Schema;
  data: unknown;
  /** Of `data` in the file. */
  base: Path;
  written: Written;
}

/** From so many on, keys that are missing from one map are told together. */
const TOGETHER = 3;

/** Turns a schema's issues into findings: one an unknown key, the likeliest branch of a union, the nearest known name. */
export function explain(
  issues: readonly Issue[],
  schema: Schema,
  data: unknown,
  written: Written = () => undefined,
): Finding[] {
  const findings = issues.flatMap((issue) => explainOne(issue, { root: schema, data, base: [], written }));
  const strangers = findings.filter(({ code }) => code === 'unknown-key');
  const covered = new Set(
    strangers
      .flatMap(({ path, meant }) => [
        path.slice(0, -1),
        ...(meant === undefined ? [] : [[...path.slice(0, -1), meant]]),
      ])
      .map(String),
  );
  const disturbed = new Set(strangers.map(({ path }) => JSON.stringify(path.slice(0, -1))));
  const told = new Set<string>();
  const telling = findings.filter(({ code, path, place }) => {
    // A key that was misspelt is also missing, and what is said of its map as a whole would be said of that: one is enough.
    if (code === 'missing-key' && covered.has(String(path))) return false;
    if ((code === 'missing-key' || code === 'wrong-value') && disturbed.has(JSON.stringify(path))) return false;
    // A text that is empty is not also too short: of a plain value one fault is told.
    const where = `${place} ${JSON.stringify(path)}`;
    if (place === 'value' && isPlain(reach(data, path)) && reach(data, path) !== null) {
      if (told.has(where)) return false;
      told.add(where);
    }
    return true;
  });
  return together(telling);
}

/** A map that lacks many keys has one fault, not one for each. */
function together(findings: Finding[]): Finding[] {
  const mapOf = ({ path }: Finding): string => JSON.stringify(path.slice(0, -1));
  const plain = findings.filter(
    ({ code, message, hint }) => code === 'missing-key' && hint === undefined && /^"[^"]*" is missing$/.test(message),
  );
  const many = new Map<string, Finding[]>();
  for (const finding of plain) many.set(mapOf(finding), [...(many.get(mapOf(finding)) ?? []), finding]);
  return findings.flatMap((finding) => {
    const all = many.get(mapOf(finding)) ?? [];
    if (all.length < TOGETHER || !all.includes(finding)) return [finding];
    if (finding !== all[0]) return [];
    const keys = all.map(({ path }) => String(path.at(-1)));
    return [
      {
        ...finding,
        path: finding.path.slice(0, -1),
        message: `${keys.slice(0, -1).join(', ')} and ${keys.at(-1)} are missing`,
      },
    ];
  });
}

function explainOne(issue: Issue, { root, data, base, written }: Place): Finding[] {
  const path = [...base, ...issue.path].map((part) => (typeof part === 'symbol' ? String(part) : part));
  const value = reach(data, issue.path);
  const schemas = descend([root], issue.path);
  const source = written(path);
  const instead = isUnworded(issue) || issue.message === '' ? undefined : issue.message;
  const subject: Subject = {
    value,
    path,
    schemas,
    ...(source === undefined ? {} : { written: source }),
    ...(instead === undefined ? {} : { instead }),
  };
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, [...path, key], knownHere(schemas, value, issue.keys)));
    case 'invalid_union':
      return explainUnion(issue, subject, written);
    case 'invalid_type':
      return [value === undefined ? missing(path, schemas) : wrongType(issue.expected, subject)];
    case 'invalid_value':
      return [value === undefined ? missing(path, schemas) : wrongValue(issue.values.map(String), subject)];
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues.slice(0, 1).map((inner) => ({
        code: codeOf(inner),
        message: `${show(path.at(-1))}: ${inner.message}`,
        ...hintOf(inner),
        path,
        place: 'key' as const,
      }));
    default:
      return [
        { code: codeOf(issue), message: said(value, path, issue.message), ...hintOf(issue), path, place: 'value' },
      ];
  }
}

const paramsOf = (issue: Issue): { code?: string; hint?: string } =>
  issue.code === 'custom' ? ((issue.params ?? {}) as { code?: string; hint?: string }) : {};
const codeOf = (issue: Issue): string => paramsOf(issue).code ?? 'wrong-value';
const hintOf = (issue: Issue): { hint?: string } => {
  const { hint } = paramsOf(issue);
  return hint === undefined ? {} : { hint };
};

/** The branch that was probably meant: the one with the fewest keys out of place. When none stands out, all are named. */
function explainUnion(issue: Extract<Issue, { code: 'invalid_union' }>, subject: Subject, written: Written): Finding[] {
  const { value, path, schemas, instead } = subject;
  const options = optionsLike(schemas, issue.errors.length);
  const choices = options.flatMap((option) => valuesOf(option));
  const isChoice = choices.length > 0 && isPlain(value) && value !== null;
  // A word among which one can choose, and a map besides: all that there is to choose from is told.
  if (isChoice && instead === undefined && options.some((option) => requiredKeys(option).length > 0))
    if (!issue.errors.some((issues) => issues.every(({ path: below }) => below.length > 0)))
      return [wrongValue(choices, { ...subject, schemas: options })];
  const ranked = issue.errors
    .map((issues, index) => ({ issues, option: options[index], misfit: misfit(issues, value, options[index]) }))
    .filter(({ misfit: score }) => score < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.misfit - b.misfit);
  const [best, second] = ranked;
  if (best?.option !== undefined && (second === undefined || best.misfit < second.misfit)) {
    const place = { root: best.option, data: value, base: path, written };
    return best.issues.flatMap((inner) => explainOne(inner, place));
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
  if (isChoice) return [wrongValue(choices, { ...subject, schemas: options })];
  if (instead !== undefined)
    return [{ code: 'wrong-value', message: said(value, path, instead), path, place: 'value' }];
  return [wrongType([...new Set(options.map(typeName))].join(' or '), { ...subject, schemas: options })];
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
    ...(key === '<<' ? { hint: 'maps are not merged here: write the keys out' } : suggestion(key, known)),
    ...(meant === undefined ? {} : { meant }),
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
