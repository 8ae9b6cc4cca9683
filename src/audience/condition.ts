/** The one condition language: entry filters, `where`, `choose`, audiences, campaign targets (docs: language, "Condition"). */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | AttributeLeaf
  | PropertyLeaf
  | EventLeaf
  | ConsentLeaf
  | DaysSinceLeaf
  | MessageLeaf
  | AudienceLeaf;

/** Operators with their operands; an operand may be what the entry event carried. */
export interface Comparison {
  equals?: OrEntry<Scalar>;
  not?: OrEntry<Scalar>;
  in?: OrEntry<Scalar[]>;
  notIn?: OrEntry<Scalar[]>;
  contains?: OrEntry<Scalar>;
  startsWith?: OrEntry<string>;
  endsWith?: OrEntry<string>;
  /** A regular expression (ECMAScript, `u` flag). */
  matches?: string;
  gt?: OrEntry<Scalar>;
  gte?: OrEntry<Scalar>;
  lt?: OrEntry<Scalar>;
  lte?: OrEntry<Scalar>;
  before?: OrEntry<string>;
  after?: OrEntry<string>;
  exists?: boolean;
}
/** A property of the event that let the contact in, by its path; of `in` and `notIn`, one that is a list. */
export interface EntryReference {
  entry: string;
}
type OrEntry<T> = T | EntryReference;
export type Scalar = string | number | boolean | null;

/** A reserved field or an attribute of the contact; dotted paths reach into objects, and with `[]` into every item of a list. */
export type AttributeLeaf = { attribute: string } & Comparison;
/** A property of the event at hand; dotted paths reach into objects, and with `[]` into every item of a list. */
export type PropertyLeaf = { property: string } & Comparison;
/** History. Without `count`: at least once. `within` is a duration before now. */
export interface EventLeaf {
  event: string;
  where?: Condition;
  count?: { equals?: number; gt?: number; gte?: number; lt?: number; lte?: number };
  within?: string;
}
export interface ConsentLeaf {
  consent: { channel: string; purpose: string };
  is: 'granted' | 'withdrawn' | 'refused' | 'pending' | 'unknown';
}
export type DaysSinceLeaf = { daysSince: string } & Comparison;
export interface MessageLeaf {
  message: { template?: string; scenario?: string; channel?: string };
  is: 'sent' | 'delivered' | 'opened' | 'clicked' | 'bounced';
  within?: string;
}
export interface AudienceLeaf {
  audience: string;
}

/** Whether an operand is read of the entry event. */
export const isEntryReference = (operand: unknown): operand is EntryReference =>
  operand !== null && typeof operand === 'object' && 'entry' in operand;

/** The operands of a leaf that are read of the entry event. */
export function entriesOf(comparison: object): EntryReference[] {
  return Object.values(comparison).filter(isEntryReference);
}

/** `{not: <condition>}`; the leaves have an operator of the same name. */
export const isNegation = (condition: Condition): condition is { not: Condition } =>
  Object.keys(condition).length === 1 && 'not' in condition;
