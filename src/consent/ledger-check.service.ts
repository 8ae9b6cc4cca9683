import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { CLOCK } from '../config/index.ts';
import { Database, snapshot } from '../database/index.ts';
import { LOG, Metrics, type Log } from '../http/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import type { Flaw } from './verify.ts';
import { verifyNext, type Place } from './verify.store.ts';

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
  private place: Place = { lane: 0, after: null };
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

  /** Looks at the next `most` contacts, all of one instant. */
  @Interval(EVERY)
  async checkNext(most = CONTACTS): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      await this.check(most);
    } catch (error) {
      this.log.warn({ err: error }, 'the consent ledger could not be verified just now');
    } finally {
      this.checking = false;
    }
  }

  private async check(most: number): Promise<void> {
    const { contactIds, flaws, next, ended } = await snapshot(this.database, (sql) =>
      verifyNext(sql, this.place, most),
    );
    this.place = next;
    if (ended) this.seen.turns += 1;
    this.seen.checkedAt = this.clock.now();
    this.seen.contacts += contactIds.length;
    this.verified.inc(contactIds.length);
    for (const contactId of contactIds) this.broken.delete(contactId);
    for (const flaw of flaws) this.report(flaw);
  }

  private report({ contactId, ordinal, kind, message }: Flaw): void {
    this.broken.set(contactId, (this.broken.get(contactId) ?? 0) + 1);
    this.flaws.inc();
    this.log.error({ contactId, ordinal, kind }, `consent ledger: entry ${ordinal} ${message}`);
  }
}
