import { assign, createMachine, type AnyMachineSnapshot, type AnyStateMachine } from 'xstate';
import { isZone } from '../calendar/index.ts';
import { applyTraits } from '../contacts/index.ts';
import { UserError } from '../shared/errors.ts';
import { scopeFor, type Action } from './inert-scope.ts';
import {
  CALLED,
  delayName,
  ENTER,
  enterStepType,
  eventType,
  heardType,
  RESUME,
  SETTLED,
  START,
  timerType,
  wantedName,
  type MachineEvent,
  type Overlay,
} from './machine-event.ts';
import type { Effect, HeardEvent, MachineState, StepContext, StepInput, StepResult } from './machine.ts';
import type { ScenarioMachine } from './scenario-machine.ts';
import type { Scenario, SendStep } from './scenario.schema.ts';
import { factsOf, type TransitionJson, type Values } from './steps/step-state.ts';

type Input = Exclude<StepInput, { type: 'enter' }>;

const NOTHING: Effect[] = [];

/** Steps one scenario's machine by XState's pure transition functions. Holds no contact's state. */
export class MachineRunner {
  private readonly machine: AnyStateMachine;
  private readonly start: AnyMachineSnapshot;
  /** The same machine with ways into every step; made when a publication first puts somebody there, for most never. */
  private enterable: AnyStateMachine | undefined;
  private readonly resting = new Map<string, AnyMachineSnapshot>();
  private readonly listening = new Map<string, ReadonlySet<string>>();
  private readonly title: string;
  private readonly waiting: ReadonlySet<string>;
  private readonly properties: ScenarioMachine['properties'];
  private readonly built: ScenarioMachine;
  private readonly scenario: Scenario;
  /** More steps than this at once can only be a circle. */
  private readonly limit: number;

  constructor(scenario: Scenario, version: number, built: ScenarioMachine) {
    const { config, waiting } = built;
    this.built = built;
    this.machine = xstateMachine(built);
    this.start = this.machine.resolveState({ value: START, context: {} });
    for (const [id, { on }] of Object.entries(config.states)) {
      if (id !== START) this.listening.set(id, new Set(Object.keys(on ?? {})));
    }
    this.scenario = scenario;
    this.title = `Scenario ${scenario.scenario}, version ${version}`;
    this.waiting = waiting;
    this.properties = built.properties;
    this.limit = 4 * Object.keys(config.states).length + 100;
  }

  enter(context: StepContext): StepResult {
    const input: StepInput = { type: 'enter' };
    return this.run(this.start, undefined, { type: ENTER, input, facts: factsAt(input, context), context });
  }

  step(state: MachineState, input: Input, context: StepContext): StepResult {
    if (input.type === 'resume') return this.resume(state, input, context);
    if (input.type === 'enterStep') return this.enterStep(input, context);
    const type = this.typeOf(state, input);
    const result =
      type === null
        ? { state, effects: NOTHING, waiting: this.waiting.has(state.value) }
        : this.run(this.snapshotOf(state), state, { type, input, facts: factsAt(input, context), context });
    const isNews = input.type === 'event' && !input.late && result.state.value === state.value;
    return isNews ? { ...result, state: this.overheard(result.state, input, context) } : result;
  }

  /** Keeps an event for the `waitFor` steps ahead that listen to it; the first that one of them wants is the one it gets. */
  private overheard(state: MachineState, input: Input & { type: 'event' }, context: StepContext): MachineState {
    let { heard } = state.context;
    for (const step of this.built.ahead.get(state.value) ?? []) {
      const listener = this.scenario.steps[step];
      if (listener?.kind !== 'waitFor' || listener.event !== input.event.name || heard?.[step] !== undefined) continue;
      const event = { type: eventType(listener.event), input, facts: factsAt(input, context), context };
      if (this.built.guards[wantedName(step)]?.({ context: {}, event }) === false) continue;
      const { name, at, properties } = input.event;
      heard = { ...heard, [step]: { name, at, properties } };
    }
    return heard === state.context.heard ? state : { ...state, context: { ...state.context, heard } };
  }

  /** Enters a step as if another one had led to it. */
  private enterStep(input: Input & { type: 'enterStep' }, context: StepContext): StepResult {
    this.listeningIn({ value: input.step });
    const type = enterStepType(input.step);
    this.enterable ??= xstateMachine(withEveryEntry(this.built));
    const from = this.enterable.resolveState({ value: START, context: {} });
    return this.run(from, undefined, { type, input, facts: factsAt(input, context), context }, this.enterable);
  }

  /**
   * Goes on in a step that was entered in another version, or before the date it waits for was corrected: its timer is
   * what it would be had it been set here at that time, and due now when that is past. A way that is left at once (the
   * date waited for was past then, or is missing) is taken now.
   */
  private resume(state: MachineState, input: Input & { type: 'resume' }, context: StepContext): StepResult {
    const snapshot = this.snapshotOf(state);
    const event: MachineEvent = { type: RESUME, input, facts: factsAt(input, context), context };
    const then = { context: {}, event: { ...event, facts: { ...event.facts, now: input.since } } };
    const { config, guards, delays } = this.built;
    const { always = [] } = config.states[state.value]!;
    if (always.some(({ guard }) => guard === undefined || guards[guard]!(then)))
      return this.run(snapshot, state, event);
    const delay = delays[delayName(state.value)];
    const timer: Effect =
      delay === undefined
        ? { kind: 'clear-timer' }
        : { kind: 'timer', dueAt: Math.max(input.notBefore, input.since + delay(then)) };
    return { state, effects: [timer], waiting: this.waiting.has(state.value) };
  }

  /** XState's name for an input; null when the machine in this state does not listen to it. */
  private typeOf(state: MachineState, input: Exclude<Input, { type: 'resume' | 'enterStep' }>): string | null {
    switch (input.type) {
      case 'event': {
        if (input.late) return null;
        const type = eventType(input.event.name);
        return this.listeningIn(state).has(type) ? type : null;
      }
      case 'settled':
        return input.step === (state.context.enteredAs ?? state.value) && this.listeningIn(state).has(SETTLED)
          ? SETTLED
          : null;
      case 'called':
        return input.step === (state.context.enteredAs ?? state.value) && this.listeningIn(state).has(CALLED)
          ? CALLED
          : null;
      case 'timer':
        return timerType(this.scenario.scenario, state.value);
    }
  }

  private listeningIn(state: Pick<MachineState, 'value'>): ReadonlySet<string> {
    const listening = this.listening.get(state.value);
    if (listening !== undefined) return listening;
    throw new UserError(`${this.title} has no step "${state.value}": the enrollment belongs to another version`);
  }

  /** Restored without running anything, and shared: XState never changes a snapshot, and nothing of a contact is in it. */
  private snapshotOf(state: MachineState): AnyMachineSnapshot {
    let snapshot = this.resting.get(state.value);
    if (snapshot === undefined) {
      this.listeningIn(state);
      snapshot = this.machine.resolveState({ value: state.value, context: {} });
      this.resting.set(state.value, snapshot);
    }
    return snapshot;
  }

  private run(
    from: AnyMachineSnapshot,
    before: MachineState | undefined,
    event: MachineEvent,
    machine = this.machine,
  ): StepResult {
    const effects: Effect[] = [];
    const entered: string[] = [];
    const scope = this.scopeOf(event, effects, entered);
    const reached = transition(machine, from, event, scope);
    const heard = before?.context.heard;
    const told = this.toldIn(reached.value as string, heard);
    const next = told === undefined ? reached : this.hear(told, reached, event, effects, entered);
    const value = next.value as string;
    const stayed = before?.value === value && entered.length === 0;
    if (stayed && effects.length === 0) return { state: before, effects, waiting: this.waiting.has(value) };
    const goesOn = heard !== undefined && told === undefined && this.built.ahead.has(value);
    const state = { value, context: stayed ? before.context : goesOn ? { heard } : {} };
    return { state, effects, waiting: this.waiting.has(value) };
  }

  private scopeOf(event: MachineEvent, effects: Effect[], entered: string[]): ReturnType<typeof scopeFor> {
    return scopeFor((action) => {
      if (action.type === 'entered') this.watchForCircle((action.params as { step: string }).step, entered);
      this.note(action, event, effects);
    });
  }

  /** What a `waitFor` step listens to, and came while the message before it waited. */
  private toldIn(value: string, heard: MachineState['context']['heard']): HeardEvent | undefined {
    const step = this.scenario.steps[value];
    const told = heard !== undefined && Object.hasOwn(heard, value) ? heard[value] : undefined;
    return step?.kind === 'waitFor' && step.event === told?.name ? told : undefined;
  }

  /** Goes on from a `waitFor` step that has just been entered, by an event that was kept for it. */
  private hear(
    told: HeardEvent,
    entered: AnyMachineSnapshot,
    event: MachineEvent,
    effects: Effect[],
    steps: string[],
  ): AnyMachineSnapshot {
    const step = entered.value as string;
    const facts = { ...factsOf({ context: entered.context as Overlay, event }), event: told };
    const input: StepInput = { type: 'event', event: told, late: false };
    const heard: MachineEvent = { ...event, type: heardType(step), input, facts };
    // With what `set` steps on the way here changed.
    const from = this.machine.resolveState({ value: step, context: { facts } });
    return transition(this.machine, from, heard, this.scopeOf(heard, effects, steps));
  }

  /** An action that XState would execute, as the effect it stands for. */
  private note(action: Action, event: MachineEvent, effects: Effect[]): void {
    const params = action.params as never;
    switch (action.type) {
      case 'entered':
        effects.push({ kind: 'entered', step: (params as { step: string }).step });
        return;
      case 'send': {
        const { step } = params as { step: string };
        effects.push({ kind: 'send', step, send: this.scenario.steps[step] as SendStep });
        return;
      }
      case 'set':
        effects.push({ kind: 'set', attributes: (action.info.context as Overlay).values ?? {} });
        return;
      case 'emit': {
        const { step, event: name } = params as { step: string; event: string };
        const properties = this.properties[step]!({ context: action.info.context, event });
        effects.push({ kind: 'emit', step, event: name, properties });
        return;
      }
      case 'enrol':
        effects.push({ kind: 'enrol', ...(params as { step: string; scenario: string }) });
        return;
      case 'webhook': {
        const { step } = params as { step: string };
        const request = this.built.requests[step]!({ context: action.info.context, event });
        effects.push({ kind: 'webhook', step, request });
        return;
      }
      case 'goal':
        effects.push({ kind: 'goal' });
        return;
      case 'ended':
        effects.push({
          kind: 'ended',
          ...(params as { status: 'completed' | 'converted' | 'exited'; reason?: string }),
        });
        return;
      case 'xstate.raise':
        effects.push({ kind: 'timer', dueAt: event.facts.now + (params as { delay: number }).delay });
        return;
      case 'xstate.cancel':
        clearTimer(effects);
    }
  }

  /** XState would go round for ever, or, in a step that leads to itself, take it for a place to rest. */
  private watchForCircle(step: string, entered: string[]): void {
    const toItself = entered.at(-1) === step;
    entered.push(step);
    if (!toItself && entered.length <= this.limit) return;
    const circle = entered.slice(entered.lastIndexOf(step, -2));
    throw new UserError(
      `${this.title} goes round in a circle without waiting: ${circle.join(' → ')}. Put a wait into it.`,
    );
  }
}

/** XState says where a guard failed, in its own terms, and loses the error: what the error said is what people are told. */
const OF_XSTATE = /^Unable to evaluate guard [^\n]*:\n/;

function transition(
  machine: AnyStateMachine,
  from: AnyMachineSnapshot,
  event: MachineEvent,
  scope: ReturnType<typeof scopeFor>,
): AnyMachineSnapshot {
  try {
    return machine.transition(from, event, scope);
  } catch (error) {
    if (!(error instanceof Error) || !OF_XSTATE.test(error.message)) throw error;
    throw new UserError(error.message.replace(OF_XSTATE, ''));
  }
}

/** Also ways from before the first step into any one: a publication may put people there. No part of what is printed. */
function withEveryEntry(built: ScenarioMachine): ScenarioMachine {
  const { states } = built.config;
  const ways = Object.keys(states).map(
    (step) => [enterStepType(step), [{ target: step }]] as [string, TransitionJson[]],
  );
  const start = { ...states[START], on: { ...states[START]!.on, ...Object.fromEntries(ways) } };
  return { ...built, config: { ...built.config, states: { ...states, [START]: start } } };
}

/** The configuration and its functions as XState's machine. Its names are its own, so XState's inference has nothing to add. */
export function xstateMachine({ config, guards, delays, values }: ScenarioMachine): AnyStateMachine {
  const actions = Object.fromEntries(Object.entries(values).map(([name, give]) => [name, overlay(give)]));
  return createMachine({ ...config, context: {} } as never, { guards, delays, actions } as never);
}

/** A timer set and cleared in the same run never was. */
function clearTimer(effects: Effect[]): void {
  const index = effects.findLastIndex((effect) => effect.kind === 'timer');
  if (index >= 0) effects.splice(index, 1);
  else effects.push({ kind: 'clear-timer' });
}

/** The event at hand is the one that moves the machine; else, for what it says, the one that let the contact in. */
function factsAt(input: StepInput, { facts, entry }: StepContext): MachineEvent['facts'] {
  const event = input.type === 'event' ? input.event : (facts.event ?? entry ?? undefined);
  return event === facts.event && entry === null ? facts : { ...facts, event, entry: entry ?? undefined };
}

function overlay(values: Values) {
  return assign(({ context, event }: { context: Overlay; event: MachineEvent }): Overlay => {
    const given = values({ context, event });
    const facts = factsOf({ context, event });
    const contact = applyTraits(facts.contact, given, facts.zone);
    const zone =
      contact.timezone !== facts.contact.timezone && contact.timezone !== null && isZone(contact.timezone)
        ? contact.timezone
        : facts.zone;
    return { values: given, facts: { ...facts, contact, zone } };
  });
}
