import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { Database } from '../database/index.ts';
import type { Clock } from '../shared/clock.ts';
import { sha256 } from '../shared/hash.ts';
import type { Account, AccountWithPassword } from './accounts.store.ts';
import { isLive, newToken, sessionCookie, tokenIn } from './session.ts';
import { beginSession, endSession, seeSessionAt, sessionOf } from './sessions.store.ts';

/** Who is signed in, and the token that their browser showed. */
export interface Session {
  account: Account;
  token: string;
}

/** People who stay signed in: rows in the database, of which their browsers keep the token and the rows its hash. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The session that a `Cookie` header shows, unless it has ended. */
  async find(cookies: string | undefined): Promise<Session | null> {
    const token = tokenIn(cookies, this.config.publicUrl);
    if (token === null) return null;
    const hash = sha256(token);
    const found = await sessionOf(this.database, hash);
    const now = this.clock.now();
    if (found === null || !isLive(found, now)) return null;
    await seeSessionAt(this.database, hash, found.seenAt, now);
    return { account: { email: found.email, role: found.role }, token };
  }

  /** Begins a session under a new token, ends the one that was shown before, and returns `Set-Cookie`. */
  async begin({ email, passwordChangedAt }: AccountWithPassword, cookies: string | undefined): Promise<string> {
    await this.endShown(cookies);
    const token = newToken();
    await beginSession(this.database, { hash: sha256(token), email, passwordChangedAt }, this.clock.now());
    return sessionCookie(token, this.config.publicUrl);
  }

  /** Ends the session that is shown, if any, and returns `Set-Cookie`. */
  async end(cookies: string | undefined): Promise<string> {
    await this.endShown(cookies);
    return sessionCookie(null, this.config.publicUrl);
  }

  private async endShown(cookies: string | undefined): Promise<void> {
    const token = tokenIn(cookies, this.config.publicUrl);
    if (token !== null) await endSession(this.database, sha256(token));
  }
}
