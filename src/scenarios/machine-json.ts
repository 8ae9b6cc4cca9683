import { describeCondition, type Condition } from '../audience/index.ts';
import { describeInterrupts, describeStep, describeTrigger, describeWait, withFilter } from './describe.ts';
import { START } from './machine-event.ts';
import { scenarioMachine } from './scenario-machine.ts';
import type { Scenario } from './scenario.schema.ts';
import type { ActionJson, StateJson, TransitionJson } from './steps/step-state.ts';

type Json = Record<string, unknown>;
type Named = { type: string; params?: Json };

/**
 * The compiled machine as XState JSON that `createMachine` and Stately's editor accept: the states, events and targets
 * that run, with guards, delays and actions named in words and their parameters beside them. `entered`, which only
 * announces a state to the engine, is left out.
 * @param version the published one; null for a file
 */
export function machineJson(scenario: Scenario, version: number | null): Json {
  const { config } = scenarioMachine(scenario);
  const states = Object.entries(config.states).map(([id, state]) => [id, stateJson(id, state, scenario)]);
  const leaves = describeInterrupts(scenario).map(({ kind, text }) => `${kind === 'goal' ? 'Goal' : 'Exit'}: ${text}.`);
  return {
    id: config.id,
    ...(version === null ? {} : { version: String(version) }),
    description: [`${scenario.name}.`, ...leaves].join(' '),
    initial: config.initial,
    context: {},
    states: Object.fromEntries(states),
  };
}

function stateJson(id: string, state: StateJson, scenario: Scenario): Json {
  const { entry, always, after, on, ...rest } = state;
  const ways = (list: readonly TransitionJson[]): Json[] => list.map((way) => transitionJson(way, scenario));
  const named = (record: Record<string, TransitionJson[]>, rename: (name: string) => string): Json =>
    Object.fromEntries(Object.entries(record).map(([name, list]) => [rename(name), ways(list)]));
  const actions = (entry ?? []).flatMap((action) => actionJson(action, scenario));
  return {
    ...rest,
    ...describedState(id, scenario),
    ...(actions.length === 0 ? {} : { entry: actions }),
    ...(always === undefined ? {} : { always: ways(always) }),
    ...(after === undefined ? {} : { after: named(after, (name) => delayText(name, scenario)) }),
    ...(on === undefined ? {} : { on: named(on, (name) => name) }),
  };
}

function describedState(id: string, scenario: Scenario): Json {
  if (id === START) return { description: `Enters ${describeTrigger(scenario.trigger)}` };
  const step = scenario.steps[id];
  return step === undefined ? {} : { description: describeStep(step), meta: { kind: step.kind } };
}

function transitionJson({ guard, actions, ...rest }: TransitionJson, scenario: Scenario): Json {
  const done = (actions ?? []).flatMap((action) => actionJson(action, scenario));
  return {
    ...rest,
    ...(guard === undefined ? {} : { guard: guardJson(guard, scenario) }),
    ...(done.length === 0 ? {} : { actions: done }),
  };
}

function actionJson({ type, params }: ActionJson, scenario: Scenario): Named[] {
  // `values:<step>` gives what `set` sets: one action for a reader.
  if (type === 'entered' || type === 'set') return [];
  if (type.startsWith('values:')) {
    const step = scenario.steps[type.slice('values:'.length)];
    return step?.kind === 'set' ? [{ type: 'set', params: step.attributes }] : [];
  }
  const step = type === 'send' ? scenario.steps[String(params?.['step'])] : undefined;
  if (step?.kind !== 'send') return [params === undefined ? { type } : { type, params }];
  const { kind: _kind, next: _next, onBlocked: _onBlocked, switch: _switch, ...send } = step;
  return [{ type, params: { ...params, ...send } }];
}

/** Delays and guards have the compiler's names, which tell the step; its words stand in the definition. */
function delayText(name: string, { steps }: Scenario): string {
  const step = steps[name.replace(/^due:/, '')];
  if (step?.kind === 'wait') return describeWait(step.wait);
  return step?.kind === 'waitFor' ? step.timeout : name;
}

function guardJson(name: string, scenario: Scenario): Named {
  if (name.includes('&')) {
    const parts = name.split('&').map((part) => guardJson(part, scenario));
    return { type: parts.map(({ type }) => type).join(' and '), params: { all: parts } };
  }
  return guardOf(name, scenario) ?? { type: name };
}

/** A guard in words, by the name the compiler gave it; undefined for one that says enough by itself. */
function guardOf(name: string, { goal, exit, steps }: Scenario): Named | undefined {
  const [kind, place = ''] = name.split(':');
  if (kind === 'goal' && goal !== undefined) {
    const { event, where, within } = goal;
    const type = `goal: ${withFilter(event, where)}${within === undefined ? '' : ` within ${within}`}`;
    return { type, params: { where, within } };
  }
  if (kind === 'exit') return holds(exit[Number(place)]?.where);
  const [id = '', branch] = place.split('.');
  const step = steps[id];
  if (kind === 'refused') return { type: 'blocked, expired or failed', params: { step: id } };
  if (kind === 'given-up') return { type: 'the call failed', params: { step: id } };
  if (kind === 'wanted' && step?.kind === 'waitFor') return holds(step.where);
  if (kind === 'when' && step?.kind === 'choose') return holds(step.branches[Number(branch)]?.when);
  if (kind === 'share' && step?.kind === 'split') {
    const weights = step.branches.map(({ weight }) => weight);
    const sum = (list: readonly number[]): number => list.reduce((total, weight) => total + weight, 0);
    const upTo = sum(weights.slice(0, Number(branch) + 1)) / sum(weights);
    return { type: `share of ${id} below ${Number((upTo * 100).toFixed(1))} %`, params: { step: id, below: upTo } };
  }
  if ((kind === 'missing' || kind === 'past') && step?.kind === 'wait' && step.wait.form === 'attribute') {
    const { attribute, offset, at } = step.wait;
    return { type: `${attribute} is ${kind}`, params: { attribute, offset, at } };
  }
  return undefined;
}

function holds(condition: Condition | undefined): Named | undefined {
  return condition === undefined ? undefined : { type: describeCondition(condition), params: { condition } };
}

/** A guard in words, as the trace of a rehearsal names it. */
export function guardText(name: string, scenario: Scenario): string {
  return guardJson(name, scenario).type;
}

/** The step whose guard it is; null for what is listened to in every step. */
export function guardStep(name: string, { steps }: Scenario): string | null {
  const id = /:([^.]+)/.exec(name)?.[1] ?? '';
  return name.includes('&') || name.startsWith('exit:') || !Object.hasOwn(steps, id) ? null : id;
}
