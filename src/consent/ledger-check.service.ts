import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { CLOCK } from '../config/index.ts';
import { Database, snapshot } from '../database/index.ts';
import { LOG, Metrics, type Log } from '../http/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { LANES, type Id } from '../shared/ids.ts';
import type { Flaw } from './verify.ts';
import { verifyPart } from './verify.store.ts';

/** Every minute this many contacts: a million in less than three days, by one process. */
const EVERY = 60_000;
const CONTACTS = 250;

/** What the check has seen, for `/health/consent`. */
export interface LedgerHealth {
  /** `unknown` until the first part was looked at. */
  ledger: 'whole' | 'broken' | 'unknown';
  checkedAt: Instant | null;
  /** Contacts looked at since the process began, and whole turns through all of them. */
  contacts: number;
  turns: number;
  /** Broken rows that the last look at their contacts found. */
  broken: number;
}

/**
 * Looks at one part of the ledger after the other, for ever (rule C2). A broken chain stops nobody from being
 * unsubscribed, so it stops nothing; it is loud: an error in the log, a figure to raise an alarm by, a health route.
 */
@Injectable()
export class LedgerCheck {
  private lane = 0;
  private after: Id | null = null;
  private checking = false;
  private readonly seen = { checkedAt: null as Instant | null, contacts: 0, turns: 0 };
  private readonly broken = new Map<Id, number>();

  private readonly verified: ReturnType<Metrics['counter']>;
  private readonly flaws: ReturnType<Metrics['counter']>;

  constructor(
    private readonly database: Database,
    metrics: Metrics,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.verified = metrics.counter('relance_consent_verified_total', 'Contacts whose consent ledger was verified');
    this.flaws = metrics.counter('relance_consent_flaws_total', 'Broken rows seen in the consent ledger');
  }

  health(): LedgerHealth {
    const broken = [...this.broken.values()].reduce((sum, count) => sum + count, 0);
    const ledger = this.seen.checkedAt === null ? 'unknown' : broken === 0 ? 'whole' : 'broken';
    return { ledger, ...this.seen, broken };
  }

  /** Looks at the next part: as many contacts as are left of a lane, at most `most`; then at the lane after it. */
  @Interval(EVERY)
  async checkNext(most = CONTACTS): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      for (let left = most, lanes = 0; left > 0 && lanes < LANES; lanes += 1) left -= await this.checkPart(left);
    } catch (error) {
      this.log.warn({ err: error }, 'the consent ledger could not be verified just now');
    } finally {
      this.checking = false;
    }
  }

  private async checkPart(most: number): Promise<number> {
    const { contactIds, flaws, next } = await snapshot(this.database, (sql) =>
      verifyPart(sql, this.lane, this.after, most),
    );
    this.after = next;
    if (next === null) {
      this.lane = (this.lane + 1) % LANES;
      if (this.lane === 0) this.seen.turns += 1;
    }
    this.seen.checkedAt = this.clock.now();
    this.seen.contacts += contactIds.length;
    this.verified.inc(contactIds.length);
    for (const contactId of contactIds) this.broken.delete(contactId);
    for (const flaw of flaws) this.report(flaw);
    return contactIds.length;
  }

  private report({ contactId, ordinal, kind, message }: Flaw): void {
    this.broken.set(contactId, (this.broken.get(contactId) ?? 0) + 1);
    this.flaws.inc();
    this.log.error({ contactId, ordinal, kind }, `consent ledger: entry ${ordinal} ${message}`);
  }
}
