import type { PressureRule } from './rule.schema.ts';
import type { ScopeSubject } from './send.ts';

/** Which senders speak for which brand. */
export type BrandSenders = Readonly<Record<string, { senders: readonly string[] }>>;

const FIELDS = ['channel', 'category', 'programme', 'scenarioId', 'campaign', 'sender', 'purpose'] as const;
type Field = (typeof FIELDS)[number];

/** Which messages a rule is about. */
export interface Scope {
  /** The fields it looks at, and the values of each that are inside. */
  readonly fields: ReadonlyMap<Field, ReadonlySet<string>>;
  holds(subject: ScopeSubject): boolean;
}

/** Parses a scope once. An empty list means all, as an absent one does. */
export function compileScope(written: PressureRule['scope'], brands: BrandSenders): Scope {
  const fields = new Map<Field, ReadonlySet<string>>();
  const put = (field: Field, names: readonly string[] | undefined): void => {
    if (names === undefined || names.length === 0) return;
    const before = fields.get(field);
    fields.set(field, new Set(before === undefined ? names : names.filter((name) => before.has(name))));
  };
  put('channel', written.channels);
  put('category', written.categories);
  put('programme', written.programmes);
  put('scenarioId', written.scenarios);
  put('campaign', written.campaigns);
  put('sender', written.senders);
  put('purpose', written.purposes);
  if (written.brands !== undefined && written.brands.length > 0)
    put(
      'sender',
      written.brands.flatMap((brand) => brands[brand]?.senders ?? ['']),
    );
  const asked = [...fields].map(([field, names]) => ({ field, names }));
  return {
    fields,
    holds: (subject) => {
      // Asked of every rule for every message: no closure is made for it.
      for (const { field, names } of asked) {
        const value = subject[field];
        if (value === null || !names.has(value)) return false;
      }
      return true;
    },
  };
}
