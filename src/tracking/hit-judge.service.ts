import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../config/index.ts';
import { Database, plainArray, runRows, Signal, type Sql } from '../database/index.ts';
import { eventRow, insertEvents, insertInbox } from '../events/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { LANES, laneOf, type Id } from '../shared/ids.ts';
import { Sequence } from '../shared/sequence.ts';
import { brandedSenders, type BrandedSenders } from './branded-senders.store.ts';
import { JUDGED_AFTER, judgeHits, LOOKS_BACK } from './judge-hits.ts';
import {
  claimHits,
  forgetHits,
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
    private readonly library: LibraryService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Judges what has waited long enough: verdicts, events and what the messages remember are one transaction, in ten
   * statements however many there are. Returns how many hits it judged.
   */
  async judge(): Promise<number> {
    const now = this.clock.now();
    const branded = await brandedSenders(this.library);
    const { judged, news } = await this.database.transaction((sql) => this.judgeIn(sql, branded, now));
    if (news > 0) this.signal.wake();
    return judged;
  }

  private async judgeIn(sql: Sql, branded: BrandedSenders, now: Instant): Promise<{ judged: number; news: number }> {
    const claimed = await sql.run(claimHits, [ALL_LANES, now - JUDGED_AFTER, BATCH]);
    if (claimed.length === 0) return { judged: 0, news: 0 };
    const asked = [...new Map(claimed.map((hit) => [hit.messageId, hit])).values()];
    const lanes = plainArray(asked.map(({ messageId }) => laneOf(messageId)));
    const months = plainArray(asked.map(({ month }) => month));
    const ids = plainArray(asked.map(({ messageId }) => messageId));
    const oldest = claimed.reduce((least, { at }) => Math.min(least, at), now);
    const around = await sql.run(hitsAround, [lanes, ids, oldest - LOOKS_BACK]);
    const contacts = plainArray(asked.map(({ contactId }) => contactId));
    const keys = [lanes, months, ids, contacts, ...branded];
    const messages = new Map((await sql.run(hitMessages, keys)).map((row) => [row.id, row]));
    const byMessage = new Map<Id, (typeof around)[number][]>(asked.map(({ messageId }) => [messageId, []]));
    for (const hit of around) byMessage.get(hit.messageId)!.push(hit);

    const waiting = new Set(claimed.map(({ id }) => id));
    const unheard: { id: Id; month: string }[] = [];
    const verdicts: JudgedHit[] = [];
    const events: ReturnType<typeof eventRow>[] = [];
    const takenBack: { messageId: Id; contactId: Id; eventId: Id }[] = [];
    for (const { messageId, contactId } of asked) {
      const hits = byMessage.get(messageId) ?? [];
      const message = messages.get(messageId);
      const handedOver = message?.isKept === true ? (message.settledAt ?? Number.POSITIVE_INFINITY) : null;
      const reasons = judgeHits(hits, handedOver);
      for (const hit of hits) {
        const reason = reasons.get(hit.id) ?? null;
        const verdict = reason === null ? 'person' : 'machine';
        const isTakenBack = hit.verdict === 'person' && verdict === 'machine';
        if (!waiting.has(hit.id) && !isTakenBack) continue;
        // Said meanwhile: then nobody may know of it, and there is nothing to keep (rule C7).
        if (waiting.has(hit.id) && hit.kind === 'open' && message?.opensAllowed !== true) {
          unheard.push(hit);
          continue;
        }
        verdicts.push({ lane: laneOf(hit.id), month: hit.month, id: hit.id, verdict, reason });
        if (isTakenBack) takenBack.push({ messageId, contactId, eventId: hitEventId(contactId, hit.id) });
        // Of a contact that was erased nothing new is told.
        if (verdict === 'person' && message !== undefined && hit.kind !== 'trap') {
          const { id, kind, url, at } = hit;
          events.push(eventRow(trackedEvent(message, { id, kind, url, at }, now, this.sequence.next())));
        }
      }
    }
    if (unheard.length > 0) {
      const hitIds = unheard.map(({ id }) => id);
      await sql.run(forgetHits, [
        plainArray(hitIds.map(laneOf)),
        plainArray(unheard.map(({ month }) => month)),
        plainArray(hitIds),
      ]);
    }
    await runRows(sql, writeVerdicts, verdicts);
    await insertEvents(sql, events);
    if (takenBack.length > 0) {
      const eventIds = takenBack.map(({ eventId }) => eventId);
      await sql.run(takeBackEvents, [plainArray(eventIds.map(laneOf)), plainArray(eventIds)]);
      const whose = [...new Set(takenBack.map(({ contactId }) => contactId))];
      await insertInbox(
        sql,
        whose.map((contactId) => ({
          contactId,
          seq: this.sequence.next(),
          receivedAt: now,
          kind: 'taken-back',
          body: {},
        })),
      );
    }
    const anew = new Set(takenBack.map(({ messageId }) => messageId));
    await sql.run(writeFirsts, [lanes, months, ids, plainArray(asked.map(({ messageId }) => anew.has(messageId)))]);
    return { judged: claimed.length, news: events.length + takenBack.length };
  }
}
