import type { DeliveryOutcome } from '../../channels/index.ts';
import { shareContacts } from '../../consent/index.ts';
import type { Database, Sql } from '../../database/index.ts';
import type { Log } from '../../http/index.ts';
import type { Clock, Instant } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { laneOf } from '../../shared/ids.ts';
import {
  askForLinks,
  claimLinkMail,
  dropLinkMail,
  holdLinkMail,
  nextLinkMail,
  postponeLinkMail,
  type LinkMail,
} from '../sql/link-mail.ts';
import { personById, type PersonRow } from '../sql/person.ts';

/** Who has not said by then what became of a mail is dead, and it is handed over again. */
const LEASE = 60_000;
const FIRST_RETRY = 30_000;
const LONGEST_RETRY = 3_600_000;
/** After so long nobody waits for it any more: whoever asked has asked again. */
const GIVE_UP_AFTER = 86_400_000;

export interface LinkMailsParts {
  database: Database;
  clock: Clock;
  log: Log;
  /** Hands over a mail with a fresh link, once `begins` has said that it may go; null when it may not, or the person has no address. */
  mail: (person: PersonRow, begins: () => Promise<boolean>) => Promise<DeliveryOutcome | null>;
}

/**
 * Mails with a link to one's own data, for those who ask by their address: written down before the answer, and handed
 * over at least once, whatever breaks meanwhile. A second one does no harm, since the person asked.
 */
export class LinkMails {
  private readonly parts: LinkMailsParts;

  constructor(parts: LinkMailsParts) {
    this.parts = parts;
  }

  /** Somebody asks by an address. Committed when it returns, known or not; the caller wakes whoever hands over. */
  async ask(address: string): Promise<void> {
    const { database, clock } = this.parts;
    await database.run(askForLinks, [address, clock.now()]);
  }

  /** Hands over the mail that is longest due; 0 when none is. */
  async handOver(): Promise<number> {
    const { database, clock } = this.parts;
    const now = clock.now();
    const [taken] = await database.run(claimLinkMail, [now, now + LEASE]);
    if (taken === undefined) return 0;
    await database.transaction((sql) => this.handOverOne(sql, taken));
    return 1;
  }

  private async handOverOne(sql: Sql, { lane, id, contactId, askedAt, attempts }: LinkMail): Promise<void> {
    const { clock, log } = this.parts;
    // An erasure waits for a mail that is being handed over, and after it there is none.
    if (contactId !== null) await shareContacts(sql, [contactId]);
    if ((await sql.run(holdLinkMail, [lane, id])).length === 0) return;
    const [person] = contactId === null ? [] : await sql.run(personById, [laneOf(contactId), contactId]);
    // Asked on the connection that holds the lock: when it is lost, nothing begins (rule D4).
    const begins = async (): Promise<boolean> => (await sql.run(holdLinkMail, [lane, id])).length > 0;
    const outcome = person === undefined ? null : await this.mail(person, begins);
    if (outcome === null || outcome.kind === 'sent') return void (await sql.run(dropLinkMail, [lane, id]));
    const again = clock.now() + Math.min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY);
    if (outcome.kind !== 'failed' && again < askedAt + GIVE_UP_AFTER)
      return void (await sql.run(postponeLinkMail, [lane, id, again]));
    await sql.run(dropLinkMail, [lane, id]);
    log.warn({ outcome: outcome.kind, attempts }, 'a link to somebody’s own data could not be mailed');
  }

  /** What cannot be composed now (nothing is published) may be later. */
  private async mail(person: PersonRow, begins: () => Promise<boolean>): Promise<DeliveryOutcome | null> {
    try {
      return await this.parts.mail(person, begins);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { kind: 'retry', reason: error.message };
    }
  }

  /** When the next is due; null when none waits. */
  async nextDue(): Promise<Instant | null> {
    const [row] = await this.parts.database.run(nextLinkMail);
    return row?.at ?? null;
  }
}
