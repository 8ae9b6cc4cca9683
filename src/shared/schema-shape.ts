import type { z } from 'zod';

/* Reads zod's own definitions, so that every schema explains itself without annotations. */

export type Path = readonly PropertyKey[];
export type Schema = z.core.$ZodType;

type Definition = {
  type: string;
  shape?: Record<string, Schema>;
  innerType?: Schema;
  in?: Schema;
  getter?: () => Schema;
  element?: Schema;
  valueType?: Schema;
  options?: Schema[];
  values?: unknown[];
  entries?: Record<string, unknown>;
};
const definition = (schema: Schema): Definition => schema._zod.def;

/** Takes off optional, default, transform and lazy wrappings. */
function bare(schema: Schema): Schema {
  const def = definition(schema);
  const inner = def.type === 'lazy' ? def.getter?.() : (def.innerType ?? (def.type === 'pipe' ? def.in : undefined));
  return inner === undefined ? schema : bare(inner);
}

export const shapeOf = (schema: Schema): Record<string, Schema> => definition(bare(schema)).shape ?? {};

export const optionsOf = (schema: Schema): Schema[] => definition(bare(schema)).options ?? [];

export function descend(schemas: Schema[], path: Path): Schema[] {
  return path.reduce<Schema[]>((found, part) => found.flatMap((schema) => child(schema, part)), schemas);
}

function child(schema: Schema, part: PropertyKey): Schema[] {
  const def = definition(bare(schema));
  if (def.options !== undefined) return def.options.flatMap((option) => child(option, part));
  const inner = def.shape === undefined ? (def.element ?? def.valueType) : def.shape[String(part)];
  return inner === undefined ? [] : [inner];
}

export function branchesOf(schema: Schema): Schema[] {
  const { options } = definition(bare(schema));
  return options === undefined ? [bare(schema)] : options.flatMap(branchesOf);
}

export function keysOf(schema: Schema): string[] {
  return branchesOf(schema).flatMap((branch) => Object.keys(definition(bare(branch)).shape ?? {}));
}

export function requiredKeys(schema: Schema): string[] {
  const { shape } = definition(bare(schema));
  return Object.entries(shape ?? {}).flatMap(([key, inner]) => (inner._zod.optin === undefined ? [key] : []));
}

export function valuesOf(schema: Schema): string[] {
  const def = definition(bare(schema));
  if (def.options !== undefined) return def.options.flatMap(valuesOf);
  return [...(def.values ?? []), ...Object.values(def.entries ?? {})].map(String);
}

export const typeName = (schema: Schema): string => {
  const { type } = definition(bare(schema));
  return type === 'enum' || type === 'literal' ? valuesOf(schema).join(' or ') : type;
};
