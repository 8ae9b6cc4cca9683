import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { Database, Signal } from '../database/index.ts';
import { invalidRequest, Metrics, Problem, tooManyRequests, unavailable } from '../http/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { Sequence } from '../shared/sequence.ts';
import { EventWriter, WaitedTooLong } from './event-writer.service.ts';
import type { Arrival, Ingested, RejectedCall } from './ingest.ts';
import { TokenBucket } from './rate.ts';
import { RejectedStore } from './rejected/rejected.store.ts';

/** Events that may wait for the database before new ones are sent away: some seconds' worth, and bounded memory. */
const MOST_WAITING = 20_000;

/** Rejected calls of one batch that are named in the answer and kept: with more, it is not one call that is at fault. */
const MOST_NAMED = 100;

/** The answer to a call that was taken: what of a batch was not, if anything. */
export interface Taken {
  success: true;
  rejected?: Omit<RejectedCall, 'call'>[];
  /** How many there are, where that is more than are named. */
  rejectedTotal?: number;
}

/** Takes the calls of the events API: reads, stores, and wakes the engine. When `take` returns, it is committed (rule D1). */
@Injectable()
export class IngestService {
  private readonly writer: EventWriter;
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly received;
  private readonly refused;
  private readonly rejectedCalls;
  private readonly refusedTraits;

  constructor(
    database: Database,
    signal: Signal,
    metrics: Metrics,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly sequence: Sequence,
    private readonly rejected: RejectedStore,
  ) {
    this.received = metrics.counter('relance_events_received_total', 'Events acknowledged, repeated ones included');
    this.refused = metrics.counter('relance_event_calls_refused_total', 'Calls refused', ['reason']);
    this.rejectedCalls = metrics.counter(
      'relance_events_rejected_total',
      'Calls of a batch that could not be read, the rest of which was stored',
    );
    this.refusedTraits = metrics.counter(
      'relance_traits_refused_total',
      'Traits that could not be read, the rest of whose call was stored',
      ['trait'],
    );
    const stored = metrics.counter('relance_events_stored_total', 'Events stored: acknowledged and not seen before');
    this.writer = new EventWriter(database, clock, (count) => {
      stored.inc(count);
      if (count > 0) signal.wake();
    });
  }

  /** `read` turns the call into rows; `bytes` is the size of its body, `key` the write key it came with. */
  async take(read: (arrival: Arrival) => Ingested, bytes: number, key: string): Promise<Taken> {
    const receivedAt = this.clock.now();
    this.holdBack(key, receivedAt);
    const ingested = read({ receivedAt, bytes, nextSeq: () => this.sequence.next(), newMessageId: randomUUID });
    if (ingested.outcome !== 'read') {
      this.refused.inc({ reason: ingested.outcome });
      if (ingested.outcome === 'malformed') throw invalidRequest(ingested.faults);
      throw new Problem(413, 'too-large', 'An event is too large; nothing of the call was stored', {
        faults: ingested.faults,
      });
    }
    const { rows, rejected, refused } = ingested;
    this.buckets.get(key)?.take(rows.length + rejected.length, receivedAt);
    const named = rejected.slice(0, MOST_NAMED);
    try {
      // First: told again after an outage, they are the same rows once more.
      await this.rejected.keep(named, refused, receivedAt);
      await this.writer.write(rows);
    } catch (error) {
      this.refused.inc({ reason: 'database' });
      if (error instanceof WaitedTooLong)
        throw unavailable('The database is too slow at the moment. Send the call again.');
      throw error;
    }
    this.received.inc(rows.length);
    this.rejectedCalls.inc(rejected.length);
    for (const { trait } of refused) this.refusedTraits.inc({ trait });
    if (rejected.length === 0) return { success: true };
    return {
      success: true,
      rejected: named.map(({ index, path, detail }) => ({ index, path, detail })),
      ...(rejected.length > named.length && { rejectedTotal: rejected.length }),
    };
  }

  /** Throws 429 when the database does not keep up, or when this key has used up its rate. */
  private holdBack(key: string, now: Instant): void {
    if (this.writer.backlog >= MOST_WAITING) {
      this.refused.inc({ reason: 'backlog' });
      throw tooManyRequests('More events arrive than can be stored. Send the call again a little later.', 1);
    }
    const { eventsRate } = this.config;
    if (eventsRate === undefined) return;
    let bucket = this.buckets.get(key);
    if (bucket === undefined) this.buckets.set(key, (bucket = new TokenBucket(eventsRate, now)));
    const wait = bucket.wait(now);
    if (wait === 0) return;
    this.refused.inc({ reason: 'rate' });
    throw tooManyRequests(`This write key may send ${eventsRate} events a second.`, wait / 1000);
  }
}
