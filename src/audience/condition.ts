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

export interface Comparison {
  equals?: Scalar;
  not?: Scalar;
  in?: Scalar[];
  notIn?: Scalar[];
  contains?: Scalar;
  startsWith?: string;
  endsWith?: string;
  /** A regular expression (ECMAScript, `u` flag). */
  matches?: string;
  gt?: Scalar;
  gte?: Scalar;
  lt?: Scalar;
  lte?: Scalar;
  before?: string;
  after?: string;
  exists?: boolean;
}
export type Scalar = string | number | boolean | null;

/** A reserved field or an attribute of the contact; dotted paths reach into objects. */
export type AttributeLeaf = { attribute: string } & Comparison;
/** A property of the event at hand; dotted paths reach into objects. */
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
