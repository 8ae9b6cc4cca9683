import { monthOf, type Instant } from '../shared/clock.ts';
import type { NamedAudiences } from './facts.ts';

const DAY = 86_400_000;

/** Where contacts are: one row of those that occur, and the zone they are asked by. */
export interface Place {
  timezone: string | null;
  country: string | null;
  /** Resolved; IANA name. */
  zone: string;
}

/** What the answers of one statement stand for. */
export interface Asked {
  now: Instant;
  audiences: NamedAudiences;
  /** The brand that each sender speaks for. */
  brandOf: ReadonlyMap<string, string>;
  /** Every pair of time zone and country among the contacts asked. */
  places: readonly Place[];
}

type Type = 'text' | 'jsonb' | 'numeric' | 'float8' | 'date';

/**
 * The values of one statement while it is written. Nothing anybody wrote becomes part of a text: it is bound here.
 * What depends on a zone is computed here for every place and joined by it, so that PostgreSQL's own time zone data,
 * which may be of another year, is not asked.
 */
export class Sheet {
  private readonly values: unknown[] = [];
  private readonly known = new Map<string, string>();
  private readonly columns: { type: 'text' | 'float8'; values: unknown[] }[] = [];
  private aliases = 0;

  constructor(readonly asked: Asked) {}

  /** The place of a value in the text; equal ones share theirs. */
  bind(value: unknown, type: Type): string {
    return this.once(`${type} ${JSON.stringify(value)}`, () => `$${this.values.push(value)}::${type}`);
  }

  /** JSON values as `jsonb[]`. */
  bindList(values: readonly unknown[]): string {
    return `$${this.values.push(values.map((value) => JSON.stringify(value)))}::text[]::jsonb[]`;
  }

  /** A value for each contact by its zone; equal keys share theirs. */
  perZone(key: string, type: 'text' | 'float8', of: (zone: string) => string | number): string {
    return this.once(`zone ${type} ${key}`, () => {
      const known = new Map<string, string | number>();
      const values = this.asked.places.map(({ zone }) => {
        if (!known.has(zone)) known.set(zone, of(zone));
        return known.get(zone);
      });
      return `z.v${this.columns.push({ type, values })}`;
    });
  }

  get zones(): string[] {
    return [...new Set(this.asked.places.map(({ zone }) => zone))];
  }

  /** A name for a row of a subquery. */
  alias(): string {
    return `x${++this.aliases}`;
  }

  /** Nothing is of a later month: the parts made ahead are left out. */
  latestMonth(): string {
    return this.bind(monthOf(this.asked.now + DAY), 'date');
  }

  /** `contact c`, with the values by zone beside it as `z`. */
  from(): string {
    if (this.columns.length === 0) return 'contact c';
    const { places } = this.asked;
    const keys = [places.map(({ timezone }) => timezone ?? ''), places.map(({ country }) => country ?? '')];
    const arrays = [...keys.map((values) => ({ type: 'text', values })), ...this.columns];
    const bound = arrays.map(({ type, values }) => `$${this.values.push(values)}::${type}[]`);
    const names = ['timezone', 'country', ...this.columns.map((_, index) => `v${index + 1}`)];
    // An empty text is no zone and no country, just as nothing is; equality alone can be hashed.
    return `contact c JOIN unnest(${bound.join(', ')}) AS z(${names.join(', ')})
      ON z.timezone = COALESCE(c.timezone, '') AND z.country = COALESCE(c.country, '')`;
  }

  /** The texts with the values they still name, numbered anew: PostgreSQL takes none that it is not told the type of. */
  finish(texts: readonly string[]): { texts: string[]; values: unknown[] } {
    const used = new Map<string, number>();
    const renumbered = texts.map((text) =>
      text.replaceAll(/\$(\d+)/g, (_, number: string) => {
        if (!used.has(number)) used.set(number, used.size + 1);
        return `$${used.get(number)}`;
      }),
    );
    return { texts: renumbered, values: [...used.keys()].map((number) => this.values[Number(number) - 1]) };
  }

  private once(key: string, make: () => string): string {
    let made = this.known.get(key);
    if (made === undefined) this.known.set(key, (made = make()));
    return made;
  }
}

/** Before or after an instant of whole milliseconds, however many microseconds the column has kept or lost. */
export const isAfter = (column: string, ms: string): string => `${column} >= to_timestamp((${ms} + 0.5) / 1000)`;
export const isBefore = (column: string, ms: string): string => `${column} < to_timestamp((${ms} - 0.5) / 1000)`;
export const isNotAfter = (column: string, ms: string): string => `${column} < to_timestamp((${ms} + 0.5) / 1000)`;

export const hasNul = (text: string): boolean => text.includes('\0');
export const hasHalfPair = (text: string): boolean => /\p{Surrogate}/u.test(text);
