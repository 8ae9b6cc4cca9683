import {
  audienceNames,
  compileCondition,
  historyNames,
  usesMessages,
  watchedCondition,
  type Condition,
  type Facts,
} from '../audience/index.ts';
import { interruptNames } from './interrupts.ts';
import type { CompiledScenario, NextSend } from './machine.ts';
import { MachineRunner } from './runner.ts';
import { scenarioMachine } from './scenario-machine.ts';
import { resolveFlow } from './flow.ts';
import type { Scenario } from './scenario.schema.ts';
import { watchGuards, type GuardListener } from './watch-machine.ts';

/**
 * Compiles a definition that the schema has let through into a machine that is stepped by pure functions.
 * `version` is only carried along; `listener` is told what guards say, and costs nothing when there is none.
 * Throws UserError when a part of it cannot be compiled.
 */
export function compileScenario(definition: Scenario, version: number, listener?: GuardListener): CompiledScenario {
  const machine = scenarioMachine(definition);
  const watched = listener === undefined ? machine : watchGuards(machine, definition, listener);
  const runner = new MachineRunner(definition, version, watched);
  const conditions = conditionsOf(definition);
  return {
    id: definition.scenario,
    version,
    definition,
    historyNames: [...new Set(conditions.flatMap((condition) => [...historyNames(condition)]))],
    listensTo: new Set([...interruptNames(definition), ...waitedFor(definition)]),
    emits: Object.values(definition.steps).flatMap((step) => (step.kind === 'emit' ? [step.event] : [])),
    enrols: Object.values(definition.steps).flatMap((step) => (step.kind === 'enrol' ? [step.scenario] : [])),
    needsMessages: conditions.some(usesMessages),
    audiences: [...new Set(conditions.flatMap((condition) => [...audienceNames(condition)]))],
    sets: Object.values(definition.steps).some(({ kind }) => kind === 'set'),
    sendsAfter: sendsAfter(definition),
    watched: definition.trigger.kind === 'audience' ? watchedCondition(definition.trigger.condition) : null,
    admits: admission(definition),
    enter: (context) => runner.enter(context),
    step: (state, input, context) => runner.step(state, input, context),
  };
}

/** The trigger's own filter, then the audience. */
function admission({ trigger, audience }: Scenario): (facts: Facts) => boolean {
  const where = trigger.kind === 'event' ? trigger.where : undefined;
  const parts = [where, audience].filter((part) => part !== undefined).map((part) => compileCondition(part));
  return (facts) => parts.every((part) => part(facts));
}

function conditionsOf(scenario: Scenario): Condition[] {
  const listeners = [scenario.goal, ...scenario.exit, scenario.trigger.kind === 'event' ? scenario.trigger : undefined];
  const steps = Object.values(scenario.steps).flatMap((step) => {
    if (step.kind === 'choose') return step.branches.map(({ when }) => when);
    return step.kind === 'waitFor' ? [step.where] : [];
  });
  const watched = scenario.trigger.kind === 'audience' ? scenario.trigger.condition : undefined;
  return [...listeners.map((listener) => listener?.where), watched, scenario.audience, ...steps].filter(
    (part) => part !== undefined,
  );
}

/** What a `wait` comes to, or a `waitFor` whose event does not. */
function sendsAfter(scenario: Scenario): Map<string, NextSend> {
  const found = new Map<string, NextSend>();
  for (const { id, step, to } of resolveFlow(scenario).values()) {
    if (step.kind !== 'wait' && step.kind !== 'waitFor') continue;
    const next = to[step.kind === 'wait' ? 'next' : 'onTimeout']!;
    const send = scenario.steps[next];
    if (send?.kind === 'send') found.set(id, { step: next, send });
  }
  return found;
}

function waitedFor({ steps }: Scenario): string[] {
  return Object.values(steps).flatMap((step) => (step.kind === 'waitFor' ? [step.event] : []));
}
