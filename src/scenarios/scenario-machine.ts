import { resolveFlow, type StepFlow } from './flow.ts';
import { listenersAhead } from './hearing.ts';
import { interruptible } from './interrupts.ts';
import { ENTER, heardType, START, valuesName } from './machine-event.ts';
import type { Scenario } from './scenario.schema.ts';
import { compileStep } from './steps/step-kinds.ts';
import type { Delay, Guard, Place, Request, StateJson, StepState, TransitionJson, Values } from './steps/step-state.ts';

/** A scenario as XState's machine configuration, plain JSON, and the functions that its names stand for. */
export interface ScenarioMachine {
  config: { id: string; initial: string; states: Record<string, StateJson> };
  guards: Record<string, Guard>;
  delays: Record<string, Delay>;
  /** By the name of the action that gives them. */
  values: Record<string, Values>;
  /** Of the events that `emit` steps make, by step. */
  properties: Record<string, Values>;
  /** What `webhook` steps send, by step. */
  requests: Record<string, Request>;
  /** Steps in which a contact rests until an event or a time. */
  waiting: Set<string>;
  /** The `waitFor` steps that hear what comes while a message or a call is waited for, by the step that waits for it. */
  ahead: Map<string, string[]>;
}

/** One XState state a step, one before the first, and `end`. */
export function scenarioMachine(scenario: Scenario): ScenarioMachine {
  const machine: ScenarioMachine = {
    config: { id: scenario.scenario, initial: START, states: {} },
    guards: {},
    delays: {},
    values: {},
    properties: {},
    requests: {},
    waiting: new Set(),
    ahead: new Map(),
  };
  const flow = resolveFlow(scenario);
  machine.ahead = listenersAhead(flow);
  const hearing = new Set([...machine.ahead.values()].flat());
  const withInterrupts = interruptible(scenario);
  machine.config.states[START] = { on: { [ENTER]: [{ target: flow.keys().next().value ?? 'end' }] } };
  for (const [id, stepFlow] of flow) {
    const place = placeOf(scenario.scenario, stepFlow);
    const step = withInterrupts(compileStep(stepFlow.step, place));
    if (hearing.has(id)) step.state.on = { ...step.state.on, [heardType(id)]: [place.way('onEvent')] };
    machine.config.states[id] = announced(id, step);
    Object.assign(machine.guards, step.guards);
    Object.assign(machine.delays, step.delays);
    if (step.values !== undefined) machine.values[valuesName(id)] = step.values;
    if (step.properties !== undefined) machine.properties[id] = step.properties;
    if (step.request !== undefined) machine.requests[id] = step.request;
    if (step.waiting === true) machine.waiting.add(id);
  }
  machine.config.states.end = { type: 'final' };
  return machine;
}

function announced(id: string, { state }: StepState): StateJson {
  return { ...state, entry: [{ type: 'entered', params: { step: id } }, ...(state.entry ?? [])] };
}

function placeOf(scenario: string, flow: StepFlow): Place {
  return {
    scenario,
    step: flow.id,
    way(name, guard, reason) {
      const target = flow.to[name] ?? 'end';
      // A step may lead to itself, and is then entered anew, with a new timer and a new message.
      const transition: TransitionJson = { target, guard, reenter: true };
      if (target === 'end') transition.actions = [{ type: 'ended', params: { status: 'completed' } }];
      if (target === 'exit') {
        transition.target = 'end';
        transition.actions = [{ type: 'ended', params: { status: 'exited', reason } }];
      }
      return transition;
    },
  };
}
