import { z } from 'zod';
import { nearest, suggestion } from './nearest.ts';
import { notations, type Slip } from './notation.ts';
import { branchesOf, descend, optionsOf, requiredKeys, shapeOf, type Path, type Schema } from './schema-shape.ts';
import { kindWords } from './schema-words.ts';
import { clipped, show } from './shown.ts';

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

export type Plain = string | number | boolean | null;

export const isPlain = (value: unknown): value is Plain =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
export const isMapping = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

export function reach(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Object.hasOwn(value, part) ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  }
  return value;
}

/** A value that is at fault: what it is, where it stands, what may stand there, and how it is written in the file. */
export interface Subject {
  value: unknown;
  path: (string | number)[];
  schemas: Schema[];
  /** Of a number, truth value or text without quotes: as it stands in the file. */
  written?: string;
  /** What the schema itself says to write. */
  instead?: string;
}

/** What a notation says of a number or truth value that was meant as a text in it: `wait: 2`. */
function slipOf({ value, schemas, written }: Subject): Slip | undefined {
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  for (const schema of schemas.flatMap(branchesOf)) {
    const slip = notations.get(schema)?.slip(written ?? String(value));
    if (slip !== undefined) return slip;
  }
  return undefined;
}

/** Something of another kind than is needed; `expected` as zod names kinds. */
export function wrongType(expected: string, subject: Subject): Finding {
  const { value, path, instead, written } = subject;
  const slip = slipOf(subject);
  if (slip !== undefined) {
    const { code, message, hint } = slip;
    return {
      code,
      message: `${written ?? show(value)}: ${message}`,
      ...(hint === undefined ? {} : { hint }),
      path,
      place: 'value',
    };
  }
  const inQuotes = refusedText(expected, subject);
  if (instead === undefined && inQuotes !== undefined)
    return { code: 'wrong-value', message: `${written ?? show(value)}: ${inQuotes}`, path, place: 'value' };
  const hint = instead ?? rewritten(expected, subject);
  return {
    code: 'wrong-type',
    message: `${article(value, written)} stands where ${kindWords(expected)} is needed`,
    ...(hint === undefined ? {} : { hint }),
    path,
    place: 'value',
  };
}

/** What would be said of a number if it stood in quotes: to tell people to write these would only bring the next fault. */
function refusedText(expected: string, { value, schemas, written }: Subject): string | undefined {
  if (expected !== 'string' || typeof value !== 'number') return undefined;
  const [schema] = schemas;
  const result = schema === undefined ? undefined : z.safeParse(schema, written ?? String(value));
  return result?.error?.issues[0]?.message;
}

/** The value as it was probably meant: in quotes or without, as a list of one, as a map that says what it is. */
function rewritten(expected: string, subject: Subject): string | undefined {
  const { value, schemas, written } = subject;
  const kinds = expected.split(' or ');
  if (isMapping(value) && kinds.includes('array')) return 'begin it with - (a dash and a blank), once for each item';
  if (Array.isArray(value) && kinds.some((kind) => kind === 'object' || kind === 'record')) {
    if (value.every((item) => isMapping(item) && Object.keys(item).length > 0))
      return 'write keys, without - before them';
    return kinds.length === 1 ? mapHint(schemas) : undefined;
  }
  if (!isPlain(value) || value === null) return undefined;
  if (kinds.includes('string') && typeof value !== 'string')
    return `write it in quotes: ${JSON.stringify(written ?? String(value))}`;
  if (kinds.includes('array')) {
    const items = schemas.flatMap((schema) => descend([schema], [0]));
    return `write it as a list: [${asMap({ ...subject, schemas: items }) ?? bareText(value)}]`;
  }
  if (kinds.includes('boolean') && typeof value === 'string') {
    if (/^(?:yes|on|oui|ja|y|true)$/i.test(value)) return 'write true';
    if (/^(?:no|off|non|nein|n|false)$/i.test(value)) return 'write false';
  }
  if (kinds.some((kind) => kind === 'number' || kind === 'int')) {
    if (typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value.trim()))
      return `write it without quotes: ${value.trim()}`;
    return numberHint(schemas);
  }
  const map = asMap(subject);
  if (map !== undefined) return `write ${map}`;
  return kinds.some((kind) => kind === 'object') ? mapHint(schemas) : undefined;
}

/** A plain text as it may stand in a list or map in brackets. */
const bareText = (value: Plain): string => {
  const text = clipped(String(value));
  return typeof value === 'string' && /[,[\]{}:#"'&*!|>%@`]|^\s|\s$|^$/.test(text) ? JSON.stringify(text) : text;
};

/** `{ event: Form Submitted }`: the map that a text alone was probably meant to be; undefined when there is none. */
export function asMap({ value, path, schemas }: Subject): string | undefined {
  if (!isPlain(value) || value === null) return undefined;
  const fitting = schemas.flatMap(branchesOf).flatMap((option) => {
    const keys = requiredKeys(option);
    const [key] = keys;
    return keys.length === 1 && z.safeParse(option, { [key!]: value }).success ? [key!] : [];
  });
  const key = [path.at(-1), 'audience', fitting[0]].find((each) => fitting.includes(String(each)));
  return key === undefined ? undefined : `{ ${key}: ${bareText(value)} }`;
}

/** Which keys a map has that is needed here, when it cannot be told which value each was meant to have. */
function mapHint(schemas: Schema[]): string | undefined {
  for (const schema of schemas.flatMap(branchesOf)) {
    const keys = requiredKeys(schema);
    if (keys.length > 0) return `write ${keys.map((key) => `${key}: …`).join(' and ')} below it`;
    const optional = Object.keys(shapeOf(schema));
    if (optional.length > 0) return `write keys below it, such as ${optional.slice(0, 3).join(', ')}`;
  }
  return undefined;
}

/** `write a whole number from 0 to 100`. */
function numberHint(schemas: Schema[]): string | undefined {
  for (const schema of schemas.flatMap(branchesOf)) {
    const { minValue: minimum, maxValue: maximum } = schema as { minValue?: number | null; maxValue?: number | null };
    if (typeof minimum !== 'number' || !Number.isFinite(minimum)) continue;
    if (typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER)
      return `write a number from ${minimum} to ${maximum}`;
    if (minimum > Number.MIN_SAFE_INTEGER) return `write a number, ${minimum} or more`;
  }
  return undefined;
}

/** A value of the right kind that is none of those known; `instead`: what to write when nothing known is near. */
export function wrongValue(known: string[], subject: Subject): Finding {
  const { value, path, instead, written } = subject;
  const slip = slipOf(subject);
  if (slip !== undefined) return wrongType('', subject);
  const isNear = nearest(String(value), known) !== undefined;
  const map = isNear ? undefined : asMap(subject);
  const maps = subject.schemas.flatMap(branchesOf).flatMap((option) => {
    const keys = requiredKeys(option);
    return keys.length === 1 ? [`{ ${keys[0]}: … }`] : [];
  });
  return {
    code: 'wrong-value',
    message: `${typeof value === 'string' ? show(value) : (written ?? show(value))} is not known here`,
    ...(isNear || (instead === undefined && map === undefined)
      ? suggestion(String(value), isNear ? known : [...known, ...maps])
      : { hint: instead ?? `write ${map}` }),
    path,
    place: 'value',
  };
}

/** A schema's own words, with what they are about in front. */
export function said(value: unknown, path: Path, message: string): string {
  if (isPlain(value)) return `${show(value)}: ${message}`;
  return value === undefined && path.length > 0 ? `${show(path.at(-1))} ${message}` : message;
}

const article = (value: unknown, written?: string): string => {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'boolean') return show(value);
  return typeof value === 'number' ? `the number ${clipped(written ?? String(value))}` : `the text ${show(value)}`;
};

/** Options of the union among schemas that has as many as an issue tells of. */
export function optionsLike(schemas: Schema[], count: number): Schema[] {
  const union = schemas.find((schema) => optionsOf(schema).length === count);
  return union === undefined ? [] : optionsOf(union);
}
