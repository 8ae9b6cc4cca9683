import { randomInt } from 'node:crypto';
import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';
import type { Session, Sql } from '../database/index.ts';
import type { Message } from '../gate/index.ts';
import { addressKey } from '../shared/address.ts';
import { monthOf, type Clock } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import type { Sequence } from '../shared/sequence.ts';
import { LONGEST_EXCHANGE } from './holds.ts';
import { notBegun } from './outcome.ts';
import { settle, untouched, type Settled } from './settle.store.ts';
import { beginMessages } from './sql/begin-messages.ts';

/**
 * Milliseconds from when an exchange begins, or was last said to go on, until its message may be taken for abandoned
 * where nobody holds its lock (sql/abandoned-messages.ts): longer than a process takes to find the database again.
 */
export const LEASE = 10_000;

interface Beginning {
  message: Message;
  address: string;
  resolve: (begun: Message | null) => void;
  reject: (error: unknown) => void;
}

/**
 * Writes for one batch which exchanges begin and how those before them ended, on the session that holds the batch's
 * locks: several in one transaction when they come faster than the database commits. What has ended is committed no later
 * than the next exchange on its slot begins, so that a process that dies leaves no more behind than it was sending.
 */
export class HandOverWriter {
  /** What this batch begins is known by it: no other gives it back, nor does this one what another has begun. */
  private readonly token = randomInt(2 ** 31);
  private readonly beginning: Beginning[] = [];
  private ended: Settled[] = [];
  private writing: Promise<void> | null = null;
  private failure: { error: unknown } | null = null;

  /** `keep` is given what could not be written down, for later. */
  constructor(
    private readonly session: Session,
    private readonly sequence: Sequence,
    private readonly clock: Clock,
    private readonly keep: (ended: readonly Settled[]) => void,
  ) {}

  /** Something could not be written, so that nothing more may begin. */
  get hasFailed(): boolean {
    return this.failure !== null;
  }

  /**
   * That an exchange begins. Resolves, once it is committed, with the message as it then is; null when it has been changed
   * since it was looked at, and does not begin. Rejects when the locks may be lost: then it does not begin either.
   */
  begin(message: Message, address: string): Promise<Message | null> {
    return new Promise((resolve, reject) => {
      if (this.failure !== null) return reject(this.failure.error);
      this.beginning.push({ message, address, resolve, reject });
      this.writing ??= this.write();
    });
  }

  /** How an exchange, or a last look, ended; written with what begins next, or by `flush`. */
  settled(one: Settled): void {
    const ours = one.from === 'handing' ? { ...one, token: this.token } : one;
    if (this.failure === null) this.ended.push(ours);
    else this.keep([ours]);
  }

  /** Resolves when everything is written, or kept. */
  async flush(): Promise<void> {
    while (this.writing !== null || this.ended.length > 0) await (this.writing ??= this.write());
  }

  /** Throws what went wrong meanwhile. */
  throwFailure(): void {
    if (this.failure !== null) throw this.failure.error;
  }

  private async write(): Promise<void> {
    do {
      // What happens at the same time goes together.
      await othersHadTheirTurn();
      const ended = this.ended.splice(0);
      const beginning = this.beginning.splice(0);
      try {
        const begun = await this.session.transaction(async (sql) => {
          const ids = await this.begun(sql, beginning);
          await settle(sql, ended, this.sequence, this.clock.now());
          return ids;
        });
        for (const { message, resolve } of beginning) resolve(begun.has(message.id) ? asBegun(message) : null);
      } catch (error) {
        this.fail(error, ended, beginning);
      }
    } while (this.beginning.length > 0);
    this.writing = null;
  }

  private async begun(sql: Sql, beginning: readonly Beginning[]): Promise<Set<Id>> {
    if (beginning.length === 0) return new Set();
    const messages = beginning.map(({ message }) => message);
    const now = this.clock.now();
    const rows = await sql.run(beginMessages, [
      messages.map(({ id }) => laneOf(id)),
      messages.map(({ plannedAt }) => monthOf(plannedAt)),
      messages.map(({ id }) => id),
      messages.map(({ attempts }) => attempts),
      messages.map(({ judged }) => judged),
      beginning.map(({ address }) => addressKey(address)),
      now + LEASE,
      now,
      now + LONGEST_EXCHANGE,
      this.token,
    ]);
    return new Set(rows.map(({ id }) => id));
  }

  /** It may have been committed all the same: what was to begin is given back. */
  private fail(error: unknown, ended: readonly Settled[], beginning: readonly Beginning[]): void {
    this.failure = { error };
    const rest = this.beginning.splice(0);
    this.keep([
      ...ended,
      ...this.ended.splice(0),
      ...beginning.map(({ message }) => ({ ...givenBack(asBegun(message)), token: this.token })),
    ]);
    for (const { reject } of [...beginning, ...rest]) reject(error);
  }
}

const asBegun = (message: Message): Message => ({ ...message, status: 'handing', attempts: message.attempts + 1 });

/** Its exchange surely did not begin. */
const givenBack = (message: Message): Settled => ({
  ...untouched(message),
  from: 'handing',
  outcome: notBegun(message),
});
