import type { ChannelAdapter, DeliveryOutcome, OutgoingMessage } from '../channels/index.ts';
import { shareContacts } from '../consent/index.ts';
import { RetryableDatabaseError, type Database, type Sql } from '../database/index.ts';
import { byPrecedence, type Channel, type Gate, type Message } from '../gate/index.ts';
import type { Library } from '../scenarios/index.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import { LANES, type Id } from '../shared/ids.ts';
import type { Sequence } from '../shared/sequence.ts';
import { sendersOf, sendingDomain } from './breakers/sending-domain.ts';
import { stoppedDomains } from './breakers/sql/breakers.ts';
import { postponeStopped } from './breakers/sql/stopped-messages.ts';
import type { Composer } from './composer.ts';
import { deliverAll } from './deliver.service.ts';
import { holds, LONGEST_EXCHANGE } from './holds.ts';
import { lastLook } from './last-look.ts';
import { loadHandOver, type Person } from './load-hand-over.store.ts';
import { backToTheGate, notBegun, outcomeOf, outgrown, PAUSE, refusedOutcome } from './outcome.ts';
import { Pace } from './pace.ts';
import { outgrows, partsOf } from './parts.ts';
import { channelPauses, liftPause, pauseChannel } from './pause.store.ts';
import { lockOurs, settle, type Settled } from './settle.store.ts';
import { abandonedMessages } from './sql/abandoned-messages.ts';
import { claimMessages } from './sql/claim-messages.ts';
import { nextReady } from './sql/next-ready.ts';

const ALL_LANES = Array.from({ length: LANES }, (_, lane) => lane);
/** Between the claim's commit and the lock of the hand-over lie milliseconds; see sql/lock-handing.ts. */
const LEASE = 10_000;
/** How often one looks whether what another process is handing over has been abandoned. */
const LOOK_AGAIN = 1_000;
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
  /** Milliseconds between two signs of life to the database during a hand-over. */
  keepAliveMs?: number;
  /** Messages a second of a crowd that waited; see Pace. */
  openingRate?: number;
}

/** A message on its way: rendered, or refused at the last look. */
type Looked =
  | { settled: Settled }
  | {
      message: Message;
      address: string;
      domain: string | null;
      soft: Settled['soft'];
      outgoing: OutgoingMessage;
    };

/** Hands over what passed the gate: claim, last look at consent, render, send, outcome. */
export class Dispatcher {
  private readonly parts: DispatcherParts;
  private readonly pace: Pace;
  /** How hand-overs ended that could not be written down, because the database went away meanwhile. */
  private unwritten: Settled[] = [];

  constructor(parts: DispatcherParts) {
    this.parts = parts;
    this.pace = new Pace(parts.openingRate);
  }

  /** Hands over up to `most` messages; returns how many were taken, and tells `took` before it begins. 0 when nothing is due. */
  async handOver(most: number, took?: () => void): Promise<number> {
    const { database, clock, sequence } = this.parts;
    await this.writeUnwritten();
    if (this.pace.isResting(clock.now())) return 0;
    const channels = await this.openChannels();
    if (channels.length === 0) return 0;
    const library = await this.parts.library();
    const now = clock.now();
    const stopped = await this.stoppedSenders(library, now);
    const until = now + LONGEST_EXCHANGE;
    const claimed = await database.run(claimMessages, [now, now + LEASE, channels, ALL_LANES, most, stopped, until]);
    if (claimed.length === 0) return 0;
    this.pace.took(claimed, most, now);
    took?.();
    let ended = claimed.sort(byPrecedence).map(untouched);
    try {
      await database.transaction(async (sql) => {
        const ours = (await lockOurs(sql, ended)).map(({ message }) => message);
        await shareContacts(sql, [...new Set(ours.map(({ contactId }) => contactId))]);
        ended = await this.deliver(sql, await this.look(sql, ours, library));
        await settle(sql, ended, sequence, clock.now());
      });
    } catch (error) {
      if (error instanceof RetryableDatabaseError) this.unwritten.push(...ended);
      throw error;
    }
    return claimed.length;
  }

  /**
   * Settles what a process took and died with: unknown, and never sent again by itself; a transactional message is
   * tried again under the same Message-ID (rule D3). Returns how many.
   */
  async sweep(): Promise<number> {
    const { database, clock, sequence } = this.parts;
    await this.writeUnwritten();
    return database.transaction(async (sql) => {
      const now = clock.now();
      const messages = await sql.run(abandonedMessages, [now, 500, ALL_LANES]);
      const delivery: DeliveryOutcome = { kind: 'unknown', reason: 'interrupted' };
      const ended = messages.map((message) => ({
        ...untouched(message),
        delivery,
        outcome: outcomeOf(message, delivery, now),
      }));
      await settle(sql, ended, sequence, now);
      return messages.length;
    });
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

  /** The last look, and the message as it will leave: nothing is handed over before all are through. */
  private async look(sql: Sql, messages: readonly Message[], library: Library): Promise<Looked[]> {
    const people = await loadHandOver(sql, messages, library.policy, this.parts.clock.now());
    return Promise.all(messages.map((message) => this.lookAt(message, people.get(message.id), library)));
  }

  private async lookAt(message: Message, person: Person | undefined, { policy }: Library): Promise<Looked> {
    const now = this.parts.clock.now();
    const look = lastLook(message, person?.facts ?? null, policy, now, person);
    const refused = (gate: Gate, reason: string): Looked => ({
      settled: {
        ...untouched(message),
        outcome: refusedOutcome(message, gate, reason, now),
        policyVersion: policy.version,
      },
    });
    if (look.kind === 'back') return { settled: { ...untouched(message), outcome: backToTheGate(message, now) } };
    if (look.kind === 'refused') return refused(look.gate, look.reason);
    try {
      const outgoing = await this.parts.composer.compose(message, person!, policy.policy);
      const parts = partsOf(outgoing);
      if (outgrows(message, parts, policy.policy))
        return { settled: { ...untouched(message), outcome: outgrown(message, parts, now) } };
      const domain = sendingDomain(message, policy.policy);
      const soft = { mark: this.parts.composer.markOf(look.address), ...policy.compiled.softBounces };
      return { message: { ...message, parts }, address: look.address, domain, soft, outgoing };
    } catch (error) {
      // A template version that could not be loaded is no fault of the message's.
      if (error instanceof RetryableDatabaseError) throw error;
      return refused('template', error instanceof Error ? error.message : String(error));
    }
  }

  private async deliver(sql: Sql, looked: readonly Looked[]): Promise<Settled[]> {
    const { channels, clock, keepAliveMs } = this.parts;
    const outgoing = looked.flatMap((one) => ('outgoing' in one ? [one.outgoing] : []));
    const byId = new Map(
      looked.map((one) => ('settled' in one ? one.settled.message : one.message)).map((one) => [one.id, one]),
    );
    const mayBegin = (id: Id, now: Instant): boolean => holds(byId.get(id)!, now);
    const deliveries = await deliverAll(sql, channels, outgoing, clock, mayBegin, keepAliveMs);
    return looked.map((one) => {
      if ('settled' in one) return one.settled;
      const { message, address, domain, soft } = one;
      const delivery = deliveries.get(message.id);
      if (delivery === undefined) return untouched(message);
      const outcome = outcomeOf(message, delivery.said, delivery.at);
      return { message, address, domain, soft, delivery: delivery.said, outcome, policyVersion: null };
    });
  }

  /** Once more, now that the database may be back. What another process has settled as abandoned stays so. */
  private async writeUnwritten(): Promise<void> {
    const { database, clock, sequence } = this.parts;
    const ended = this.unwritten.splice(0);
    if (ended.length === 0) return;
    try {
      await database.transaction(async (sql) => settle(sql, await lockOurs(sql, ended), sequence, clock.now()));
    } catch (error) {
      if (error instanceof RetryableDatabaseError) this.unwritten.push(...ended);
      throw error;
    }
  }
}

/** Taken, and nothing done with it. */
function untouched(message: Message): Settled {
  return { message, outcome: notBegun(message), delivery: null, address: null, domain: null, policyVersion: null };
}
