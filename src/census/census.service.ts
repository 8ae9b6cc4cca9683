import {
  compileCondition,
  compileToSql,
  historyNames,
  namedWithin,
  usesMessages,
  type Condition,
  type Place,
} from '../audience/index.ts';
import { contactZone } from '../calendar/index.ts';
import { DatabaseUnavailable, type Sql } from '../database/index.ts';
import type { PolicyVersion } from '../gate/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import { loadFacts, type Past } from './facts.store.ts';
import { laneCensus } from './lane-census.store.ts';
import { countByPlace, limitRunning } from './sql/places.ts';

/** How many contacts are in an audience, of how many, and who some of them are. */
export interface Census {
  count: number;
  of: number;
  /** User ids; contacts who have none are counted and not named. */
  sample: string[];
}

export interface CensusLimits {
  clock: Clock;
  /** Milliseconds after which it is given up. */
  longest: number;
  /** User ids in the sample. */
  most: number;
}

/** It would have taken longer than it may. */
export class CensusTooLong extends UserError {
  constructor(longest: number) {
    super(`The count took longer than ${longest / 1000} seconds and was given up`);
    this.name = 'CensusTooLong';
  }
}

/** Contacts whose facts are held in memory at a time. */
const BATCH = 200;
/** PostgreSQL's `query_canceled`. */
const CANCELLED = '57014';

/**
 * Counts the contacts who meet a condition at `now`, exactly. `sql` must be of one snapshot (`snapshot`): lane by lane
 * PostgreSQL counts, and whom it cannot tell for certain is asked in memory, a batch after the other. Writes nothing.
 * Throws CensusTooLong.
 */
export async function takeCensus(
  sql: Sql,
  condition: Condition,
  policy: PolicyVersion,
  now: Instant,
  { clock, longest, most }: CensusLimits,
): Promise<Census> {
  const until = clock.now() + longest;
  const within = async <T>(work: () => Promise<T>): Promise<T> => {
    const left = until - clock.now();
    if (left <= 0) throw new CensusTooLong(longest);
    await sql.run(limitRunning, [String(Math.ceil(left))]);
    return work();
  };
  try {
    const rows = await within(() => sql.run(countByPlace));
    const { audiences, brandOf } = policy.compiled;
    const places = placesOf(rows, policy.policy.timezone);
    const compiled = compileToSql(condition, { now, audiences, brandOf, places });
    const [holds, past] = [compileCondition(condition), pastOf(condition, policy)];
    const census: Census = { count: 0, of: rows.reduce((sum, { count }) => sum + count, 0), sample: [] };
    for (const lane of new Set(rows.map((row) => row.lane))) {
      const found = await within(() => laneCensus(sql, compiled, lane, most - census.sample.length));
      census.count += found.count;
      census.sample.push(...found.sample);
      for (const batch of batchesOf(found.unsure)) {
        const facts = await within(() => loadFacts(sql, batch, past, policy, now));
        const members = facts.filter(holds).map(({ contact }) => contact.userId);
        census.count += members.length;
        const known = members.filter((userId) => userId !== null);
        census.sample.push(...known.slice(0, most - census.sample.length));
      }
    }
    return census;
  } catch (error) {
    const cause = error instanceof DatabaseUnavailable ? error.cause : null;
    throw (cause as { code?: unknown } | null)?.code === CANCELLED ? new CensusTooLong(longest) : error;
  }
}

/** Every pair of time zone and country once. */
function placesOf(rows: readonly Omit<Place, 'zone'>[], policyZone: string): Place[] {
  const places = new Map<string, Place>();
  for (const { timezone, country } of rows) {
    const place = { timezone, country, zone: contactZone({ timezone, country }, policyZone) };
    places.set(JSON.stringify([timezone ?? '', country ?? '']), place);
  }
  return [...places.values()];
}

function pastOf(condition: Condition, { compiled: { audiences } }: PolicyVersion): Past {
  const named = new Map([...audiences].map(([name, audience]) => [name, audience.condition]));
  const parts = [condition, ...[...namedWithin(condition, named)].flatMap((name) => named.get(name) ?? [])];
  const names = new Set(parts.flatMap((part) => [...historyNames(part)]));
  // PostgreSQL has no text with NUL in it, and takes none.
  return { eventNames: [...names].filter((name) => !name.includes('\0')), messages: parts.some(usesMessages) };
}

function* batchesOf(ids: readonly Id[]): Generator<Id[]> {
  for (let from = 0; from < ids.length; from += BATCH) yield ids.slice(from, from + BATCH);
}
