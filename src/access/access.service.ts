import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { tooManyRequests } from '../http/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { sha256 } from '../shared/hash.ts';
import { AccessStore, type AccountRole } from './access.store.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { FailureThrottle } from './throttle.ts';

/** Injection token of {@link WriteKeys}. */
export const WRITE_KEYS = Symbol('WRITE_KEYS');
/** Which keys the events API takes. */
export interface WriteKeys {
  accepts(key: string): Promise<boolean>;
}

export interface Account {
  email: string;
  role: AccountRole;
}

/** A revoked key or a changed password works for this long on; otherwise every request would ask the database. */
const REMEMBERED_MS = 30_000;
/** A key that was refused is asked for again after this; a new one works within it. */
const REFUSAL_REMEMBERED_MS = 2_000;
const LARGEST_MEMORY = 10_000;
/** Wrong passwords from one address before it has to wait, and for how long. */
const MOST_FAILURES = 10;
const FAILURE_WINDOW_MS = 5 * 60_000;

/** Answers who may do what, and remembers the answers for a short time. */
@Injectable()
export class AccessService implements WriteKeys, OnModuleInit {
  private readonly store: AccessStore;
  private readonly keys = new Map<string, { accepted: boolean; until: Instant }>();
  private readonly signedIn = new Map<string, { account: Account; until: Instant }>();
  private readonly failures = new FailureThrottle(MOST_FAILURES, FAILURE_WINDOW_MS);
  /** Keeps what is remembered of passwords useless outside this process. */
  private readonly pepper = randomBytes(16).toString('hex');
  private decoy: Promise<string> | null = null;

  constructor(
    dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.store = new AccessStore(dataSource);
  }

  async onModuleInit(): Promise<void> {
    await this.ensureFirstKey();
    await this.ensureFirstAccount();
  }

  async accepts(key: string): Promise<boolean> {
    const hash = sha256(key);
    const now = this.clock.now();
    const known = this.keys.get(hash);
    if (known !== undefined && known.until > now) return known.accepted;
    let accepted: boolean;
    try {
      accepted = await this.store.hasKey(hash, 'write');
    } catch (error) {
      // While the database is away a key that was good stays good: the answer is then 503, which clients repeat,
      // and not 401, on which they give up.
      if (known?.accepted) return true;
      throw error;
    }
    if (this.keys.size >= LARGEST_MEMORY) this.keys.clear();
    this.keys.set(hash, { accepted, until: now + (accepted ? REMEMBERED_MS : REFUSAL_REMEMBERED_MS) });
    return accepted;
  }

  /**
   * The account with this email and password, or null. `from` is who asks (an IP address): after too many failures
   * it is refused for some minutes (throws 429), without a look at the password.
   */
  async signIn(email: string, password: string, from: string): Promise<Account | null> {
    const now = this.clock.now();
    const remembered = sha256(`${this.pepper}\n${email}\n${password}`);
    const known = this.signedIn.get(remembered);
    if (known !== undefined && known.until > now) return known.account;
    const wait = this.failures.wait(from, now);
    if (wait > 0)
      throw tooManyRequests('Too many wrong passwords came from your address. Wait, then try again.', wait / 1000);
    const row = await this.store.findAccount(email);
    // Without an account a decoy is verified all the same, so that the time taken does not tell who has one.
    this.decoy ??= hashPassword(this.pepper);
    const right = await verifyPassword(password, row?.passwordHash ?? (await this.decoy));
    if (row === null || !right) {
      this.failures.record(from, now);
      return null;
    }
    const account: Account = { email: row.email, role: row.role as AccountRole };
    if (this.signedIn.size >= LARGEST_MEMORY) this.signedIn.clear();
    this.signedIn.set(remembered, { account, until: now + REMEMBERED_MS });
    return account;
  }

  private async ensureFirstKey(): Promise<void> {
    const { writeKey } = this.config;
    if (writeKey !== undefined) await this.store.addKey(writeKey, 'WRITE_KEY', 'write', this.clock.now());
  }

  private async ensureFirstAccount(): Promise<void> {
    if (await this.store.hasAccounts()) return;
    const { adminEmail, adminPassword } = this.config;
    if (adminEmail === undefined || adminPassword === undefined) {
      throw new UserError(
        'There is no account yet: set ADMIN_EMAIL and ADMIN_PASSWORD (at least 8 characters) for the first one',
      );
    }
    await this.store.addAccount(adminEmail, await hashPassword(adminPassword), 'admin', this.clock.now());
  }
}
