import { DataSource, IsNull } from 'typeorm';
import { sha256 } from '../shared/hash.ts';
import type { Instant } from '../shared/clock.ts';
import { AccountRow } from './account.entity.ts';
import { ApiKeyRow } from './api-key.entity.ts';

export type Scope = 'write' | 'read' | 'manage';
export type AccountRole = 'viewer' | 'author' | 'approver' | 'admin';

/** Accounts and keys. Emails are compared in lower case. */
export class AccessStore {
  private readonly dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.dataSource = dataSource;
  }

  /** Whether a key that was not revoked has this scope. */
  async hasKey(hash: string, scope: Scope): Promise<boolean> {
    return this.dataSource.getRepository(ApiKeyRow).existsBy({ hash, scope, revokedAt: IsNull() });
  }

  /** Adds a key unless it is there, also as a revoked one, which stays revoked. */
  async addKey(key: string, label: string, scope: Scope, now: Instant): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .insert()
      .into(ApiKeyRow)
      .values({ hash: sha256(key), label, scope, createdAt: now, revokedAt: null })
      .orIgnore()
      .execute();
  }

  async findAccount(email: string): Promise<AccountRow | null> {
    return this.dataSource.getRepository(AccountRow).findOneBy({ email: email.toLowerCase() });
  }

  async hasAccounts(): Promise<boolean> {
    return this.dataSource.getRepository(AccountRow).exists();
  }

  /** Adds an account unless one has this email. */
  async addAccount(email: string, passwordHash: string, role: AccountRole, now: Instant): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .insert()
      .into(AccountRow)
      .values({ email: email.toLowerCase(), passwordHash, role, createdAt: now })
      .orIgnore()
      .execute();
  }
}
