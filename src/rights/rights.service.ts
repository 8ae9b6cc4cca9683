import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../access/index.ts';
import { CLOCK } from '../config/index.ts';
import { Database, snapshot, type Sql } from '../database/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { contactIdOf } from '../shared/ids.ts';
import { eraseContact, previewErasure, type ErasureReport } from './erasure/erasure.store.ts';
import { exportContact } from './export/export.store.ts';
import type { Asker, RightsRequest } from './requests/request.ts';
import { finishRequest, openRequest, requestId, requestsOf } from './requests/requests.store.ts';

/** What a person may ask about their data, done and written down (rule C8). User ids are what the backend calls people. */
@Injectable()
export class RightsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Everything that is kept of a contact; null when nothing is. The request is written down as answered. */
  export(userId: string, asker: Asker): Promise<Record<string, unknown> | null> {
    return exportForRequest(this.database, userId, asker, this.clock.now());
  }

  /** Erases a contact (rule D4: when this returns, nothing is handed over to them any more). */
  erase(userId: string, asker: Asker): Promise<ErasureReport> {
    return eraseContact(this.database, contactIdOf(userId), asker, this.clock.now());
  }

  /** What an erasure would remove. */
  previewErasure(userId: string): Promise<ErasureReport> {
    return snapshot(this.database, (sql) => previewErasure(sql, contactIdOf(userId)));
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
  now: Instant,
): Promise<Record<string, unknown> | null> {
  const found = await snapshot(database, (sql) => exportContact(sql, userId, now));
  if (found === null) return null;
  const contactId = contactIdOf(userId);
  await database.transaction(async (sql: Sql) => {
    const id = await openRequest(
      sql,
      { contactId, kind: 'export', asker, id: requestId(contactId, randomUUID()) },
      now,
    );
    await finishRequest(sql, id, asker, {}, now);
    await recordAudit(sql, { actor: asker.actor, action: 'contact.export', subject: id }, now);
  });
  return found;
}
