import { RetryableDatabaseError, type Database } from '../database/index.ts';
import type { Library } from '../scenarios/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import type { Sequence } from '../shared/sequence.ts';
import { claim, nextDue, record, type Attempt, type ClaimedCall } from './calls.store.ts';
import type { HttpCaller } from './http-caller.service.ts';
import { cancelledOutcome, outcomeOf } from './outcome.ts';
import { signedHeaders } from './signature.ts';

/** An attempt takes ten seconds at most; whoever is silent for a minute is dead. */
const LEASE = 60_000;

export interface WebhooksParts {
  database: Database;
  clock: Clock;
  sequence: Sequence;
  caller: Pick<HttpCaller, 'call'>;
  library: () => Promise<Library>;
  /** `whsec_…`, one or more. */
  secrets: readonly string[];
  /** Told how each attempt ended. */
  count?: (outcome: 'done' | 'failed' | 'retry' | 'cancelled') => void;
}

/**
 * Makes the calls that `webhook` steps ask for, at least once each and always under the same `webhook-id`: an attempt
 * whose end could not be written down, because the process died, is made again.
 */
export class Webhooks {
  private readonly parts: WebhooksParts;
  /** Attempts whose end could not be written down, because the database went away meanwhile. */
  private unwritten: Attempt[] = [];

  constructor(parts: WebhooksParts) {
    this.parts = parts;
  }

  /** Makes up to `most` calls that are due, all at once; returns how many were taken, and tells `took` before. 0 when nothing is due. */
  async callDue(most: number, took?: () => void): Promise<number> {
    const { database, clock } = this.parts;
    await this.write(this.unwritten.splice(0));
    const now = clock.now();
    const claimed = await claim(database, now, now + LEASE, most);
    if (claimed.length === 0) return 0;
    took?.();
    const { policy } = await this.parts.library();
    const { allowHosts } = policy.policy.webhooks;
    await this.write(await Promise.all(claimed.map((call) => this.attempt(call, allowHosts))));
    return claimed.length;
  }

  /** When there is something to do next; null when nothing waits. */
  nextDue(): Promise<Instant | null> {
    return nextDue(this.parts.database);
  }

  private async attempt(call: ClaimedCall, allowHosts: readonly string[]): Promise<Attempt> {
    const { caller, clock, secrets } = this.parts;
    const now = clock.now();
    if (call.ended) return { call, outcome: cancelledOutcome(call, now) };
    const { method, url, body } = call;
    const signed = signedHeaders(call.id, Math.floor(now / 1000), body ?? '', secrets);
    const answer = await caller.call({ method, url, headers: { ...call.headers, ...signed }, body }, allowHosts);
    return { call, outcome: outcomeOf(call, answer, clock.now()) };
  }

  private async write(attempts: Attempt[]): Promise<void> {
    const { database, clock, sequence, count } = this.parts;
    if (attempts.length === 0) return;
    try {
      const written = await database.transaction((sql) => record(sql, attempts, sequence, clock.now()));
      for (const { outcome } of written) count?.(outcome.status === 'ready' ? 'retry' : outcome.status);
    } catch (error) {
      if (error instanceof RetryableDatabaseError) this.unwritten.push(...attempts);
      throw error;
    }
  }
}
