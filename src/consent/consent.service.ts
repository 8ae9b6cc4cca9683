import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Database, Signal, type Sql } from '../database/index.ts';
import { insertInbox } from '../events/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { Sequence } from '../shared/sequence.ts';
import { addresseeOf } from './addressee.store.ts';
import { holdContact } from './contact-lock.store.ts';
import {
  asConfirmable,
  confirmationOf,
  isRequest,
  wordsOf,
  type Confirmation,
  type DoubleOptIn,
  type LinkStanding,
} from './double-opt-in.ts';
import type { ConsentEntry, LedgerEntry } from './entry.ts';
import { appendToLedgers, ledgerOf, type Told, type ToldBy } from './ledger.store.ts';
import { sameConsent, type ConsentState } from './state.ts';
import { Turnstile } from './turnstile.ts';
import { holdAddressesOf, withdrawAtAddresses } from './withdrawn-address.store.ts';

/** Ledger writes of this process at one time; each may wait for a provider, and holds a connection meanwhile. */
const WRITERS = 3;

const NOTHING_SAID = {
  action: 'granted' as const,
  at: null,
  legalBasis: null,
  textVersion: null,
  text: null,
  ip: null,
  userAgent: null,
};

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

  /**
   * Appends entries to the contact's ledger; what is held for the contact is judged again at once. With `rule`, a consent
   * that must be confirmed first is written as `pending`, and the engine asks for the confirmation (rule C4).
   */
  async record(contactId: Id, entries: readonly Told[], rule: DoubleOptIn | null = null): Promise<void> {
    await this.append(contactId, async (sql, now) => {
      if (rule === null) return { told: entries };
      const person = await addresseeOf(sql, contactId);
      return { told: entries, become: (entry, states) => asConfirmable(entry, states, rule, person, now) };
    });
  }

  /**
   * Confirms by the link of the message that asked for it, in the words that were agreed to then (rule C4). `standing` is
   * asked again under the lock: all that is open is confirmed. Returns how the link stands then: `confirmed` also when
   * another did it in the meantime.
   */
  async confirm(
    contactId: Id,
    link: Confirmation,
    seen: Pick<ConsentEntry, 'ip' | 'userAgent'>,
    standing: (states: readonly ConsentState[]) => LinkStanding,
  ): Promise<LinkStanding> {
    let stood: LinkStanding | undefined;
    const confirmed = await this.append(contactId, async (sql, now) => {
      const ledger = await ledgerOf(sql, contactId);
      const { channel, purposes, brand, messageId } = link;
      const source = { kind: 'double-opt-in', reference: messageId };
      return {
        // Their places are taken by the confirmations, made of the requests as they stand under the lock.
        told: purposes.map((purpose) => ({ ...NOTHING_SAID, channel, purpose, brand, source })),
        onlyIf: ({ purpose }, states) => {
          stood ??= standing(states);
          return stood.standing === 'open' && stood.purposes.includes(purpose);
        },
        become: (entry, states) => {
          const request = states.find((state) => sameConsent(state, entry));
          return isRequest(request) ? [confirmationOf(request, link, wordsOf(ledger, request), seen, now)] : [];
        },
      };
    });
    return confirmed.length === 0
      ? stood!
      : { standing: 'confirmed', purposes: confirmed.map(({ purpose }) => purpose) };
  }

  /**
   * Withdraws one purpose on one channel by a message: for the contact, and for the mailbox or number the message went to,
   * whoever has it (rule C5a). Idempotent: somebody who has withdrawn already leaves no second entry.
   * True when this call was the one that changed something.
   * @param saidAt of a message that is read later, or again: what the address consented to since stays. Absent: now
   */
  async withdraw(
    contactId: Id,
    entry: Omit<ConsentEntry, 'action' | 'at' | 'legalBasis'>,
    saidAt?: Instant,
  ): Promise<boolean> {
    const now = this.clock.now();
    const told: Told[] = [{ ...entry, action: 'withdrawn', at: null, legalBasis: null }];
    const touched = await this.writers.through(() =>
      this.database.transaction(async (sql: Sql) => {
        await holdContact(sql, contactId);
        await holdAddressesOf(sql, contactId);
        const appended = await appendToLedgers(sql, [{ contactId, told, onlyIf: unlessWithdrawn }], now);
        const { channel, purpose, brand } = entry;
        const others = await withdrawAtAddresses(sql, contactId, [
          { contactId, channel, purpose, brand, at: saidAt ?? appended[0]?.at ?? now },
        ]);
        const ids = [...(appended.length > 0 ? [contactId] : []), ...others];
        await this.tell(sql, ids, now);
        return ids;
      }),
    );
    if (touched.length > 0) this.signal.wake();
    return touched.length > 0;
  }

  /** A contact's whole ledger, first entry first. */
  ledger(contactId: Id): Promise<LedgerEntry[]> {
    return ledgerOf(this.database, contactId);
  }

  private async append(
    contactId: Id,
    said: (sql: Sql, now: Instant) => Promise<Omit<ToldBy, 'contactId'>>,
  ): Promise<LedgerEntry[]> {
    const now = this.clock.now();
    const appended = await this.writers.through(() =>
      this.database.transaction(async (sql: Sql) => {
        const written = await appendToLedgers(sql, [{ contactId, ...(await said(sql, now)) }], now);
        if (written.length > 0) await this.tell(sql, [contactId], now);
        return written;
      }),
    );
    if (appended.length > 0) this.signal.wake();
    return appended;
  }

  /** Has the engine judge again what is held for them. */
  private async tell(sql: Sql, contactIds: readonly Id[], now: Instant): Promise<void> {
    if (contactIds.length === 0) return;
    await insertInbox(
      sql,
      contactIds.map((contactId) => ({
        contactId,
        seq: this.sequence.next(),
        receivedAt: now,
        kind: 'consent',
        body: {},
      })),
    );
  }
}

function unlessWithdrawn(entry: ConsentEntry, states: readonly ConsentState[]): boolean {
  return states.find((state) => sameConsent(state, entry))?.state !== 'withdrawn';
}
