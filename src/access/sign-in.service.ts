import { createHmac, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { tooManyRequests, unavailable } from '../http/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { accountName, accountOf, type AccountWithPassword } from './accounts.store.ts';
import { HashQueue, QueueFull } from './hash-queue.ts';
import { Limits, type Limit } from './limits.service.ts';
import { DECOY, LONGEST_PASSWORD, verifyPassword } from './password.ts';
import { placeOf } from './place.ts';
import { isKnownPlace, notePlaceOf } from './sign-in-place.store.ts';

/** Wrong passwords from one place, and at one account from a place that it has signed in from, in five minutes. */
const MOST_FROM_A_PLACE = 10;
const PLACE_SECONDS = 5 * 60;
/** Wrong passwords at one account from all other places together, in an hour. */
const MOST_OF_STRANGERS = 20;
const STRANGERS_SECONDS = 60 * 60;
/** Passwords that are being verified or wait for it in one process; each takes a tenth of a second. */
const MOST_WAITING = 10;
/** A password that was verified is not hashed again for this long, but its account is looked at after the other. Milliseconds. */
const REMEMBERED_MS = 3_600_000;
const LOOKED_AT_EVERY_MS = 2_000;
const LARGEST_MEMORY = 1_000;

interface Remembered {
  account: AccountWithPassword;
  lookedAt: Instant;
  until: Instant;
}

/**
 * Verifies passwords. What is tried is counted before it is verified, for all processes together (`Limits`), by where it comes
 * from and by account. A stranger who keeps guessing at an account keeps out other strangers alone: from a network
 * that the account has signed in from, its own failures count and nobody else's.
 */
@Injectable()
export class SignIn {
  private readonly remembered = new Map<string, Remembered>();
  private readonly underWay = new Map<string, Promise<AccountWithPassword | null>>();
  /** Keeps what is remembered of passwords useless outside this process. */
  private readonly pepper = randomBytes(32);
  private readonly queue = new HashQueue(MOST_WAITING);
  private readonly byPlace: Limit;
  private readonly byAccountAndPlace: Limit;
  private readonly byStrangers: Limit;

  constructor(
    private readonly database: Database,
    private readonly limits: Limits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.byPlace = limits.named('sign-in-place', MOST_FROM_A_PLACE, PLACE_SECONDS);
    this.byAccountAndPlace = limits.named('sign-in-known-place', MOST_FROM_A_PLACE, PLACE_SECONDS);
    this.byStrangers = limits.named('sign-in-account', MOST_OF_STRANGERS, STRANGERS_SECONDS);
  }

  /**
   * The account with this email and password, or null. `from` is who asks (an IP address). Throws 429 when too many wrong
   * ones were tried, without a look at the password, and 503 when too many wait to be verified.
   */
  async signIn(email: string, password: string, from: string): Promise<AccountWithPassword | null> {
    if (password.length > LONGEST_PASSWORD) return null;
    const name = accountName(email);
    const shown = createHmac('sha256', this.pepper)
      .update(JSON.stringify([name, password]))
      .digest('base64url');
    const known = await this.recall(shown, name);
    if (known !== null) return known;
    // The same at the same time is one try: a script that begins with many requests at once is no guesser.
    const same = this.underWay.get(shown);
    if (same !== undefined) return same;
    const trying = this.try(name, password, placeOf(from)).finally(() => this.underWay.delete(shown));
    this.underWay.set(shown, trying);
    const account = await trying;
    if (account !== null) this.remember(shown, account);
    return account;
  }

  /** The last word on a password that was verified of late: whether the account still is what it was. */
  private async recall(shown: string, name: string): Promise<AccountWithPassword | null> {
    const found = this.remembered.get(shown);
    if (found === undefined) return null;
    const now = this.clock.now();
    if (now < found.lookedAt + LOOKED_AT_EVERY_MS) return found.account;
    const account = now < found.until ? await accountOf(this.database, name) : null;
    if (account?.passwordHash !== found.account.passwordHash) {
      this.remembered.delete(shown);
      return null;
    }
    this.remembered.set(shown, { ...found, account, lookedAt: now });
    return account;
  }

  private remember(shown: string, account: AccountWithPassword): void {
    const now = this.clock.now();
    if (this.remembered.size >= LARGEST_MEMORY) this.remembered.clear();
    this.remembered.set(shown, { account, lookedAt: now, until: now + REMEMBERED_MS });
  }

  private async try(name: string, password: string, place: string): Promise<AccountWithPassword | null> {
    const now = this.clock.now();
    const hidden = this.limits.hidden(place);
    const isKnown = await isKnownPlace(this.database, name, hidden, now);
    // Failures from a place are counted there in any case; only strangers are held to them.
    const counts: [Limit, string][] = [
      [this.byPlace, place],
      isKnown ? [this.byAccountAndPlace, `${name}\n${place}`] : [this.byStrangers, name],
    ];
    const [atPlace, atAccount] = await Promise.all(counts.map(([limit, key]) => limit.take(key)));
    const wait = isKnown ? atAccount! : Math.max(atPlace!, atAccount!);
    if (wait > 0)
      throw tooManyRequests(
        'Too many wrong passwords were tried from your address or at this account. Wait, then try again.',
        wait / 1000,
      );
    const giveBack = (): Promise<unknown> => Promise.all(counts.map(([limit, key]) => limit.giveBack(key)));
    const account = await accountOf(this.database, name);
    let isRight: boolean;
    try {
      isRight = await this.queue.run(() => verifyPassword(password, account?.passwordHash ?? DECOY));
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error;
      await giveBack();
      throw unavailable('Too many people sign in at this moment.', 3);
    }
    if (account === null || !isRight) return null;
    await giveBack();
    await notePlaceOf(this.database, name, hidden, now);
    return account;
  }
}
