import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { Database, type Sql } from '../database/index.ts';
import { LOG, type Log } from '../http/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { sha256 } from '../shared/hash.ts';
import {
  accountName,
  accountOf,
  accounts,
  addAccount,
  changingAccess,
  removeAccount,
  setPassword,
  type Change,
} from './accounts.store.ts';
import { appliedPasswords, noteAppliedPassword } from './environment-password.store.ts';
import { addKey, keyOf, keys, revokeKey, takeUpKey } from './keys.store.ts';
import { hashPassword, verifyPassword } from './password.ts';

const ENVIRONMENT = 'system:environment';

/**
 * Makes the key and the account that the environment names, and ends those that it named before (rule S1). A value is applied
 * once: one that was replaced does not come back, so that a process with yesterday's settings that starts again changes
 * nothing, nor does what people have changed since. With the embedded database there is one process, and the last start counts.
 */
@Injectable()
export class EnvironmentCredentials implements OnModuleInit {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onModuleInit(): Promise<void> {
    await changingAccess(this.database, async (sql) => {
      const change = { by: ENVIRONMENT, at: this.clock.now(), fromEnvironment: true };
      await this.applyKey(sql, change);
      await this.applyAccount(sql, change);
    });
  }

  private async applyKey(sql: Sql, change: Change): Promise<void> {
    const { writeKey, embedded } = this.config;
    if (writeKey === undefined) return;
    const known = await keyOf(sql, sha256(writeKey));
    if (known === null) {
      await addKey(sql, { key: writeKey, name: 'WRITE_KEY', scope: 'write' }, change);
    } else if (known.revokedAt !== null) {
      if (!embedded || known.revokedBy !== ENVIRONMENT) {
        this.log.warn('WRITE_KEY names a key that was revoked or replaced: it stays refused. Set another one');
        return;
      }
      await takeUpKey(sql, known, change);
    }
    const own = sha256(writeKey).slice(0, 16);
    for (const { id, revokedAt, fromEnvironment } of await keys(sql))
      if (fromEnvironment && revokedAt === null && id !== own) await revokeKey(sql, id, change);
  }

  private async applyAccount(sql: Sql, change: Change): Promise<void> {
    const { adminEmail, adminPassword } = this.config;
    const all = await accounts(sql);
    if (adminEmail === undefined || adminPassword === undefined) {
      if (all.length > 0) return;
      throw new UserError(
        'There is no account yet: set ADMIN_EMAIL and ADMIN_PASSWORD (at least 8 characters) for the first one',
      );
    }
    const email = accountName(adminEmail);
    const applied = await appliedPasswords(sql);
    const ofThis = applied.filter((password) => password.email === email);
    const account = await accountOf(sql, email);
    if (account === null) {
      // Not one that people have removed, nor one that an earlier version was not asked for.
      if (all.length > 0 && (applied.length === 0 || ofThis.length > 0)) {
        if (ofThis.length === 0) await this.note(sql, email, await hashPassword(adminPassword), change.at);
        return;
      }
      const passwordHash = await hashPassword(adminPassword);
      await addAccount(sql, { email, role: 'admin', passwordHash }, change);
      await this.note(sql, email, passwordHash, change.at);
      // Whom ADMIN_EMAIL named before, as long as nobody has made the account their own.
      for (const other of all) if (other.fromEnvironment) await removeAccount(sql, other.email, change);
      return;
    }
    const [latest, ...before] = ofThis;
    if (latest !== undefined && (await verifyPassword(adminPassword, latest.passwordHash))) return;
    if (latest === undefined && (await verifyPassword(adminPassword, account.passwordHash)))
      return this.note(sql, email, account.passwordHash, change.at);
    if (!this.config.embedded) {
      for (const { passwordHash } of before) {
        if (!(await verifyPassword(adminPassword, passwordHash))) continue;
        this.log.warn('ADMIN_PASSWORD names a password that was replaced: it stays refused. Set another one');
        return;
      }
    }
    const passwordHash = await hashPassword(adminPassword);
    await setPassword(sql, email, passwordHash, change);
    await this.note(sql, email, passwordHash, change.at);
  }

  private note(sql: Sql, email: string, passwordHash: string, at: Instant): Promise<void> {
    return noteAppliedPassword(sql, { email, passwordHash, appliedAt: at });
  }
}
