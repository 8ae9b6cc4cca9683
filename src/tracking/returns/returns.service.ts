import { addressMark } from '../../channels/index.ts';
import { appendToLedger, holdAddresses, holdContact, sameConsent, suppressDead } from '../../consent/index.ts';
import { TransactionConflict, type Database, type Signal, type Sql } from '../../database/index.ts';
import { countDeliveries, PAUSE, pauseChannel, sendingDomain } from '../../dispatch/index.ts';
import { insertEvents, insertInbox } from '../../events/index.ts';
import type { Library } from '../../scenarios/index.ts';
import { type Clock, type Instant } from '../../shared/clock.ts';
import { LANES, laneOf, type Id } from '../../shared/ids.ts';
import type { Sequence } from '../../shared/sequence.ts';
import { addressedOf } from './addressed.ts';
import { countsAsSoft, followUpOf } from './follow-up.ts';
import { monthsUpTo } from './months.ts';
import type { Report } from './report.ts';
import { returnEvent } from './return-event.ts';
import { spend, type OneTimeToken } from './spent-token.store.ts';
import { idOfProvided, reportedById, type ReportedRow } from './sql/reported-message.ts';
import { markBounced, markDelivered, recordReturn, softBounces } from './sql/record-return.ts';

const DAY = 86_400_000;
/** A refusal of the sender that comes later than this says nothing of today. */
const FAULT_IS_NEWS = DAY;
const TRIES = 3;
const ALL_LANES = Array.from({ length: LANES }, (_, lane) => lane);

export interface ReturnsParts {
  database: Database;
  clock: Clock;
  sequence: Sequence;
  signal: Signal;
  library: () => Promise<Library>;
  secret: string;
}

/** What became of a report. */
export type Taken = 'settled' | 'known' | 'unmatched';

/** A message as reported, and where it went. */
interface Addressed {
  row: ReportedRow;
  address: string | null;
  mark: string;
}

/**
 * Settles what comes back (law L19 to L21, rule D10): one transaction a report, once a message and kind whatever is
 * repeated and in whichever order it comes.
 */
export class Returns {
  private readonly parts: ReturnsParts;

  constructor(parts: ReturnsParts) {
    this.parts = parts;
  }

  /**
   * Settles reports one after the other; when it returns, all are committed. `once` is spent with the first of them, or alone
   * where there is none. Throws RetryableDatabaseError, and TokenSpent when it was spent before: nothing is changed then.
   */
  async take(reports: readonly Report[], once: OneTimeToken | null = null): Promise<Taken[]> {
    if (reports.length === 0) {
      if (once !== null) await this.parts.database.transaction((sql) => spend(sql, once, this.parts.clock.now()));
      return [];
    }
    const library = await this.parts.library();
    const taken: Taken[] = [];
    for (const [index, report] of reports.entries())
      taken.push(await this.takeOne(report, library, index === 0 ? once : null));
    if (taken.includes('settled')) this.parts.signal.wake();
    return taken;
  }

  private async takeOne(report: Report, library: Library, once: OneTimeToken | null): Promise<Taken> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.parts.database.transaction(async (sql) => {
          if (once !== null) await spend(sql, once, this.parts.clock.now());
          return this.settle(sql, report, library);
        });
      } catch (error) {
        if (!(error instanceof TransactionConflict) || attempt === TRIES) throw error;
      }
    }
  }

  private async settle(sql: Sql, report: Report, library: Library): Promise<Taken> {
    const now = this.parts.clock.now();
    const row = await this.find(sql, report, now);
    if (row === null || row.channel !== report.channel || !mayHaveLeft(row)) return 'unmatched';
    const address = addressedOf(report, row.channel === 'email' ? row.email : row.phone, this.parts.secret);
    const mark = report.mark ?? (address === null ? '' : addressMark(address, this.parts.secret));
    const at = Math.min(report.at, now);
    const isNew =
      report.kind === 'delivered'
        ? (await sql.run(markDelivered, [laneOf(row.id), row.month, row.id, at])).length > 0
        : await this.record(sql, { ...report, at }, { row, address, mark }, library);
    if (!isNew) return 'known';
    await insertEvents(sql, [returnEvent({ ...report, at }, row, this.parts.sequence.next(), now)]);
    return 'settled';
  }

  private async find(sql: Sql, report: Report, now: Instant): Promise<ReportedRow | null> {
    const id = report.messageId ?? (await this.idByProvider(sql, report));
    if (id === null) return null;
    const [row] = await sql.run(reportedById, [laneOf(id), id, monthsUpTo(now)]);
    return row ?? null;
  }

  /** Two messages of one name are none: nobody knows which is meant. */
  private async idByProvider(sql: Sql, { providerId, channel }: Report): Promise<Id | null> {
    if (providerId === null || channel !== 'sms') return null;
    const found = await sql.run(idOfProvided, [ALL_LANES, providerId]);
    return found.length === 1 ? found[0]!.id : null;
  }

  private async record(
    sql: Sql,
    report: Exclude<Report, { kind: 'delivered' }>,
    { row, address, mark }: Addressed,
    library: Library,
  ): Promise<boolean> {
    const now = this.parts.clock.now();
    const { id, month, contactId, channel } = row;
    const key = [laneOf(id), month, id];
    const kind = report.kind === 'complained' ? 'complaint' : report.meaning;
    // Before it is written: soft ones are counted under this lock, and hand-overs under way are waited for (rule D4).
    await holdContact(sql, contactId);
    const status = report.kind === 'complained' ? null : report.status;
    const written = [...key, kind, contactId, mark, report.at, report.source, status, report.reason];
    if ((await sql.run(recordReturn, written)).length === 0) return false;
    if (report.kind === 'bounced') await sql.run(markBounced, [...key, report.at]);

    const { softBounces: policy } = library.policy.compiled;
    const soft = countsAsSoft(kind, channel)
      ? (await sql.run(softBounces, [laneOf(id), contactId, mark, now - policy.within, channel]))[0]!.count
      : 0;
    const follows = followUpOf(kind, soft, policy.max);
    if (follows.suppress !== null && address !== null) {
      // Also of whoever else has the address: hand-overs to it are waited for.
      await holdAddresses(sql, [address]);
      await suppressDead(sql, [{ channel, address, reason: follows.suppress }], now);
    }
    if (follows.objects) await this.withdraw(sql, row, report.source, library, now);
    if (follows.suppress !== null)
      await insertInbox(sql, [
        { contactId, seq: this.parts.sequence.next(), receivedAt: now, kind: 'consent', body: {} },
      ]);
    if (kind === 'sender-fault' && now - (row.settledAt ?? now) <= FAULT_IS_NEWS)
      await pauseChannel(sql, { channel, reason: report.reason, until: now + PAUSE }, now);
    await countDeliveries(
      sql,
      [
        {
          // Bounces and complaints stop mail alone: of texts, what the gateway fails at counts.
          domain: channel === 'email' ? sendingDomain(row, library.policy.policy) : null,
          bounced: kind === 'hard' ? 1 : 0,
          complained: kind === 'complaint' ? 1 : 0,
        },
      ],
      now,
    );
    return true;
  }

  /** A complaint is an objection to its purpose, kept in the ledger like any other word of the person (law L21). */
  private async withdraw(
    sql: Sql,
    { id, contactId, channel, purpose, sender }: ReportedRow,
    source: string,
    { policy }: Library,
    now: Instant,
  ): Promise<void> {
    const withdrawal = {
      channel,
      purpose,
      brand: policy.compiled.brandOf.get(sender),
      action: 'withdrawn' as const,
      at: null,
      legalBasis: null,
      source: { kind: 'complaint', reference: `${source} ${id}` },
      textVersion: null,
      text: null,
      ip: null,
      userAgent: null,
    };
    await appendToLedger(
      sql,
      contactId,
      [withdrawal],
      now,
      (entry, states) => states.find((state) => sameConsent(state, entry))?.state !== 'withdrawn',
    );
  }
}

/** What was never handed over cannot come back: such a report is about nothing. */
const mayHaveLeft = ({ status, attempts }: ReportedRow): boolean =>
  attempts > 0 && status !== 'blocked' && status !== 'cancelled' && status !== 'holdout';
