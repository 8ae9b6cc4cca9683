/**
 * What a forecast counts. One contact adds its counts as a whole, so that beside each sum stands the sum of squares a
 * contact: from it a sample's margin is told (see estimate.ts). Tallies of lanes add up to that of the base, in any
 * order. Plain data: threads hand it over as it is.
 */
export interface Tally {
  /** Contacts that were simulated. */
  contacts: number;
  sums: Map<string, Sum>;
  /** Minutes that messages were held: by what held them, how many of each length. */
  spans: Map<string, Map<number, number>>;
  /** Messages sent in each minute of the period, by channel. */
  minutes: Map<string, Map<number, number>>;
  /** Contacts that defeat the engine, and one of them. */
  broken: { contacts: number; example: string | null };
}

export interface Sum {
  total: number;
  /** Of the counts of single contacts. */
  squares: number;
}

/** By how much a second policy changes a count. */
export interface Difference extends Sum {
  /** Of the differences of single contacts, without their signs. */
  size: number;
}

/** What one contact adds. */
export class ContactCounts {
  readonly counts = new Map<string, number>();
  readonly spans: [what: string, minutes: number][] = [];
  readonly minutes: [channel: string, minute: number][] = [];

  add(key: string, count = 1): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + count);
  }
}

/** Between the parts of a key: no name contains it. */
const SEPARATOR = '\t';

export function keyOf(...parts: (string | number | null)[]): string {
  return parts.map((part) => part ?? '').join(SEPARATOR);
}

export function partsOf(key: string): string[] {
  return key.split(SEPARATOR);
}

export function emptyTally(): Tally {
  return {
    contacts: 0,
    sums: new Map(),
    spans: new Map(),
    minutes: new Map(),
    broken: { contacts: 0, example: null },
  };
}

/** Adds one contact, whatever it did. */
export function addContact(tally: Tally, { counts, spans, minutes }: ContactCounts): void {
  tally.contacts += 1;
  for (const [key, count] of counts) {
    const sum = tally.sums.get(key);
    if (sum === undefined) tally.sums.set(key, { total: count, squares: count * count });
    else {
      sum.total += count;
      sum.squares += count * count;
    }
  }
  for (const [what, length] of spans) addTo(tally.spans, what, length, 1);
  for (const [channel, minute] of minutes) addTo(tally.minutes, channel, minute, 1);
}

/**
 * Adds by how much a contact gets more or less of each count under a second policy than under the first. It is the same
 * contact, so what it does under both is no chance: from its difference the margin of theirs is told.
 */
export function addDifference(
  differences: Map<string, Difference>,
  { counts: before }: ContactCounts,
  { counts: after }: ContactCounts,
): void {
  const add = (key: string, by: number): void => {
    if (by !== 0) addSigned(differences, key, { total: by, squares: by * by, size: Math.abs(by) });
  };
  for (const [key, count] of after) add(key, count - (before.get(key) ?? 0));
  for (const [key, count] of before) if (!after.has(key)) add(key, -count);
}

/** Adds the differences of other contacts. */
export function mergeDifferences(into: Map<string, Difference>, from: ReadonlyMap<string, Difference>): void {
  for (const [key, difference] of from) addSigned(into, key, difference);
}

function addSigned(into: Map<string, Difference>, key: string, { total, squares, size }: Difference): void {
  const known = into.get(key);
  if (known === undefined) into.set(key, { total, squares, size });
  else {
    known.total += total;
    known.squares += squares;
    known.size += size;
  }
}

export function addBroken(tally: Tally, contactId: string): void {
  tally.contacts += 1;
  tally.broken.contacts += 1;
  tally.broken.example ??= contactId;
}

/** Adds another tally of other contacts. */
export function mergeTally(into: Tally, from: Tally): void {
  into.contacts += from.contacts;
  for (const [key, { total, squares }] of from.sums) {
    const sum = into.sums.get(key);
    if (sum === undefined) into.sums.set(key, { total, squares });
    else {
      sum.total += total;
      sum.squares += squares;
    }
  }
  for (const kind of ['spans', 'minutes'] as const)
    for (const [name, counts] of from[kind]) for (const [value, count] of counts) addTo(into[kind], name, value, count);
  into.broken.contacts += from.broken.contacts;
  into.broken.example ??= from.broken.example;
}

function addTo(histograms: Map<string, Map<number, number>>, name: string, value: number, count: number): void {
  const histogram = histograms.get(name);
  if (histogram === undefined) histograms.set(name, new Map([[value, count]]));
  else histogram.set(value, (histogram.get(value) ?? 0) + count);
}
