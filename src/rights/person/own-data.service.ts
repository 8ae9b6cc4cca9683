import { Injectable } from '@nestjs/common';
import { Limits, placeOf, type Limit } from '../../access/index.ts';
import { Database, Signal } from '../../database/index.ts';
import { addressKey } from '../../shared/address.ts';
import type { Instant } from '../../shared/clock.ts';
import { contactIdOf, laneOf, type Id } from '../../shared/ids.ts';
import { personById, type PersonRow } from '../sql/person.ts';
import { LinkMailer } from './link-mailer.service.ts';
import { LinkMails } from './link-mails.service.ts';

const HOUR = 3_600;
/** Links that one address can have mailed in an hour, that one network address can ask for, and all of them together in a minute. */
const PER_ADDRESS = 3;
const PER_PLACE = 20;
const PER_MINUTE = 60;

/** Finds people for their own requests, and has them mailed their link (rule C8). */
@Injectable()
export class OwnData {
  private readonly byAddress: Limit;
  private readonly byPlace: Limit;
  private readonly all: Limit;

  constructor(
    private readonly database: Database,
    private readonly mailer: LinkMailer,
    private readonly mails: LinkMails,
    private readonly signal: Signal,
    limits: Limits,
  ) {
    this.byAddress = limits.named('link-address', PER_ADDRESS, HOUR);
    this.byPlace = limits.named('link-place', PER_PLACE, HOUR);
    this.all = limits.named('link-all', PER_MINUTE, 60);
  }

  async person(contactId: Id): Promise<PersonRow | null> {
    const [person] = await this.database.run(personById, [laneOf(contactId), contactId]);
    return person ?? null;
  }

  /**
   * Mails a link to somebody whom a backend knows: when it runs out, null when they have no address or it could not be
   * handed over, undefined when unknown.
   */
  async mailTo(userId: string): Promise<Instant | null | undefined> {
    const person = await this.person(contactIdOf(userId));
    if (person === null) return undefined;
    const mailed = await this.mailer.mail(person);
    return mailed?.outcome.kind === 'sent' ? mailed.until : null;
  }

  /**
   * Whoever asks by an address gets the same answer in the same time, known or not, so that nobody learns who is; what
   * they asked for is committed by then. False when too many ask from one place; too many mails to one address are left
   * out in silence.
   */
  async ask(email: string, place: string): Promise<boolean> {
    if ((await this.byPlace.take(placeOf(place))) > 0 || (await this.all.take('')) > 0) return false;
    const address = addressKey(email);
    if (!/^[^@\s]+@[^@\s]+$/.test(address) || (await this.byAddress.take(address)) > 0) return true;
    await this.mails.ask(address);
    this.signal.wake();
    return true;
  }
}
