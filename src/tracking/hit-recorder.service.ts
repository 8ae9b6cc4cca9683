import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Database } from '../database/index.ts';
import type { TrackingToken } from '../dispatch/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import { monthOf, type Clock, type Instant } from '../shared/clock.ts';
import { derivedId, laneOf } from '../shared/ids.ts';
import { brandedSenders } from './branded-senders.store.ts';
import { JUDGED_AFTER } from './judge-hits.ts';
import { recordHit, recordOpen } from './sql/record-hit.ts';

/** What processes that have ended left behind is looked for this often, in milliseconds. */
const SWEEP_EVERY = 60_000;

/** Keeps what is asked of links and pixels, and knows when there is something to judge without asking the database. */
@Injectable()
export class HitRecorder {
  private due: Instant = Number.NEGATIVE_INFINITY;
  /** When the hit that came last can be judged. */
  private lastDue: Instant = Number.NEGATIVE_INFINITY;
  private earlier: () => void = () => {};

  constructor(
    private readonly database: Database,
    private readonly library: LibraryService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Calls `listener` when there is something to judge earlier than `judgeAt` said. */
  onEarlier(listener: () => void): void {
    this.earlier = listener;
  }

  /** When to judge next. */
  get judgeAt(): Instant {
    return this.due;
  }

  /** What is due now is taken: the next look is for what came since, or for what others left. */
  taken(): void {
    const now = this.clock.now();
    this.due = this.lastDue > now ? this.lastDue : now + SWEEP_EVERY;
  }

  /** There may be more that is due. */
  lookAgain(): void {
    this.due = Math.min(this.due, this.clock.now());
  }

  /** One request is one hit, however often a link is followed. `machine`: what the request gave away. Committed when it returns. */
  async record(token: TrackingToken, kind: 'click' | 'open' | 'trap', machine: string | null): Promise<void> {
    const { contactId, messageId, month, url } = token;
    const at = this.clock.now();
    // A trap is judged with the links around it.
    const verdict = machine === null || kind === 'trap' ? 'pending' : 'machine';
    const id = derivedId(contactId, 'hit', randomUUID());
    const target = kind === 'open' ? null : url;
    const values = [laneOf(id), monthOf(at), id, contactId, messageId, month, kind, target, at, verdict, machine];
    if (kind === 'open') await this.database.run(recordOpen, [...values, ...(await brandedSenders(this.library))]);
    else await this.database.run(recordHit, values);
    if (verdict !== 'pending') return;
    this.lastDue = Math.max(this.lastDue, at + JUDGED_AFTER);
    if (this.due <= at + JUDGED_AFTER) return;
    this.due = at + JUDGED_AFTER;
    this.earlier();
  }
}
