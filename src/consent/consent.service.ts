import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Database, Signal, type Sql } from '../database/index.ts';
import { insertInbox } from '../events/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { Sequence } from '../shared/sequence.ts';
import type { ConsentEntry, LedgerEntry } from './entry.ts';
import { appendToLedger, ledgerOf, type Told, type ToldBy } from './ledger.store.ts';
import { sameConsent, type ConsentState } from './state.ts';
import { Turnstile } from './turnstile.ts';

/** Ledger writes of this process at one time; each may wait for a provider, and holds a connection meanwhile. */
const WRITERS = 3;

/** Records what people say about being written to. When it returns, it is committed and holds (rules C2, D4). */
@Injectable()
export class ConsentService {
  private readonly writers = new Turnstile(WRITERS);

  constructor(
    private readonly database: Database,
    private readonly signal: Signal,
    private readonly sequence: Sequence,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Appends entries to the contact's ledger; what is held for the contact is judged again at once. */
  async record(contactId: Id, entries: readonly Told[]): Promise<void> {
    await this.append(contactId, entries);
  }

  /**
   * Withdraws one purpose on one channel. Idempotent: somebody who has withdrawn already leaves no second entry.
   * True when this call was the one that changed something.
   */
  async withdraw(contactId: Id, entry: Omit<ConsentEntry, 'action' | 'at' | 'legalBasis'>): Promise<boolean> {
    const withdrawal: Told = { ...entry, action: 'withdrawn', at: null, legalBasis: null };
    const appended = await this.append(contactId, [withdrawal], unlessWithdrawn);
    return appended.length > 0;
  }

  /** A contact's whole ledger, first entry first. */
  ledger(contactId: Id): Promise<LedgerEntry[]> {
    return ledgerOf(this.database, contactId);
  }

  private async append(contactId: Id, entries: readonly Told[], onlyIf?: ToldBy['onlyIf']): Promise<LedgerEntry[]> {
    const now = this.clock.now();
    const appended = await this.writers.through(() =>
      this.database.transaction(async (sql: Sql) => {
        const written = await appendToLedger(sql, contactId, entries, now, onlyIf);
        if (written.length > 0) {
          await insertInbox(sql, [
            { contactId, seq: this.sequence.next(), receivedAt: now, kind: 'consent', body: {} },
          ]);
        }
        return written;
      }),
    );
    if (appended.length > 0) this.signal.wake();
    return appended;
  }
}

function unlessWithdrawn(entry: ConsentEntry, states: readonly ConsentState[]): boolean {
  return states.find((state) => sameConsent(state, entry))?.state !== 'withdrawn';
}
