import { compileStrictCondition, type Condition } from '../audience/index.ts';
import { addDuration } from '../calendar/index.ts';
import { eventType } from './machine-event.ts';
import type { Goal, Scenario } from './scenario.schema.ts';
import { durationOf, factsOf, type Guard, type StepState, type TransitionJson } from './steps/step-state.ts';

const GOAL = 'goal';

/**
 * Puts what a scenario listens to in every step, its goal and its exits, before a step's own events: they outrank a
 * `waitFor` of the same event. The goal comes first, so that a conversion never counts as an exit. A goal that only
 * records (`stay`) lets the same event move the step as well.
 */
export function interruptible(scenario: Scenario): (step: StepState) => StepState {
  const { goal } = scenario;
  const reached = goal === undefined ? undefined : reachedBy(goal);
  const exits = scenario.exit.map(({ event, where }, index) => ({
    event,
    guard: where === undefined ? undefined : `exit:${index}`,
    passes: where === undefined ? undefined : matching(where),
  }));
  const names = interruptNames(scenario);

  return (step) => {
    const guards = { ...step.guards };
    if (reached !== undefined) guards[GOAL] = reached;
    for (const { guard, passes } of exits) if (guard !== undefined && passes !== undefined) guards[guard] = passes;

    const on = { ...step.state.on };
    for (const name of names) {
      const type = eventType(name);
      const others = [...exits.filter(({ event }) => event === name).map(exitTransition), ...(on[type] ?? [])];
      if (goal?.event !== name) on[type] = others;
      else if (!goal.stay) on[type] = [CONVERTED, ...others];
      else on[type] = [...others.map((other) => andRecorded(other, guards)), RECORDED, ...others];
    }
    return { ...step, guards, state: { ...step.state, on } };
  };
}

/** Names of the events that interrupt any step. */
export function interruptNames({ goal, exit }: Scenario): string[] {
  return [...new Set([...(goal === undefined ? [] : [goal.event]), ...exit.map(({ event }) => event)])];
}

const CONVERTED: TransitionJson = {
  target: 'end',
  guard: GOAL,
  actions: [{ type: 'goal' }, { type: 'ended', params: { status: 'converted' } }],
};
const RECORDED: TransitionJson = { guard: GOAL, actions: [{ type: 'goal' }] };

function exitTransition({ event, guard }: { event: string; guard: string | undefined }): TransitionJson {
  return { target: 'end', guard, actions: [{ type: 'ended', params: { status: 'exited', reason: event } }] };
}

/** The same transition when the goal is reached as well. */
function andRecorded(transition: TransitionJson, guards: Record<string, Guard>): TransitionJson {
  const own = transition.guard === undefined ? undefined : guards[transition.guard];
  const guard = own === undefined ? GOAL : `${GOAL}&${transition.guard}`;
  const goal = guards[GOAL]!;
  if (own !== undefined) guards[guard] = (args) => goal(args) && own(args);
  return { ...transition, guard, actions: [{ type: 'goal' }, ...(transition.actions ?? [])] };
}

/** Within `within` of the entry, in calendar steps of the contact's zone, by the time at which the event happened. */
function reachedBy({ where, within }: Goal): Guard {
  const passes = where === undefined ? () => true : matching(where);
  const length = within === undefined ? undefined : durationOf(within);
  return (args) => {
    const { input, context } = args.event;
    if (input.type !== 'event' || !passes(args)) return false;
    // What happened before the entry, and arrived after it, was not brought about by the scenario.
    const { at } = input.event;
    if (at < (context.entry?.at ?? context.enteredAt)) return false;
    return length === undefined || at <= addDuration(context.enteredAt, length, factsOf(args).zone);
  };
}

function matching(where: Condition): Guard {
  const matches = compileStrictCondition(where);
  return (args) => matches(factsOf(args));
}
