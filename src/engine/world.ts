import type { PastEvent, PastMessage } from '../audience/index.ts';
import type { ArrivingAddress, ConfirmationRequest, ConsentState, Suppression, Trace } from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { CustomerEvent } from '../events/index.ts';
import type { CountedSend, Decision, JudgeFacts, Meanwhile, Message, Turn } from '../gate/index.ts';
import type { EntryEvent, MachineState, StepMap } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import type { Address } from './address.ts';
import type { CallCancellation, WebhookCall } from './webhook-call.ts';

export type EnrollmentStatus = 'active' | 'waiting' | 'completed' | 'converted' | 'exited' | 'stopped';

/** One contact's passage through one scenario version. */
export interface Enrollment {
  id: Id;
  contactId: Id;
  scenarioId: string;
  scenarioVersion: number;
  /** Value of the scenario's `key`; empty without one. */
  key: string;
  status: EnrollmentStatus;
  state: MachineState;
  entry: EntryEvent | null;
  enteredAt: Instant;
  stepEnteredAt: Instant;
  endedAt: Instant | null;
  convertedAt: Instant | null;
  /** The one timer; null when the step waits for something else. */
  dueAt: Instant | null;
  /** Messages and calls planned, events made and scenarios entered so far; numbers them. */
  planned: number;
  /** Why it was stopped or exited. */
  reason: string | null;
}

/** A lazy watch: when to look again whether a date, inactivity, schedule or audience trigger fires for this contact. */
export interface Watch {
  contactId: Id;
  scenarioId: string;
  dueAt: Instant | null;
  /**
   * What has fired already: `{ year }` for dates, with `{ jumpedOver }` the occurrence year that a change of zone has
   * made due at once (rule T10), `{ since }` (activity instant) for inactivity, `{ since, day }` for
   * schedules: from when occurrences count, and the local date of the latest that fired. For audiences `{ inside }`:
   * whether the contact was in it at the last look; absent until the first.
   */
  fired: {
    year?: number;
    jumpedOver?: number;
    /** Of inactivity: what had run out by then is what `existing` says, and the turn of whoever has one. */
    existing?: { at: Instant; turn?: Instant };
    since?: Instant;
    day?: string;
    inside?: boolean;
  };
}

/** What looking at a due watch comes to: where it moves, and what fires, if anything does. */
export interface WatchResult {
  watch: Watch;
  /** Names the occurrence or idle period, once for ever; null when nothing fires now. */
  origin: string | null;
}

/** Something that waits for the engine to take note of it. Ordered by `seq` within a contact (rule D5). */
export type InboxItem = { contactId: Id; seq: number; receivedAt: Instant } & (
  | { kind: 'event'; event: CustomerEvent }
  | {
      kind: 'settled';
      messageId: Id;
      enrollmentId: Id | null;
      step: string;
      outcome: 'sent' | 'failed' | 'unknown' | 'blocked' | 'expired';
    }
  /** The call that `step` waits for was taken by its receiver, or given up. */
  | { kind: 'called'; callId: Id; enrollmentId: Id; step: string; outcome: 'done' | 'failed' }
  /** A click or an opening turned out to be a machine's: what audiences were told of it is no longer true. */
  | { kind: 'taken-back' }
  /** Consent or suppression changed: what is held is judged again. */
  | { kind: 'consent' }
  /** The contact chose its own limits or language: everything that waits, also for the dispatcher, is judged again. */
  | { kind: 'preferences' }
  /** An objection to direct marketing was recorded: what serves it ends (GDPR Art. 21). */
  | { kind: 'objection' }
  /** Somebody with the same address gave room back, which it shares (rule P12). */
  | { kind: 'room' }
  /** The contact's restriction was lifted: what fell due meanwhile is done now (GDPR Art. 18). */
  | { kind: 'lifted' }
  /**
   * A publication: whoever is inside an older version of the scenario goes on in this one, in the step the map names or
   * in that of the same id, or is stopped. Without a version the scenario was retired.
   */
  | { kind: 'replace'; scenarioId: string; version: number | null; inFlight: 'migrate' | 'stop'; map?: StepMap }
  /** Entered by hand, by the API or by another scenario. */
  | { kind: 'enrol'; scenarioId: string; properties: Record<string, unknown> }
);

/** What is due for one contact now. */
export interface Due {
  contactId: Id;
  inbox: InboxItem[];
  /**
   * Timers, watches and held messages due up to here are looked at too; which they are shows in the loaded state.
   * Before the tick's `now` while arrivals that come before them have not been taken yet; before anything until the
   * lift of a restriction has been.
   */
  clockUntil: Instant;
}

/** All the engine knows of one contact during a tick. */
export interface ContactState {
  contactId: Id;
  /** Null before the first event. */
  contact: Contact | null;
  /** Live enrollments, and of the scenarios that could be entered, the latest ended one a key. */
  enrollments: Enrollment[];
  watches: Watch[];
  /** Held and ready: what can still be cancelled or judged. */
  messages: Message[];
  sends: CountedSend[];
  consents: ConsentState[];
  suppressions: Suppression[];
  ownLimits: JudgeFacts['ownLimits'];
  /** The first sale of each purpose and brand, where a soft opt-in asks for one. */
  sales: (JudgeFacts['past']['sales'][number] & { seq: number })[];
  spent: JudgeFacts['past']['spent'][number][];
  /** What passed in this very tick for others with one of its addresses. */
  meanwhile?: readonly Meanwhile[];
}

/** One of several contacts that have an address. */
export interface Sharer {
  address: Id;
  contactId: Id;
}

/** What a contact was sent at an address that others have too. */
export type SharedSend = CountedSend & Sharer;

/** Who shares addresses, and what each was sent there, oldest first. */
export interface SharedAddresses {
  sharers: readonly Sharer[];
  sends: readonly SharedSend[];
}

/** What a tick loads for each of its contacts beside what is always loaded. */
export interface Wanted {
  /** Scenarios whose ended enrollments are asked for. */
  scenarioIds: readonly string[];
  /** How far back sends are needed, as the earliest instant. */
  sendsSince: Instant;
  /** Which events are a sale of which purpose; none are looked for where there are none. */
  sales: readonly { purpose: string; event: string }[];
  /** Purposes of which one message may be sent. */
  once: ReadonlySet<string>;
}

export interface HistoryRequest {
  contactId: Id;
  names: string[];
  messages: boolean;
}
export interface ActivityRequest {
  contactId: Id;
  scenarioId: string;
  names: readonly string[];
}
export interface History {
  events: PastEvent[];
  messages: PastMessage[];
}

/** What a tick writes for one contact. Lists hold only what is new or changed. */
export interface ContactChanges {
  contactId: Id;
  contact: Contact | null;
  enrollments: Enrollment[];
  watches: Watch[];
  messages: Message[];
  decisions: Decision[];
  /** Of the messages that passed, which turn each had. */
  turns?: ReadonlyMap<Id, Turn>;
  /** Room was given back, also by what the dispatcher settled (rule P6). */
  freed: boolean;
  /** Who shares that room, and has what pressure holds judged again (rule P12). */
  roomFor: readonly Id[];
  /** Planned by `webhook` steps. */
  calls: WebhookCall[];
  cancelledCalls: CallCancellation[];
  /** Made by `emit` steps, and taken note of already. */
  events: CustomerEvent[];
  /** What stands against it from now on, whatever its addresses: it was erased, and has come back. */
  suppressions: Suppression[];
  /** The lift of its restriction was taken note of: its clock goes on. */
  lifted: boolean;
  /** Requests for a double opt-in whose message was planned, and those that have run out (rule C4). */
  asked: ConfirmationRequest[];
  expired: ConfirmationRequest[];
}

export interface TickLimits {
  /** Most inbox items and most due rows a tick takes. */
  items: number;
  /** Most lanes a tick locks. */
  lanes: number;
  /** Lanes left out for now. */
  without?: readonly number[];
}

/** One tick's hold on a number of contacts: nobody else acts on them until it is over (rule D5). */
export interface Tick {
  readonly due: readonly Due[];
  /** Of the library this tick must run by; null where there is only one. */
  readonly revision: number | null;
  load(wanted: Wanted): Promise<Map<Id, ContactState>>;
  history(requests: readonly HistoryRequest[]): Promise<Map<Id, History>>;
  /** The latest event of the listed names a contact and scenario: what inactivity is counted from. See `lastActivityKey`. */
  lastActivity(requests: readonly ActivityRequest[]): Promise<Map<string, PastEvent>>;
  /**
   * Holds the addresses of contacts until the tick is over: nobody else judges a message for one of them meanwhile. Of
   * those that several contacts have, who has them, and what was sent there since (rule P12).
   */
  shareAddresses(held: readonly { contactId: Id; address: Address }[], since: Instant): Promise<SharedAddresses>;
  /**
   * The next places in the lines of scenarios that let in so many a day of those whose idle period had run out: the first
   * of each, and when the line began. Nobody else is given them.
   */
  takeTurns(asked: readonly TurnsAsked[], now: Instant): Promise<TurnsGiven[]>;
  /** Which of these contacts were erased before, by themselves or under one of their addresses (rule C8). */
  erased(candidates: readonly (Trace & { contactId: Id })[]): Promise<ReadonlySet<Id>>;
  /** What stands against addresses that contacts are about to get: a bounce or a STOP of whoever had them (rule C6). */
  suppressed(arriving: readonly ArrivingAddress[]): Promise<ReadonlyMap<Id, Suppression[]>>;
}

/**
 * Where the loop runs: PostgreSQL in production, memory with a virtual clock in `test`, `rehearse` and `forecast`.
 * The loop is the same (rule D7).
 */
export interface World {
  /**
   * Takes what is due at `now`, lets `decide` say what changes, and commits all of it or nothing (rule D2).
   * Returns how many items were consumed; 0 when nothing was due.
   */
  tick(now: Instant, limits: TickLimits, decide: (tick: Tick) => Promise<ContactChanges[]>): Promise<number>;
  /** The earliest instant at which something will be due; null when nothing ever will without new input. */
  nextDue(): Promise<Instant | null>;
}

/** The latest activity by `lastActivityKey`. */
export type ActivityOf = ReadonlyMap<string, PastEvent>;

export interface TurnsAsked {
  scenarioId: string;
  perDay: number;
  count: number;
}
export interface TurnsGiven {
  scenarioId: string;
  /** When the line's first place had its turn. */
  since: Instant;
  /** The first of the places. */
  first: number;
}

/** Key of `Tick.lastActivity`'s answer. */
export function lastActivityKey(contactId: Id, scenarioId: string): string {
  return `${contactId} ${scenarioId}`;
}
