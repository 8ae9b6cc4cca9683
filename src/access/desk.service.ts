import type { Database } from '../database/index.ts';
import type { AccountRole, Scope } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import {
  addAccount,
  changingAccess,
  removeAccount,
  setPassword,
  setRole,
  type Account,
  type Change,
} from './accounts.store.ts';
import { addKey, newKey, revokeKey } from './keys.store.ts';
import { hashPassword, newPassword } from './password.ts';

/** A secret that was made up: to be told once, since it is kept hashed. */
export interface MadeUp {
  password?: string;
}

/** Accounts and keys as an admin changes them, over HTTP or at the command line; `by` is who, for the audit log. */
export class AccessDesk {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Makes a password up where none is given. Throws UserError when the email has an account. */
  async addAccount({ email, role, password }: Account & MadeUp, by: string): Promise<MadeUp> {
    const chosen = password ?? newPassword();
    const passwordHash = await hashPassword(chosen);
    await changingAccess(this.database, (sql) => addAccount(sql, { email, role, passwordHash }, this.change(by)));
    return password === undefined ? { password: chosen } : {};
  }

  /** Throws UserError for the last admin, UnknownAccount where there is none. */
  setRole(email: string, role: AccountRole, by: string): Promise<void> {
    return changingAccess(this.database, (sql) => setRole(sql, email, role, this.change(by)));
  }

  /** The same as with `addAccount`; every session of the account ends. Throws UnknownAccount. */
  async setPassword(email: string, password: string | undefined, by: string): Promise<MadeUp> {
    const chosen = password ?? newPassword();
    const passwordHash = await hashPassword(chosen);
    await changingAccess(this.database, (sql) => setPassword(sql, email, passwordHash, this.change(by)));
    return password === undefined ? { password: chosen } : {};
  }

  /** Throws UserError for the last admin, UnknownAccount where there is none. */
  removeAccount(email: string, by: string): Promise<void> {
    return changingAccess(this.database, (sql) => removeAccount(sql, email, this.change(by)));
  }

  async addKey({ name, scope }: { name: string; scope: Scope }, by: string): Promise<{ id: string; key: string }> {
    const key = newKey(scope);
    const id = await changingAccess(this.database, (sql) => addKey(sql, { key, name, scope }, this.change(by)));
    return { id, key };
  }

  /** Throws UnknownKey where there is none. */
  revokeKey(id: string, by: string): Promise<void> {
    return changingAccess(this.database, (sql) => revokeKey(sql, id, this.change(by)));
  }

  private change(by: string): Change {
    return { by, at: this.clock.now() };
  }
}
