import type { ConsentState } from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Condition } from './condition.ts';

/** One event of the contact's past, as conditions see it. */
export interface PastEvent {
  name: string;
  at: Instant;
  receivedAt: Instant;
  seq: number;
  properties: Record<string, unknown>;
  historical: boolean;
  active: boolean;
}

/** One message of the contact's past, as conditions see it. */
export interface PastMessage {
  template: string;
  scenarioId: string;
  channel: string;
  sender: string;
  sentAt: Instant;
  /** By the provider's word; null when it said nothing. */
  deliveredAt: Instant | null;
  bouncedAt: Instant | null;
  /** The first time a person did, machines left out; null when nobody has. */
  openedAt: Instant | null;
  clickedAt: Instant | null;
}

/** All a condition may look at. Everything is a value; nothing is fetched during evaluation. */
export interface Facts {
  now: Instant;
  contact: Contact;
  /** The contact's zone, already resolved (contact, else country, else policy); IANA name. */
  zone: string;
  /** The event at hand, when there is one: what `property` reads. */
  event?: { name: string; at: Instant; properties: Record<string, unknown> };
  /** The event that let the contact in: what `{entry: path}` reads. Absent where nobody is inside, or time alone led in. */
  entry?: { properties: Readonly<Record<string, unknown>> } | undefined;
  /** Past events of (at least) the names the condition asks for, oldest first, the event at hand included. */
  history: readonly PastEvent[];
  consents: readonly ConsentState[];
  messages: readonly PastMessage[];
  /** Those of the policy in force. */
  audiences: NamedAudiences;
  /** The brand that each sender speaks for, by the policy in force; empty without brands. */
  brandOf: ReadonlyMap<string, string>;
}

/** A condition ready to be asked of many contacts. Pure: the answer depends on the facts alone. */
export type Predicate = (facts: Facts) => boolean;

/** A condition that is looked at again when its answer may have changed. */
export interface WatchedCondition {
  holds: Predicate;
  /** When the mere passing of time may next change the answer; see compileNextChange. */
  nextChange(facts: Facts): Instant | null;
}

/** An audience of the policy, compiled once a version. What it asks for includes what the audiences it names ask for. */
export interface NamedAudience extends WatchedCondition {
  condition: Condition;
  historyNames: ReadonlySet<string>;
  usesMessages: boolean;
}

/** Audiences by name, for `{audience: vip}`. */
export type NamedAudiences = ReadonlyMap<string, NamedAudience>;

/** Where there are none. */
export const NO_AUDIENCES: NamedAudiences = new Map();
