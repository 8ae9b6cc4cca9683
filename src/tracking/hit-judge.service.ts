import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Database, plainArray, runRows, Signal, type Sql } from '../database/index.ts';
import { eventRow, insertEvents } from '../events/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { LANES, laneOf, type Id } from '../shared/ids.ts';
import { Sequence } from '../shared/sequence.ts';
import { JUDGED_AFTER, judgeHits, LOOKS_BACK } from './judge-hits.ts';
import {
  claimHits,
  hitMessages,
  hitsAround,
  takeBackEvents,
  writeFirsts,
  writeVerdicts,
  type JudgedHit,
} from './sql/judge-hits.ts';
import { hitEventId, trackedEvent } from './tracked-event.ts';

const BATCH = 500;
const ALL_LANES = plainArray(Array.from({ length: LANES }, (_, lane) => lane));

/** Makes of hits what they were: a person's become events of the contact, a machine's are only kept as such. */
@Injectable()
export class HitJudge {
  constructor(
    private readonly database: Database,
    private readonly signal: Signal,
    private readonly sequence: Sequence,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Judges what has waited long enough: verdicts, events and what the messages remember are one transaction, in eight
   * statements however many there are. Returns how many hits it judged.
   */
  async judge(): Promise<number> {
    const now = this.clock.now();
    const { judged, persons } = await this.database.transaction((sql) => this.judgeIn(sql, now));
    if (persons > 0) this.signal.wake();
    return judged;
  }

  private async judgeIn(sql: Sql, now: Instant): Promise<{ judged: number; persons: number }> {
    const claimed = await sql.run(claimHits, [ALL_LANES, now - JUDGED_AFTER, BATCH]);
    if (claimed.length === 0) return { judged: 0, persons: 0 };
    const asked = [...new Map(claimed.map((hit) => [hit.messageId, hit])).values()];
    const lanes = plainArray(asked.map(({ messageId }) => laneOf(messageId)));
    const months = plainArray(asked.map(({ month }) => month));
    const ids = plainArray(asked.map(({ messageId }) => messageId));
    const oldest = claimed.reduce((least, { at }) => Math.min(least, at), now);
    const around = await sql.run(hitsAround, [lanes, ids, oldest - LOOKS_BACK]);
    const messages = new Map((await sql.run(hitMessages, [lanes, months, ids])).map((row) => [row.id, row]));

    const waiting = new Set(claimed.map(({ id }) => id));
    const verdicts: JudgedHit[] = [];
    const events: ReturnType<typeof eventRow>[] = [];
    const takenBack: { messageId: Id; eventId: Id }[] = [];
    for (const { messageId, contactId } of asked) {
      const hits = around.filter((hit) => hit.messageId === messageId);
      const message = messages.get(messageId);
      const reasons = judgeHits(hits, message === undefined ? null : (message.settledAt ?? Number.POSITIVE_INFINITY));
      for (const hit of hits) {
        const reason = reasons.get(hit.id) ?? null;
        const verdict = reason === null ? 'person' : 'machine';
        const isTakenBack = hit.verdict === 'person' && verdict === 'machine';
        if (!waiting.has(hit.id) && !isTakenBack) continue;
        verdicts.push({ lane: laneOf(hit.id), month: hit.month, id: hit.id, verdict, reason });
        if (isTakenBack) takenBack.push({ messageId, eventId: hitEventId(contactId, hit.id) });
        // Of a contact that was erased nothing new is told.
        if (verdict === 'person' && message !== undefined && hit.kind !== 'trap') {
          const { id, kind, url, at } = hit;
          events.push(eventRow(trackedEvent(message, { id, kind, url, at }, now, this.sequence.next())));
        }
      }
    }
    await runRows(sql, writeVerdicts, verdicts);
    await insertEvents(sql, events);
    if (takenBack.length > 0) {
      const eventIds = takenBack.map(({ eventId }) => eventId);
      await sql.run(takeBackEvents, [plainArray(eventIds.map(laneOf)), plainArray(eventIds)]);
    }
    const anew = new Set(takenBack.map(({ messageId }) => messageId));
    await sql.run(writeFirsts, [lanes, months, ids, plainArray(asked.map(({ messageId }) => anew.has(messageId)))]);
    return { judged: claimed.length, persons: events.length };
  }
}
