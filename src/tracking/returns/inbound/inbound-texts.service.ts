import {
  appendToLedgers,
  EVERY_SENDER,
  holdAddresses,
  holdContacts,
  lastStopWord,
  ledgerOf,
  readWordOf,
  recordStop,
  referenceOfNumber,
  sameConsent,
  type AnsweredWord,
  type ConsentEntry,
  type ConsentState,
  type LedgerEntry,
  type ToldBy,
  type Word,
} from '../../../consent/index.ts';
import { TransactionConflict, type Sql } from '../../../database/index.ts';
import { insertEvents, insertInbox } from '../../../events/index.ts';
import { pageLanguage } from '../../../pages/index.ts';
import type { Library } from '../../../scenarios/index.ts';
import { monthOf, type Instant } from '../../../shared/clock.ts';
import { LANES, type Id } from '../../../shared/ids.ts';
import { monthsUpTo } from '../months.ts';
import type { ReturnsParts, Taken } from '../returns.service.ts';
import { answersSince, contactsWithNumber, markAnswered, recordInbound } from '../sql/inbound-text.ts';
import { inboundEvent } from './inbound-event.ts';
import type { InboundText } from './inbound-text.ts';
import { BY_TEXT, consentsOf, numberOf, restoredBy, sendersWrittenTo } from './opt-out.ts';
import { answerTo, replyText } from './reply.ts';

const DAY = 86_400_000;
const TRIES = 3;
const ALL_LANES = Array.from({ length: LANES }, (_, lane) => lane);

/** An answer that is to be sent, once. */
export interface Reply {
  /** Of what is answered. */
  id: string;
  to: string;
  from: string;
  text: string;
  /** One of those who have the number; null when nobody is known to. */
  contactId: Id | null;
}

/** What became of a text. `reply` is sent by whoever took it, after the commit: a crash in between sends none, never two. */
export interface TakenText {
  taken: Taken;
  word: Word;
  reply: Reply | null;
}

/** A text read: what it says, from whom, to whom. */
interface Heard {
  text: InboundText;
  word: Word;
  number: string;
  senders: string[];
  at: Instant;
  now: Instant;
  library: Library;
  people: { id: Id; userId: string | null; locale: string | null }[];
}

/**
 * Takes texts of people (rule C6, law L5): a STOP holds back the advertising of the sender it was written to from the
 * commit on, for everybody with the number, and for whoever gets it later; a START takes that STOP back, and nothing else.
 */
export class InboundTexts {
  private readonly parts: ReturnsParts;

  constructor(parts: ReturnsParts) {
    this.parts = parts;
  }

  /** One transaction a text, once a text whatever is repeated. Throws RetryableDatabaseError. */
  async take(text: InboundText): Promise<TakenText> {
    const library = await this.parts.library();
    for (let attempt = 1; ; attempt++) {
      try {
        const taken = await this.parts.database.transaction((sql) => this.settle(sql, text, library));
        if (taken.taken === 'settled') this.parts.signal.wake();
        return taken;
      } catch (error) {
        if (!(error instanceof TransactionConflict) || attempt === TRIES) throw error;
      }
    }
  }

  private async settle(sql: Sql, text: InboundText, library: Library): Promise<TakenText> {
    const { policy } = library.policy;
    const now = this.parts.clock.now();
    const number = numberOf(text.from, policy.country);
    const word = readWordOf(text.text, text.takenFor);
    const hash = await referenceOfNumber(sql, number);
    const month = monthOf(now);
    const key = [month, monthsUpTo(now), text.source, text.providerId];
    const isNew = (await sql.run(recordInbound, [...key, word, hash, now])).length > 0;
    if (!isNew) return { taken: 'known', word, reply: null };

    const people = await sql.run(contactsWithNumber, [ALL_LANES, number]);
    const senders = sendersWrittenTo(policy, text.to);
    const heard: Heard = { text, word, number, senders, at: Math.min(text.at, now), now, library, people };
    const news = word === 'stop' || word === 'start' ? await this.obey(sql, heard, word) : false;
    if (news === 'late') return { taken: 'known', word, reply: null };
    const { sequence } = this.parts;
    await insertEvents(
      sql,
      people.map((person) => inboundEvent(heard, person, sequence.next())),
    );
    const [today] = await sql.run(answersSince, [hash, now - DAY, word]);
    const asked = { word, answeredByProvider: text.takenFor !== null, news, today: today! };
    const answered = answerTo(asked, policy.smsReplies.by);
    if (answered === null) return { taken: 'settled', word, reply: null };
    await sql.run(markAnswered, [month, text.source, text.providerId]);
    return { taken: 'settled', word, reply: replyTo(heard, answered) };
  }

  /** True when it changed what stands against the number; `late` when a later word of the person is known. */
  private async obey(sql: Sql, heard: Heard, word: 'stop' | 'start'): Promise<boolean | 'late'> {
    const { number, senders, at, now, people } = heard;
    const ids = people.map(({ id }) => id);
    await holdContacts(sql, ids);
    await holdAddresses(sql, [number]);
    const last = await lastStopWord(sql, number, senders);
    if (last !== null && at < last) return 'late';
    const changed = await recordStop(sql, number, word, senders, at);
    const isNews = changed.length > 0;
    const told = word === 'stop' ? withdrawals(heard) : isNews ? await this.restored(sql, heard) : [];
    const appended = await appendToLedgers(sql, told, now);
    if (isNews || appended.length > 0) {
      const { sequence } = this.parts;
      await insertInbox(
        sql,
        ids.map((contactId) => ({ contactId, seq: sequence.next(), receivedAt: now, kind: 'consent', body: {} })),
      );
    }
    return isNews;
  }

  /** What of each contact's consents the START gives back. */
  private async restored(sql: Sql, heard: Heard): Promise<ToldBy[]> {
    const keys = consentsOf(heard.senders, heard.library);
    const told: ToldBy[] = [];
    for (const { id: contactId } of heard.people) {
      const ledger: LedgerEntry[] = await ledgerOf(sql, contactId);
      told.push({
        contactId,
        told: restoredBy(ledger, keys).map(({ key, legalBasis }) => ({
          ...key,
          ...proofOf(heard, 'start'),
          action: 'granted' as const,
          legalBasis,
        })),
      });
    }
    return told;
  }
}

function withdrawals(heard: Heard): ToldBy[] {
  const keys = consentsOf(heard.senders, heard.library);
  return heard.people.map(({ id: contactId }) => ({
    contactId,
    told: keys.map((key) => ({
      ...key,
      ...proofOf(heard, 'stop'),
      action: 'withdrawn' as const,
      legalBasis: null,
    })),
    onlyIf: stands,
  }));
}

/** A withdrawal is of what was granted, or waits to be, when the person wrote. */
function stands(entry: ConsentEntry, states: readonly ConsentState[]): boolean {
  const known = states.find((state) => sameConsent(state, entry));
  return known !== undefined && (known.state === 'granted' || known.state === 'pending') && known.at <= entry.at;
}

/** The proof that the person said so (law L7): the text, when, from and to which number, and what the provider calls it. */
function proofOf({ text, at, now }: Heard, word: 'stop' | 'start') {
  return {
    // What is said now comes after all that is known.
    at: at >= now ? null : at,
    source: {
      kind: BY_TEXT[word],
      reference: `${text.source} ${text.providerId}, from ${text.from} to ${text.to ?? 'a number that was not told'}`,
    },
    textVersion: null,
    text: text.text,
    ip: null,
    userAgent: null,
  };
}

function replyTo({ text, number, senders, library, people }: Heard, word: AnsweredWord): Reply | null {
  const { policy } = library.policy;
  const [sender] = senders.includes(EVERY_SENDER)
    ? Object.keys(policy.senders).filter((id) => policy.senders[id]!.sms !== undefined)
    : senders;
  if (sender === undefined) return null;
  const language = pageLanguage(people[0]?.locale ?? policy.country, undefined);
  return {
    id: `${text.source} ${text.providerId}`,
    to: number,
    from: text.to ?? policy.senders[sender]!.stop ?? policy.senders[sender]!.sms!,
    text: replyText(word, language, sender, policy),
    contactId: people[0]?.id ?? null,
  };
}
