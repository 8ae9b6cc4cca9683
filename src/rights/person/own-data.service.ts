import { Inject, Injectable } from '@nestjs/common';
import { FailureThrottle } from '../../access/index.ts';
import { CLOCK } from '../../config/index.ts';
import { Database } from '../../database/index.ts';
import { LOG, type Log } from '../../http/index.ts';
import type { Clock, Instant } from '../../shared/clock.ts';
import { contactIdOf, laneOf, type Id } from '../../shared/ids.ts';
import { peopleByEmail, personById, type PersonRow } from '../sql/person.ts';
import { LinkMailer } from './link-mailer.service.ts';

const HOUR = 3_600_000;
/** Links that one address can have mailed in an hour, that one network address can ask for, and all of them together in a minute. */
const PER_ADDRESS = 3;
const PER_PLACE = 20;
const PER_MINUTE = 60;

/** Finds people for their own requests, and has them mailed their link (rule C8). */
@Injectable()
export class OwnData {
  private readonly byAddress = new FailureThrottle(PER_ADDRESS, HOUR);
  private readonly byPlace = new FailureThrottle(PER_PLACE, HOUR);
  private readonly all = new FailureThrottle(PER_MINUTE, 60_000);
  /** One look for an address at a time: whoever asks waits for none of them. */
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly mailer: LinkMailer,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async person(contactId: Id): Promise<PersonRow | null> {
    const [person] = await this.database.run(personById, [laneOf(contactId), contactId]);
    return person ?? null;
  }

  /** Mails a link to somebody whom a backend knows: when it runs out, null when they have no address, undefined when unknown. */
  async mailTo(userId: string): Promise<Instant | null | undefined> {
    const person = await this.person(contactIdOf(userId));
    return person === null ? undefined : this.mailer.mail(person);
  }

  /**
   * Whoever asks by an address gets the same answer at once, known or not, so that nobody learns who is. False when too
   * many ask from one place; too many mails to one address are left out in silence.
   */
  ask(email: string, place: string): boolean {
    const now = this.clock.now();
    if (this.byPlace.wait(place, now) > 0 || this.all.wait('', now) > 0) return false;
    this.byPlace.record(place, now);
    this.all.record('', now);
    const address = email.trim().toLowerCase();
    if (!/^[^@\s]+@[^@\s]+$/.test(address) || this.byAddress.wait(address, now) > 0) return true;
    this.byAddress.record(address, now);
    this.looking = this.looking
      .then(() => this.mailAll(address))
      .catch((error: unknown) => this.log.error({ err: error }, 'a link to somebody’s own data was not mailed'));
    return true;
  }

  private async mailAll(address: string): Promise<void> {
    for (const person of await this.database.run(peopleByEmail, [address])) await this.mailer.mail(person);
  }
}
