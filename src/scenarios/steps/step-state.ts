import type { Facts } from '../../audience/index.ts';
import { parseDuration, type Duration } from '../../calendar/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import type { WebhookRequest } from '../machine.ts';
import type { MachineEvent, Overlay } from '../machine-event.ts';
import type { PlaceholderData } from '../placeholders.ts';
import type { StepKind, StepOf } from '../scenario.schema.ts';

/** A transition as XState JSON. */
export interface TransitionJson {
  target?: string;
  guard?: string;
  actions?: ActionJson[];
  reenter?: boolean;
}

export type ActionJson = { type: string; params?: Record<string, unknown> };

/** A state as XState JSON: names only, so that the machine can be printed and drawn. */
export interface StateJson {
  entry?: ActionJson[];
  always?: TransitionJson[];
  after?: Record<string, TransitionJson[]>;
  on?: Record<string, TransitionJson[]>;
  type?: 'final';
}

export interface GuardArgs {
  context: Overlay;
  event: MachineEvent;
}

export type Guard = (args: GuardArgs) => boolean;
/** Milliseconds from the facts' now. */
export type Delay = (args: GuardArgs) => number;
/** The attributes a `set` step gives, or the properties of an `emit`, by what is known at that moment. */
export type Values = (args: GuardArgs) => Record<string, unknown>;
/** What a `webhook` step sends. */
export type Request = (args: GuardArgs) => WebhookRequest;

/** What one step comes to: its state, and the functions its names stand for. */
export interface StepState {
  state: StateJson;
  guards?: Record<string, Guard>;
  delays?: Record<string, Delay>;
  values?: Values;
  /** Of the event an `emit` step makes. */
  properties?: Values;
  request?: Request;
  /** True when the contact rests here until an event or a time: shown as `waiting`. */
  waiting?: boolean;
}

/** Where a step stands, and how it leads to the rest of its machine. */
export interface Place {
  scenario: string;
  /** The step's own id. */
  step: string;
  /**
   * The transition of a way out (the names are those of `resolveFlow`). `reason` says why the enrollment ends as
   * `exited`, for a way that may lead to `exit`.
   */
  way(name: string, guard?: string, reason?: string): TransitionJson;
}

/** Compiles one kind of step. */
export type StepCompiler<Kind extends StepKind> = (step: StepOf<Kind>, place: Place) => StepState;

/** The facts as guards and delays must see them: with what `set` steps changed on the way here. */
export function factsOf({ context, event }: GuardArgs): Facts {
  return context.facts ?? event.facts;
}

/** What placeholders may read at this moment. */
export function placeholderData(args: GuardArgs): PlaceholderData {
  const { context, input } = args.event;
  const { contact, zone } = factsOf(args);
  return {
    contact,
    zone,
    event: input.type === 'event' ? input.event : undefined,
    entry: context.entry,
    enrollment: { id: context.enrollmentId, enteredAt: context.enteredAt },
  };
}

/** A delay that ends at an instant; what is past is due at once. */
export function delayUntil(instant: Instant, facts: Facts): number {
  return Math.max(0, instant - facts.now);
}

/** A duration that the schema has let through. */
export function durationOf(text: string): Duration {
  const duration = parseDuration(text);
  if (duration === null) throw new UserError(`"${text}" is not a duration`);
  return duration;
}
