import { Inject, Injectable } from '@nestjs/common';
import { recordObjection } from '../consent/index.ts';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { Database, Signal, snapshot, type Sql } from '../database/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { contactIdOf, type Id } from '../shared/ids.ts';
import { Sequence } from '../shared/sequence.ts';
import { eraseContact, previewErasure, type ErasureReport } from './erasure/erasure.store.ts';
import { exportContact } from './export/export.store.ts';
import { isKnown, storeRectification } from './rectification/rectification.store.ts';
import { providersOf, type Providers } from './recipients/recipients.ts';
import { recipientsOf } from './recipients/recipients.store.ts';
import type { Asker, Ending, Extension, RequestKind, RightsRequest } from './requests/request.ts';
import { answerRequest, endRequest, prolongRequest, registerRequest, requestsOf } from './requests/requests.store.ts';
import { lift, restrict } from './restriction/restriction.store.ts';

/** What a person may ask about their data, done and written down (rule C8). User ids are what the backend calls people. */
@Injectable()
export class RightsService {
  private readonly providers: Providers;

  constructor(
    private readonly database: Database,
    private readonly signal: Signal,
    private readonly sequence: Sequence,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: Config,
  ) {
    this.providers = providersOf(config);
  }

  /** Everything that is kept of a contact; null when nothing is. The request is written down as answered. */
  export(userId: string, asker: Asker): Promise<Record<string, unknown> | null> {
    return exportForRequest(this.database, userId, asker, this.providers, this.clock.now());
  }

  /** Erases a contact (rule D4: when this returns, nothing is handed over to them any more). */
  erase(userId: string, asker: Asker): Promise<ErasureReport> {
    return eraseContact(this.database, contactIdOf(userId), asker, this.providers, this.clock.now());
  }

  /** What an erasure would remove. */
  previewErasure(userId: string): Promise<ErasureReport> {
    return snapshot(this.database, (sql) => previewErasure(sql, contactIdOf(userId), this.providers));
  }

  /**
   * Corrects traits, which must have been normalised; the request keeps who is to be told (GDPR Art. 19). False when nobody
   * of this user id is known.
   */
  async rectify(userId: string, traits: Record<string, unknown>, asker: Asker): Promise<boolean> {
    const contactId = contactIdOf(userId);
    if (!(await isKnown(this.database, contactId))) return false;
    await this.answer({ contactId, kind: 'rectification', asker }, async (sql, request, now) => {
      await storeRectification(sql, userId, traits, request, this.sequence.next(), now);
      return { traits: Object.keys(traits).length, recipients: await recipientsOf(sql, contactId, this.providers) };
    });
    return true;
  }

  /**
   * Stops direct marketing on every channel, whatever was consented to, or takes that back (GDPR Art. 21(2), law L8).
   * When this returns it is committed: nothing of it is handed over any more (rule D4).
   */
  object(contactId: Id, said: 'objects' | 'takes-back', asker: Asker): Promise<void> {
    const request = { contactId, kind: 'objection', asker, anew: said === 'takes-back' } as const;
    return this.answer(request, async (sql, _request, now) => ({
      said,
      changed: await recordObjection(sql, contactId, said, this.sequence.next(), now),
    }));
  }

  /** Freezes a contact, or lifts that; see restrictForRequest. False when nobody of this user id is known. */
  async restrict(userId: string, said: 'restricts' | 'lifts', asker: Asker): Promise<boolean> {
    const by = { asker, providers: this.providers };
    const found = await restrictForRequest(this.database, userId, said, by, this.sequence.next(), this.clock.now());
    this.signal.wake();
    return found;
  }

  private async answer(
    request: { contactId: Id; kind: RequestKind; asker: Asker; anew?: boolean },
    work: (sql: Sql, request: Id, now: Instant) => Promise<Record<string, unknown>>,
  ): Promise<void> {
    const now = this.clock.now();
    await answerRequest(this.database, request, now, (sql, id) => work(sql, id, now));
    this.signal.wake();
  }

  /** Writes down a request that is not answered yet; its month runs from `receivedAt` on. */
  register(
    userId: string,
    kind: RequestKind,
    receivedAt: Instant | null,
    asker: Asker,
  ): Promise<{ id: Id; dueAt: Instant }> {
    const now = this.clock.now();
    const request = { contactId: contactIdOf(userId), kind, asker };
    return registerRequest(this.database, request, receivedAt ?? now, now);
  }

  /** Two months more for a request; its new term, null when there is none. Throws UserError when it cannot be extended. */
  prolong(id: Id, because: Extension, actor: string): Promise<Instant | null> {
    return prolongRequest(this.database, id, because, actor, this.clock.now());
  }

  /** Ends a request that was not answered by what it asks for. False when there is none. Throws UserError when it is done. */
  end(id: Id, ending: Ending, asker: Asker): Promise<boolean> {
    return endRequest(this.database, id, ending, asker, this.clock.now());
  }

  /** The requests of all people, the one that is due first before the others. */
  requests(state: 'open' | 'done' | null): Promise<RightsRequest[]> {
    return requestsOf(this.database, state);
  }
}

/** An export with its request; see RightsService. */
export async function exportForRequest(
  database: Database,
  userId: string,
  asker: Asker,
  providers: Providers,
  now: Instant,
): Promise<Record<string, unknown> | null> {
  const found = await snapshot(database, (sql) => exportContact(sql, userId, providers, now));
  if (found === null) return null;
  await answerRequest(database, { contactId: contactIdOf(userId), kind: 'export', asker }, now, () =>
    Promise.resolve({}),
  );
  return found;
}

/**
 * Freezes a contact or lifts that, with its request and its line in the audit log (GDPR Art. 18): see restriction.store.ts.
 * When this returns it is committed; the request keeps who is to be told of it (Art. 19). False when nobody of this user id
 * is known.
 */
export async function restrictForRequest(
  database: Database,
  userId: string,
  said: 'restricts' | 'lifts',
  { asker, providers }: { asker: Asker; providers: Providers },
  seq: number,
  now: Instant,
): Promise<boolean> {
  const contactId = contactIdOf(userId);
  if (!(await isKnown(database, contactId))) return false;
  const request = { contactId, kind: 'restriction', asker, anew: said === 'lifts' } as const;
  await answerRequest(database, request, now, async (sql) => ({
    said,
    changed: said === 'restricts' ? await restrict(sql, contactId, now) : await lift(sql, contactId, seq, now),
    recipients: await recipientsOf(sql, contactId, providers),
  }));
  return true;
}
