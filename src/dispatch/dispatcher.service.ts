import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelAdapter, DeliveryOutcome } from '../channels/index.ts';
import { shareContactsNow } from '../consent/index.ts';
import { DatabaseUnavailable, type Database, type Session, type Sql } from '../database/index.ts';
import { byPrecedence, type Channel, type Message } from '../gate/index.ts';
import type { Library } from '../scenarios/index.ts';
import { monthOf, type Clock, type Instant } from '../shared/clock.ts';
import { laneOf, LANES, type Id } from '../shared/ids.ts';
import type { Sequence } from '../shared/sequence.ts';
import { sendersOf } from './breakers/sending-domain.ts';
import { stoppedDomains } from './breakers/sql/breakers.ts';
import { postponeStopped } from './breakers/sql/stopped-messages.ts';
import type { Composer } from './composer.ts';
import { deliverAll } from './deliver.service.ts';
import { HandOverWriter, LEASE } from './hand-over-writer.service.ts';
import { outcomeOf, PAUSE } from './outcome.ts';
import { Pace } from './pace.ts';
import { channelPauses, liftPause, pauseChannel } from './pause.store.ts';
import { prepare, type Leaving } from './prepare.service.ts';
import { settle, untouched } from './settle.store.ts';
import { Slots } from './slots.ts';
import { abandonedMessages } from './sql/abandoned-messages.ts';
import { claimMessages } from './sql/claim-messages.ts';
import { nextReady } from './sql/next-ready.ts';
import { renewLeases } from './sql/renew-leases.ts';
import { INTERRUPTED } from './sql/settle-messages.ts';
import { Unwritten } from './unwritten.service.ts';

const ALL_LANES = Array.from({ length: LANES }, (_, lane) => lane);
/** How often one looks whether what another process is handing over has been abandoned. */
const LOOK_AGAIN = 1_000;
/** How often a process says that its exchanges go on. */
const RENEW_EVERY = 3_000;
/** What is due of contacts who are withdrawing at this moment is asked for again after this. */
const CONTESTED_FOR = 100;
/** Abandoned messages that are settled in one transaction. */
const MOST_SWEPT = 500;
/** What a breaker stops is looked at again after this, so many messages at a time. */
const STOPPED_FOR = 10 * 60_000;
const STOPPED_BATCH = 2_000;

export interface DispatcherParts {
  database: Database;
  clock: Clock;
  sequence: Sequence;
  channels: Readonly<Record<Channel, ChannelAdapter>>;
  composer: Composer;
  library: () => Promise<Library>;
  /** Milliseconds between two signs of life to the database while exchanges go on. */
  renewMs?: number;
  /** Messages a second of a crowd that waited; see Pace. */
  openingRate?: number;
  /** Told of what no later try will mend. */
  report?: (error: unknown) => void;
}

/** Hands over what passed the gate: claim, last look at consent, render, send, outcome. */
export class Dispatcher {
  private readonly parts: DispatcherParts;
  private readonly pace: Pace;
  private readonly slots: Readonly<Record<Channel, Slots>>;
  private readonly unwritten: Unwritten;
  /** What is being handed over now. */
  private readonly inExchange = new Map<Id, Message>();
  /** Since when this process has found the database whenever it looked; null while it does not. */
  private steadySince: Instant | null = null;

  constructor(parts: DispatcherParts) {
    const { database, sequence, clock, channels, openingRate, report = () => {} } = parts;
    this.parts = parts;
    this.pace = new Pace(openingRate);
    this.slots = { email: new Slots(channels.email.concurrency), sms: new Slots(channels.sms.concurrency) };
    this.unwritten = new Unwritten(database, sequence, clock, report);
  }

  /** Hands over up to `most` messages; returns how many were taken, and tells `took` before it begins. 0 when nothing is due. */
  async handOver(most: number, took?: () => void): Promise<number> {
    return this.watchingTheDatabase(async () => {
      const { database, clock } = this.parts;
      await this.unwritten.write();
      if (this.pace.isResting(clock.now())) return 0;
      const channels = await this.openChannels();
      if (channels.length === 0) return 0;
      const library = await this.parts.library();
      const now = clock.now();
      const stopped = await this.stoppedSenders(library, now);
      const taken = await database.session(async (session) => {
        const claimed = await session.run(claimMessages, [now, channels, ALL_LANES, most, stopped]);
        if (claimed.length === 0) return 0;
        this.pace.took(claimed, most, now);
        took?.();
        return this.handOverClaimed(session, claimed.sort(byPrecedence), library);
      });
      if (taken !== 'contested') return taken;
      await delay(CONTESTED_FOR);
      return 0;
    });
  }

  /**
   * Settles what a process had begun and died with: unknown, and never sent again by itself; a transactional message is
   * tried again under the same Message-ID (rule D3). Returns how many. Only who has found the database for as long as a
   * lease lasts may judge that another has not renewed one: after an outage all come back at their own time.
   */
  async sweep(): Promise<number> {
    const { database, clock, sequence } = this.parts;
    return this.watchingTheDatabase(async () => {
      await this.unwritten.write();
      const now = clock.now();
      this.steadySince ??= now;
      const most = now - this.steadySince >= LEASE ? MOST_SWEPT : 0;
      return database.transaction(async (sql) => {
        const messages = await sql.run(abandonedMessages, [now, most, ALL_LANES]);
        const delivery: DeliveryOutcome = { kind: 'unknown', reason: INTERRUPTED };
        const ended = messages.map((message) => ({
          ...untouched(message),
          from: 'handing' as const,
          delivery,
          outcome: outcomeOf(message, delivery, now),
        }));
        await settle(sql, ended, sequence, now);
        return messages.length;
      });
    });
  }

  /** At the end of the process, what providers have said must not be lost with it. Throws while it cannot be written. */
  async close(): Promise<void> {
    await this.unwritten.write();
  }

  /** When there is something to do next; null when nothing waits. */
  async nextDue(): Promise<Instant | null> {
    const { database, clock, channels } = this.parts;
    const pauses = await channelPauses(database);
    const open = [channels.email, channels.sms].map(({ channel }) => channel).filter((channel) => !pauses.has(channel));
    const [row] = await database.run(nextReady, [open, ALL_LANES, clock.now() + LOOK_AGAIN]);
    const ready = row?.at ?? null;
    const instants = [
      ready === null ? null : this.pace.earliest(ready),
      ...[...pauses.values()].map(({ until }) => until),
    ].filter((at) => at !== null);
    return instants.length === 0 ? null : Math.min(...instants);
  }

  /** Channels that are not paused. A pause that has run out is lifted when the provider answers, else prolonged. */
  private async openChannels(): Promise<Channel[]> {
    const { database, clock, channels } = this.parts;
    const now = clock.now();
    const pauses = await channelPauses(database);
    const open: Channel[] = [];
    for (const adapter of [channels.email, channels.sms]) {
      const pause = pauses.get(adapter.channel);
      if (pause === undefined) open.push(adapter.channel);
      else if (pause.until !== null && pause.until <= now) {
        const fault = (await adapter.verify?.()) ?? null;
        if (fault !== null) await pauseChannel(database, { ...pause, until: now + PAUSE }, now);
        else {
          await database.transaction((sql) => liftPause(sql, pause, now));
          open.push(adapter.channel);
        }
      }
    }
    return open;
  }

  /**
   * The senders whose marketing a breaker has stopped (law L19). What is due of theirs is put off, so that it is not in the
   * way of what may leave; transactional and service mail goes on.
   */
  private async stoppedSenders({ policy }: Library, now: Instant): Promise<string[]> {
    const { database } = this.parts;
    const domains = await database.run(stoppedDomains);
    const senders = sendersOf(
      domains.map(({ domain }) => domain),
      policy.policy,
    );
    if (senders.length > 0)
      await database.run(postponeStopped, [now, now + STOPPED_FOR, senders, ALL_LANES, STOPPED_BATCH]);
    return senders;
  }

  /** Under the locks of the session, which are let go when this returns. */
  private async handOverClaimed(
    session: Session,
    claimed: readonly Message[],
    library: Library,
  ): Promise<number | 'contested'> {
    const { clock, sequence, channels, composer, database, renewMs = RENEW_EVERY } = this.parts;
    const shared = await shareContactsNow(session, [...new Set(claimed.map(({ contactId }) => contactId))]);
    const ours = claimed.filter(({ contactId }) => shared.has(contactId));
    const { leaving, settled } = await prepare(session, ours, library, { composer, clock });
    if (leaving.length + settled.length === 0) return 'contested';
    const writer = new HandOverWriter(session, sequence, clock, (ended) => this.unwritten.keep(ended));
    for (const one of settled) writer.settled(one);
    // By any connection: the one that holds the locks may be lost while exchanges go on.
    const sign = setInterval(() => void this.renew(database).catch(() => {}), renewMs);
    try {
      const ways = { channels, slots: this.slots, clock };
      await deliverAll(writer, ways, leaving, (one, begun, deliver) => this.exchange(writer, one, begun, deliver));
      await writer.flush();
    } finally {
      clearInterval(sign);
    }
    writer.throwFailure();
    return claimed.length;
  }

  private async exchange(
    writer: HandOverWriter,
    { address, domain, soft }: Leaving,
    message: Message,
    deliver: () => Promise<DeliveryOutcome>,
  ): Promise<DeliveryOutcome> {
    this.inExchange.set(message.id, message);
    try {
      const delivery = await deliver();
      const outcome = outcomeOf(message, delivery, this.parts.clock.now());
      writer.settled({ message, from: 'handing', address, domain, soft, delivery, outcome, policyVersion: null });
      return delivery;
    } finally {
      this.inExchange.delete(message.id);
    }
  }

  private async renew(sql: Sql): Promise<void> {
    const messages = [...this.inExchange.values()];
    if (messages.length === 0) return;
    const ids = messages.map(({ id }) => id);
    const months = messages.map(({ plannedAt }) => monthOf(plannedAt));
    await sql.run(renewLeases, [ids.map(laneOf), months, ids, this.parts.clock.now() + LEASE]);
  }

  private async watchingTheDatabase<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DatabaseUnavailable) this.steadySince = null;
      throw error;
    }
  }
}
