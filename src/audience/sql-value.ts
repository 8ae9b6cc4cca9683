import { RESERVED_TRAITS } from '../contacts/index.ts';
import { isStorable } from '../shared/storable.ts';
import { EACH, partsOf } from './path.ts';
import type { Sheet } from './sql-sheet.ts';

/** A value as a `jsonb` expression; null where nothing is there. */
export interface SqlValue {
  json: string;
  /** Where the expression may not be what `evaluate` reads. */
  odd?: string;
}

const COLUMNS: Record<Exclude<(typeof RESERVED_TRAITS)[number], 'createdAt'>, string> = {
  email: 'email',
  phone: 'phone',
  firstName: 'first_name',
  lastName: 'last_name',
  birthday: 'birthday',
  locale: 'locale',
  timezone: 'timezone',
  country: 'country',
};

/** What `attributeReader` reads of the contact `c`. */
export function attributeSql(path: string, sheet: Sheet): SqlValue {
  if (path === 'createdAt') return CREATED_AT;
  if (Object.hasOwn(COLUMNS, path))
    return { json: `COALESCE(to_jsonb(c.${COLUMNS[path as keyof typeof COLUMNS]}), 'null'::jsonb)` };
  return { json: pathSql('c.attributes', path, sheet) };
}

/** As `formatInstant` writes it, which takes six digits and a sign for years that have not four. */
const CREATED_AT: SqlValue = {
  json: `to_jsonb(to_char(date_trunc('milliseconds', (c.created_at + interval '500 microseconds') AT TIME ZONE 'UTC'), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
  odd: `(c.created_at < '0001-01-02T00:00:00Z'::timestamptz OR c.created_at > '9999-12-31T00:00:00Z'::timestamptz)`,
};

/** What `pathReader` reads of an object. */
export function pathSql(object: string, path: string, sheet: Sheet): string {
  if (!isStorable(path)) return 'NULL::jsonb';
  const [first, ...rest] = path.split('.') as [string, ...string[]];
  return rest.reduce((inner, part) => memberSql(inner, part, sheet), `(${object} -> ${sheet.bind(first, 'text')})`);
}

/** The items that `listReader` reads of an object: what stands after FROM, and the value of one of them. */
export function itemsSql(object: string, path: string, sheet: Sheet): { from: string; json: string } {
  const lists: string[] = [];
  let json = object;
  for (const part of partsOf(path)) {
    if (part !== EACH) {
      json = json === object ? `(${json} -> ${sheet.bind(part, 'text')})` : memberSql(json, part, sheet);
      continue;
    }
    const items = sheet.alias();
    lists.push(
      `jsonb_array_elements(CASE jsonb_typeof(${json}) WHEN 'array' THEN ${json} ELSE '[]' END) ${items}(item)`,
    );
    json = `${items}.item`;
  }
  return { from: lists.join(', '), json };
}

// `->` with a text finds keys alone; `#>` finds items of lists too, but reads -1 as the last one.
const memberSql = (inner: string, part: string, sheet: Sheet): string =>
  /^\d+$/.test(part) ? `(${inner} #> ARRAY[${sheet.bind(part, 'text')}])` : `(${inner} -> ${sheet.bind(part, 'text')})`;

export const isText = (json: string): string => `COALESCE(jsonb_typeof(${json}) = 'string', FALSE)`;
/** Its characters; null when it is no text. */
export const textOf = (json: string): string => `(CASE jsonb_typeof(${json}) WHEN 'string' THEN ${json} #>> '{}' END)`;
