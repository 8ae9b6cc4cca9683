import { createHash } from 'node:crypto';
import type { Sql } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { spendToken } from './sql/spend-token.ts';

/** What makes a signed call one that counts once. */
export interface OneTimeToken {
  /** Whose: `mailgun`. */
  source: string;
  token: string;
  /** From here on the signature is refused for its age. */
  until: Instant;
}

/** The token has been taken before: this call is somebody's copy, or a repetition of what is settled. */
export class TokenSpent extends Error {
  override readonly name = 'TokenSpent';
}

/** Spends a token within the transaction of what follows from the call. Throws TokenSpent when that was done before. */
export async function spend(sql: Sql, { source, token, until }: OneTimeToken, now: Instant): Promise<void> {
  const hash = createHash('sha256').update(token).digest('hex');
  if ((await sql.run(spendToken, [source, hash, until, now])).length === 0)
    throw new TokenSpent(`a token of ${source} was used before`);
}
