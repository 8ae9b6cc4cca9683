/** Stands in a path for every item of the list before it. */
export const EACH = null;

/** A property by its name or an item by its number; `EACH` for all items. */
type Part = string | typeof EACH;

/** True when a path leads to many values: `products[].category`. */
export const isListPath = (path: string): boolean => path.includes('[]');

/** A dotted path as its parts: `orders[].items[].sku` is orders, each, items, each, sku. */
export function partsOf(path: string): Part[] {
  return path.split('.').flatMap((written): Part[] => {
    const name = written.replace(/(\[\])+$/, '');
    return [name, ...Array.from({ length: (written.length - name.length) / 2 }, () => EACH)];
  });
}

/** Reads a dotted path of own properties; list items by their number. Undefined when there is nothing. */
export function pathReader(path: string): (values: Readonly<Record<string, unknown>>) => unknown {
  const [first, ...rest] = path.split('.') as [string, ...string[]];
  if (rest.length === 0) return (values) => (Object.hasOwn(values, first) ? values[first] : undefined);
  return (values) => {
    let value: unknown = values;
    for (const part of [first, ...rest]) value = member(value, part);
    return value;
  };
}

/** Reads a path with `[]`: one value an item, undefined for one that has none there. None of what is no list. */
export function listReader(path: string): (values: Readonly<Record<string, unknown>>) => unknown[] {
  const parts = partsOf(path);
  return (values) => {
    let found: unknown[] = [values];
    for (const part of parts)
      found =
        part === EACH
          ? found.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []))
          : found.map((value) => member(value, part));
    return found;
  };
}

/**
 * Where a path goes into a list as if it were one thing: `products` of `products.category`. Undefined where it does not,
 * of these values.
 */
export function listWithin(values: Readonly<Record<string, unknown>>, path: string): string | undefined {
  const parts = partsOf(path);
  let reached: unknown[] = [values];
  let written = '';
  for (const part of parts) {
    if (part === EACH) {
      reached = reached.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []));
      written += '[]';
      continue;
    }
    if (!isNumber(part) && reached.some((value) => Array.isArray(value))) return written;
    reached = reached.map((value) => member(value, part));
    written += written === '' ? part : `.${part}`;
  }
  return undefined;
}

/** What is wrong with a path that goes into a list, and what to write instead. */
export function listFault(list: string, path: string): string {
  return `${list} is a list: write ${list}[]${path.slice(list.length)}, which asks whether one item is so`;
}

function member(value: unknown, part: string): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return isNumber(part) ? (value[Number(part)] as unknown) : undefined;
  return Object.hasOwn(value, part) ? (value as Record<string, unknown>)[part] : undefined;
}

const isNumber = (part: string): boolean => /^\d+$/.test(part);
