import type { Facts, WatchedCondition } from '../audience/index.ts';
import type { CustomerEvent } from '../events/index.ts';
import type { PolicyVersion } from '../gate/index.ts';
import type { Channel } from '../shared/channel.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import type { Scenario, SendStep } from './scenario.schema.ts';

/** What a `webhook` step sends, filled in. */
export interface WebhookRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** JSON; null for none. */
  body: string | null;
  /** Why it cannot be sent; null when it can. */
  fault: string | null;
}

/** What is kept of a machine between two steps: plain JSON, pinned to its scenario version by the enrollment beside it. */
export interface MachineState {
  /** The step the contact is in; `end` once the machine is done. */
  value: string;
  context: {
    /** The id its step had in the version in which it was entered, when it is another: outcomes come under that name. */
    enteredAs?: string;
    /** How many messages and calls in a row it has asked for since it last waited for anything but their outcomes. */
    inARow?: number;
    /** What came while a message or a call was waited for, by the `waitFor` step ahead that will hear of it. */
    heard?: Record<string, HeardEvent>;
  };
}

/** An event that is kept until the step that listens to it is reached. */
export type HeardEvent = Pick<CustomerEvent, 'name' | 'at' | 'properties'>;

/** What makes a machine move. */
export type StepInput =
  | { type: 'enter' }
  | { type: 'event'; event: HeardEvent; late: boolean }
  /** The timer of the current step came due. */
  | { type: 'timer' }
  /**
   * The step is to be seen as entered at `since`: this version took over from another, in whose step of the same kind
   * the contact has been since then, or the date it waits for is another now. Nothing comes due before `notBefore`.
   */
  | { type: 'resume'; since: Instant; notBefore: Instant }
  /** This version took over from another, and the contact begins anew in this step. */
  | { type: 'enterStep'; step: string }
  /** The message planned by `step` reached an outcome. */
  | {
      type: 'settled';
      step: string;
      outcome: 'sent' | 'unknown' | 'failed' | 'blocked' | 'expired' | 'holdout';
      /** The pressure rule that blocked it asks for this channel instead. */
      switchTo?: Channel;
    }
  /** The call asked for by `step` was taken, or given up. */
  | { type: 'called'; step: string; outcome: 'done' | 'failed' };

/** What a step wants done; the engine does it. Order matters. */
export type Effect =
  | { kind: 'send'; step: string; send: SendStep }
  /** Replaces the enrollment's one timer. */
  | { kind: 'timer'; dueAt: Instant }
  | { kind: 'clear-timer' }
  | { kind: 'set'; attributes: Record<string, unknown> }
  /** An event of the contact, taken note of when the steps of this instant are done. */
  | { kind: 'emit'; step: string; event: string; properties: Record<string, unknown> }
  /** Another scenario is asked to let the contact in. */
  | { kind: 'enrol'; step: string; scenario: string }
  | { kind: 'webhook'; step: string; request: WebhookRequest }
  | { kind: 'entered'; step: string }
  /** The goal was reached; with `stay` the enrollment goes on. */
  | { kind: 'goal' }
  | { kind: 'ended'; status: 'completed' | 'converted' | 'exited'; reason?: string };

export interface StepResult {
  state: MachineState;
  effects: Effect[];
  /** True while the machine sits in a `wait` or `waitFor`. */
  waiting: boolean;
}

/** What a machine may know besides the facts. */
export interface StepContext {
  facts: Facts;
  enrollmentId: Id;
  enteredAt: Instant;
  /** The event that let the contact in, for `{{event.…}}` in `set`. */
  entry: EntryEvent | null;
}

export interface EntryEvent {
  name: string;
  at: Instant;
  properties: Record<string, unknown>;
  /** How many `emit` and `enrol` steps in a row led here without time passing; absent for none. */
  depth?: number;
}

/** A send step, by its id. */
export interface NextSend {
  step: string;
  send: SendStep;
}

/** One published version of a scenario, compiled once into an XState machine and kept for as long as somebody is in it. */
export interface CompiledScenario {
  readonly id: string;
  readonly version: number;
  readonly definition: Scenario;
  /** Names of past events that any condition of this version asks for. */
  readonly historyNames: readonly string[];
  /** Names of events that can move somebody who is inside (waitFor, exit, goal). */
  readonly listensTo: ReadonlySet<string>;
  /** True when any condition asks for past messages. */
  readonly needsMessages: boolean;
  /** Audiences of the policy that its conditions name; what these ask for is not in the two above. */
  readonly audiences: readonly string[];
  /** Names of events its steps make. */
  readonly emits: readonly string[];
  /** Scenarios its steps enter. */
  readonly enrols: readonly string[];
  /** True when a step of it changes the contact. */
  readonly sets: boolean;
  /** The send step that the timer of a step leads to, by the id of the step with the timer. */
  readonly sendsAfter: ReadonlyMap<string, NextSend>;
  /** The condition of an `audience` trigger; null for others. */
  readonly watched: WatchedCondition | null;
  /** Trigger filter and `audience`, for an `event` trigger at the event at hand; for others the audience alone. */
  admits(facts: Facts): boolean;
  /** Starts a machine. */
  enter(context: StepContext): StepResult;
  /** Moves a machine. An input it does not listen to returns the same state and no effects. */
  step(state: MachineState, input: Exclude<StepInput, { type: 'enter' }>, context: StepContext): StepResult;
}

/** Everything published: what the engine runs by. Immutable; a publication makes a new one. */
export interface Library {
  readonly revision: number;
  readonly policy: PolicyVersion;
  /** The newest version of each scenario: what new entries use. */
  readonly live: readonly CompiledScenario[];
  /** The live scenarios an event of this name may let somebody into. */
  triggeredBy(eventName: string): readonly CompiledScenario[];
  /** Any version that was ever published. */
  scenario(id: string, version: number): CompiledScenario | undefined;
  /** The newest version of a template; undefined when there is none of that name. */
  templateVersion(template: string): number | undefined;
}
