import { conditionsIn, type Condition } from '../../audience/index.ts';
import type { Scenario, SendStep, Step } from '../scenario.schema.ts';

type Path = (string | number)[];

/** Every send step with its place. */
export function sends(scenario: Scenario): { step: SendStep; path: Path }[] {
  return Object.entries(scenario.steps).flatMap(([id, step]) =>
    step.kind === 'send' ? [{ step, path: ['steps', id, 'send'] }] : [],
  );
}

/** Every place where the scenario, or a send step in its stead, names a category, purpose or sender. */
export function named(scenario: Scenario, key: 'category' | 'purpose' | 'sender'): { name: string; path: Path }[] {
  return [
    { name: scenario[key], path: [key] },
    ...sends(scenario).flatMap(({ step, path }) =>
      step[key] === undefined ? [] : [{ name: step[key], path: [...path, key] }],
    ),
  ];
}

type Placed = { condition: Condition | undefined; path: Path };

/** Every condition of a scenario, those inside others included, with the place of the outermost. */
export function conditions(scenario: Scenario): { condition: Condition; path: Path }[] {
  return outerConditions(scenario).flatMap(({ condition, path }) =>
    [...conditionsIn(condition)].map((inner) => ({ condition: inner, path })),
  );
}

/** Every condition of a scenario as a whole, with its place. */
export function outerConditions(scenario: Scenario): { condition: Condition; path: Path }[] {
  const { trigger, goal } = scenario;
  const outer: Placed[] = [
    { condition: scenario.audience, path: ['audience'] },
    { condition: trigger.kind === 'event' ? trigger.where : undefined, path: ['trigger', 'where'] },
    ...(trigger.kind === 'audience' ? [{ condition: trigger.condition, path: ['trigger', trigger.on] }] : []),
    { condition: goal?.where, path: ['goal', 'where'] },
    ...scenario.exit.map(({ where }, index) => ({ condition: where, path: ['exit', index, 'where'] })),
    ...Object.entries(scenario.steps).flatMap(([id, step]) => conditionsOf(step, ['steps', id])),
  ];
  return outer.flatMap(({ condition, path }) => (condition === undefined ? [] : [{ condition, path }]));
}

function conditionsOf(step: Step, path: Path): Placed[] {
  if (step.kind === 'waitFor') return [{ condition: step.where, path: [...path, 'waitFor', 'where'] }];
  if (step.kind !== 'choose') return [];
  return step.branches.map(({ when }, index) => ({ condition: when, path: [...path, 'choose', index, 'when'] }));
}
