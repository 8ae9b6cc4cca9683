import { describeCondition, type Condition } from '../audience/index.ts';
import type { Existing } from './existing.schema.ts';
import type { StepFlow } from './flow.ts';
import type { Scenario, StepKind, StepOf, Trigger, WaitStep } from './scenario.schema.ts';

/** What a step does, in words: `send email welcome-hello`, `wait 2d`, `wait for Order Completed, at most 5d`. */
export function describeStep<Kind extends StepKind>(step: StepOf<Kind>): string {
  return (STEPS[step.kind] as (step: StepOf<Kind>) => string)(step);
}

const STEPS: { [Kind in StepKind]: (step: StepOf<Kind>) => string } = {
  send: ({ channel, template }) => `send ${channel} ${template}`,
  wait: ({ wait }) => `wait ${describeWait(wait)}`,
  waitFor: ({ event, where, timeout }) => `wait for ${withFilter(event, where)}, at most ${timeout}`,
  choose: ({ branches }) => `choose one of ${branches.length + 1} ways`,
  split: ({ branches }) => `split into ${branches.length} ways`,
  set: ({ attributes }) => `set ${Object.keys(attributes).join(', ')}`,
  emit: ({ event }) => `emit ${event}`,
  enrol: ({ scenario }) => `enter ${scenario}`,
  webhook: ({ method, url }) => `call ${method} ${url}`,
};

/** How long a `wait` lasts: `2d`, `until Mon 09:00`, `until birthday -7d at 09:00`. */
export function describeWait(wait: WaitStep['wait']): string {
  switch (wait.form) {
    case 'duration':
      return wait.duration;
    case 'moment':
      return ['until', wait.weekdays?.join(' or '), wait.date, wait.time].filter(Boolean).join(' ');
    case 'attribute':
      return ['until', wait.attribute, wait.offset, wait.at && `at ${wait.at}`].filter(Boolean).join(' ');
  }
}

/** What lets contacts in: `on Form Submitted with form = newsletter`, `30d without Logged In`. */
export function describeTrigger(trigger: Trigger): string {
  switch (trigger.kind) {
    case 'event':
      return `on ${withFilter(trigger.event, trigger.where)}`;
    case 'date':
      return [trigger.yearly ? 'every year on' : 'on', trigger.date, trigger.offset, trigger.at && `at ${trigger.at}`]
        .filter(Boolean)
        .join(' ');
    case 'inactivity':
      return `after ${trigger.inactivity} without ${trigger.activity.join(' or ')}${describeExisting(trigger.existing)}`;
    case 'audience':
      return `when ${describeCondition(trigger.condition)} ${trigger.on === 'enters' ? 'becomes true' : 'is true no more'}`;
    case 'schedule':
      return `by the schedule ${trigger.rrule} at ${trigger.at}`;
    case 'manual':
      return 'by hand';
  }
}

function describeExisting(existing: Existing): string {
  if (existing === 'enter') return '';
  if (existing === 'skip') return '; who was idle for so long before is left out';
  return `; of those who were idle for so long before ${existing.spread.replace('/d', ' a day')}`;
}

/** When a way out of a step is taken; empty for the plain way on. Names are those of `resolveFlow`. */
export function describeWay({ step }: StepFlow, name: string): string {
  if (name === 'otherwise') return 'otherwise';
  if (name === 'onBlocked') return 'blocked or expired';
  if (name.startsWith('switch.')) return `pressure asks for ${name.slice('switch.'.length)} instead`;
  if (name === 'onError') return 'the call failed';
  if (name === 'ifMissing' || name === 'ifPast') {
    const attribute = step.kind === 'wait' && step.wait.form === 'attribute' ? step.wait.attribute : 'the date';
    return `${attribute} is ${name === 'ifPast' ? 'past' : 'missing'}`;
  }
  if (step.kind === 'waitFor') return name === 'onEvent' ? withFilter(step.event, step.where) : `after ${step.timeout}`;
  if (step.kind === 'choose' && name !== 'next') return describeCondition(step.branches[Number(name)]!.when);
  if (step.kind === 'split') {
    const total = step.branches.reduce((sum, { weight }) => sum + weight, 0);
    return `${Number(((step.branches[Number(name)]!.weight / total) * 100).toFixed(1))} %`;
  }
  return '';
}

/** What may end an enrollment from any step: the goal first, then the exits. */
export function describeInterrupts({ goal, exit }: Scenario): { kind: 'goal' | 'exit'; text: string }[] {
  const within = goal?.within === undefined ? '' : ` within ${goal.within}`;
  return [
    ...(goal === undefined ? [] : [{ kind: 'goal' as const, text: `${withFilter(goal.event, goal.where)}${within}` }]),
    ...exit.map(({ event, where }) => ({ kind: 'exit' as const, text: withFilter(event, where) })),
  ];
}

/** `Order Completed with total ≥ 20`. */
export function withFilter(event: string, where: Condition | undefined): string {
  return where === undefined ? event : `${event} with ${describeCondition(where)}`;
}
