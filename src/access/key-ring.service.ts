import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Database } from '../database/index.ts';
import type { Scope } from '../http/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { sha256 } from '../shared/hash.ts';
import { keyOf, noteUseOfKey, USE_NOTED_EVERY_MS } from './keys.store.ts';

/** Injection token of {@link WriteKeys}. */
export const WRITE_KEYS = Symbol('WRITE_KEYS');
/** Which keys the events API takes. */
export interface WriteKeys {
  accepts(key: string): Promise<boolean>;
}

/** A key that was shown and is good. */
export interface ShownKey {
  name: string;
  scope: Scope;
}

interface Answer {
  key: Promise<ShownKey | null>;
  /** The same when it is there. */
  known?: ShownKey | null;
  until: Instant;
}

/** A key that was revoked works on, and one that was made is refused, for no longer than this. Milliseconds. */
const REMEMBERED_MS = 2_000;
const LARGEST_MEMORY = 10_000;

/** Knows the keys of machines, and remembers them for seconds: otherwise every event would ask the database. */
@Injectable()
export class KeyRing implements WriteKeys {
  private readonly answers = new Map<string, Answer>();

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async accepts(key: string): Promise<boolean> {
    return (await this.find(key))?.scope === 'write';
  }

  /** The key, unless it is not known or was revoked. */
  async find(key: string): Promise<ShownKey | null> {
    const hash = sha256(key);
    const now = this.clock.now();
    const before = this.answers.get(hash);
    if (before !== undefined && before.until > now) return before.key;
    // Asked once, however many requests show the key meanwhile.
    const answer: Answer = { key: this.ask(hash, now), until: now + REMEMBERED_MS };
    if (this.answers.size >= LARGEST_MEMORY) this.answers.clear();
    this.answers.set(hash, answer);
    try {
      answer.known = await answer.key;
      return answer.known;
    } catch (error) {
      this.answers.delete(hash);
      // While the database is away a key that was good stays good: the answer is then 503, which clients repeat, and not
      // 401, on which they give up.
      if (before === undefined || !before.known) throw error;
      this.answers.set(hash, { ...before, until: now + REMEMBERED_MS });
      return before.known;
    }
  }

  private async ask(hash: string, now: Instant): Promise<ShownKey | null> {
    const found = await keyOf(this.database, hash);
    if (found === null || found.revokedAt !== null) return null;
    // A use that cannot be written down now is written down with a later one.
    if (now - (found.lastUsedAt ?? 0) >= USE_NOTED_EVERY_MS)
      await noteUseOfKey(this.database, hash, now).catch(() => {});
    return { name: found.name, scope: found.scope };
  }
}
