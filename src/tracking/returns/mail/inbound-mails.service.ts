import type { ConsentService } from '../../../consent/index.ts';
import { TransactionConflict, type Sql } from '../../../database/index.ts';
import { eventRow, insertEvents } from '../../../events/index.ts';
import { brandOf, isDirectMarketing } from '../../../gate/index.ts';
import type { Library } from '../../../scenarios/index.ts';
import type { Instant } from '../../../shared/clock.ts';
import { derivedId, laneOf, type Id } from '../../../shared/ids.ts';
import { monthsUpTo } from '../months.ts';
import type { ReturnsParts, Taken } from '../returns.service.ts';
import { reportedById, type ReportedRow } from '../sql/reported-message.ts';
import type { MailReply, MailUnsubscribe } from './inbound-mail.ts';

const TRIES = 3;

/** By which name scenarios hear of an answer (docs/scenarios.md); Segment's spec has none for it. */
export const EMAIL_REPLIED = 'Email Replied';

/** How the ledger says in which way somebody withdrew by mail. */
const BY_MAIL = { unsubscribe: 'mailto', reply: 'reply-stop' } as const;

/** A withdrawal by mail, of one purpose. */
interface Withdrawn {
  contactId: Id;
  purpose: string;
  brand: string | undefined;
  reference: string;
  way: (typeof BY_MAIL)[keyof typeof BY_MAIL];
  saidAt?: Instant;
}

/**
 * Settles what people write to us (rules C5a, C5b, law L15): the way out of one message acts as its link does, words that ask
 * for no more mail as a STOP by text does, and an answer is a sign of life. Each is the same however often it arrives.
 */
export class InboundMails {
  constructor(
    private readonly parts: ReturnsParts,
    private readonly consent: Pick<ConsentService, 'withdraw' | 'ledger'>,
  ) {}

  /** Withdraws what the message was sent for. Throws RetryableDatabaseError. */
  async unsubscribe({ link, messageId }: MailUnsubscribe): Promise<Taken> {
    const way = BY_MAIL.unsubscribe;
    if (link !== null) {
      const { contactId, purpose, brand } = link;
      return this.withdraw({ contactId, purpose, brand, reference: messageId, way });
    }
    const row = await this.message(messageId);
    if (row === null) return 'unmatched';
    const { policy } = (await this.parts.library()).policy;
    const { contactId, purpose, sender } = row;
    return this.withdraw({ contactId, purpose, brand: brandOf(policy, sender), reference: messageId, way });
  }

  /** The event `Email Replied`; before it, what its words withdraw. Throws RetryableDatabaseError. */
  async reply(reply: MailReply): Promise<Taken> {
    const row = await this.message(reply.messageId);
    if (row === null) return 'unmatched';
    if (reply.stops) await this.stop(row, reply, await this.parts.library());
    const stored = await this.retrying((sql) => {
      const { sequence, clock } = this.parts;
      return insertEvents(sql, [repliedEvent(reply, row, sequence.next(), clock.now())]);
    });
    if (stored > 0) this.parts.signal.wake();
    return stored > 0 ? 'settled' : 'known';
  }

  /** Direct marketing by mail of the sender's brand; what the person agreed to after writing stays. */
  private async stop(
    { contactId, sender }: ReportedRow,
    { messageId, at }: MailReply,
    library: Library,
  ): Promise<void> {
    const { policy } = library.policy;
    const brand = brandOf(policy, sender);
    const ledger = await this.consent.ledger(contactId);
    for (const purpose of Object.keys(policy.purposes).filter((one) => isDirectMarketing(one, policy))) {
      const said = ledger.filter((entry) => entry.channel === 'email' && entry.purpose === purpose);
      if (said.some((entry) => entry.at > at && (entry.brand ?? '') === (brand ?? ''))) continue;
      const saidAt = Math.min(at, this.parts.clock.now());
      await this.withdraw({ contactId, purpose, brand, reference: messageId, way: BY_MAIL.reply, saidAt });
    }
  }

  private async withdraw({ contactId, purpose, brand, reference, way, saidAt }: Withdrawn): Promise<Taken> {
    const entry = {
      channel: 'email',
      purpose,
      brand,
      source: { kind: way, reference },
      textVersion: null,
      text: null,
      ip: null,
      userAgent: null,
    };
    const changed = await this.consent.withdraw(contactId, entry, saidAt);
    return changed ? 'settled' : 'known';
  }

  private async message(id: Id): Promise<ReportedRow | null> {
    const months = monthsUpTo(this.parts.clock.now());
    const [row] = await this.retrying((sql) => sql.run(reportedById, [laneOf(id), id, months]));
    return row === undefined || row.channel !== 'email' || row.attempts === 0 ? null : row;
  }

  private async retrying<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.parts.database.transaction(work);
      } catch (error) {
        if (!(error instanceof TransactionConflict) || attempt === TRIES) throw error;
      }
    }
  }
}

/** What was written is not kept: it may be about anything. Who asks for no more mail shows no interest by it. */
function repliedEvent({ messageId, stops, key, at }: MailReply, row: ReportedRow, seq: number, now: Instant) {
  const { contactId, userId, scenarioId: scenario, programme, step, template, purpose } = row;
  return eventRow({
    id: derivedId(contactId, 'event', `relance reply ${messageId} ${key}`),
    contactId,
    userId,
    seq,
    type: 'track',
    name: EMAIL_REPLIED,
    at: Math.min(at, now),
    receivedAt: now,
    properties: { messageId, scenario, programme, step, template, purpose, channel: 'email', stop: stops },
    historical: false,
    active: !stops,
  });
}
