import fc from 'fast-check';
import { transition } from 'xstate';
import { compileScenario } from '../../src/scenarios/compile.ts';
import type { CompiledScenario, MachineState, StepInput, StepResult } from '../../src/scenarios/machine.ts';
import {
  CALLED,
  ENTER,
  eventType,
  SETTLED,
  START,
  timerType,
  type MachineEvent,
} from '../../src/scenarios/machine-event.ts';
import { xstateMachine } from '../../src/scenarios/runner.ts';
import { scenarioMachine } from '../../src/scenarios/scenario-machine.ts';
import { scenarioSchema, type Scenario } from '../../src/scenarios/scenario.schema.ts';
import { UserError } from '../../src/shared/errors.ts';
import { contact, event, facts, stepContext } from './journey.ts';

const IDS = ['one', 'two', 'three', 'four', 'five', 'six'];
const EVENTS = ['Ordered', 'Visited', 'Closed'];
const target = fc.constantFrom(...IDS, 'end');
const where = fc.option(fc.constantFrom({ property: 'total', gte: 10 }, { attribute: 'tier', equals: 'gold' }), {
  nil: undefined,
});
const next = fc.option(target, { nil: undefined });

/** Every step kind, in every form. */
const step = fc.oneof(
  fc.record({ send: fc.constant({ channel: 'email', template: 'mail-a' }), next, onBlocked: next }),
  fc.record({
    wait: fc.constantFrom('2d', '1h', { until: { time: '10:00' } }, { until: { weekday: 'friday' } }),
    next,
  }),
  fc.record({
    wait: fc.record({
      until: fc.constant({ attribute: 'renewal', offset: '-1d' }),
      ifMissing: fc.oneof(target, fc.constantFrom('next', 'exit')),
      ifPast: fc.oneof(target, fc.constantFrom('next', 'exit')),
    }),
    next,
  }),
  fc.record({
    waitFor: fc.record({ event: fc.constantFrom(...EVENTS), where }),
    timeout: fc.constant('5d'),
    onEvent: next,
    onTimeout: next,
  }),
  fc.record({
    choose: fc
      .tuple(
        fc.array(
          fc.record({
            when: fc.constantFrom({ attribute: 'tier', equals: 'gold' }, { property: 'total', gte: 10 }),
            next: target,
          }),
        ),
        target,
      )
      .map(([branches, otherwise]) => [...branches, { otherwise }]),
  }),
  fc.record({ split: fc.array(fc.record({ weight: fc.integer({ min: 1, max: 5 }), next: target }), { minLength: 2 }) }),
  fc.record({ set: fc.constantFrom({ tier: 'gold' }, { tier: null }, { total: '{{event.total}}' }), next }),
  fc.record({
    emit: fc.constantFrom({ event: 'Visited' }, { event: 'Told', properties: { of: '{{contact.tier}}' } }),
    next,
  }),
  fc.record({ enrol: fc.constant({ scenario: 'other' }), next }),
  fc.record({
    webhook: fc.constantFrom(
      { url: 'https://example.com/{{contact.userId}}' },
      { url: 'http://a.example', method: 'GET' },
    ),
    next,
    onError: next,
  }),
);

const listener = fc.record({ event: fc.constantFrom(...EVENTS), where });
const definition = fc
  .record({
    steps: fc
      .tuple(...IDS.map(() => step))
      .map((list) => Object.fromEntries(list.map((each, index) => [IDS[index], each]))),
    exit: fc.array(listener, { maxLength: 2 }),
    goal: fc.option(fc.record({ event: fc.constantFrom(...EVENTS), where, stay: fc.boolean() }), { nil: undefined }),
  })
  .map(
    (lines): Scenario =>
      scenarioSchema.parse({
        scenario: 'trial',
        programme: 'trials',
        name: 'Trial',
        category: 'marketing',
        purpose: 'newsletter',
        sender: 'brand',
        trigger: { event: 'Begun' },
        ...JSON.parse(JSON.stringify(lines)),
      }) as Scenario,
  );

type Input = Exclude<StepInput, { type: 'enter' }>;
const input: fc.Arbitrary<(state: MachineState) => Input> = fc.oneof(
  fc
    .constantFrom('done' as const, 'failed' as const)
    .map((outcome) => (state: MachineState): Input => ({ type: 'called', step: state.value, outcome })),
  fc.constant((): Input => ({ type: 'timer' })),
  fc
    .constantFrom('sent', 'unknown', 'failed', 'blocked', 'expired', 'holdout')
    .map((outcome) => (state: MachineState): Input => ({
      type: 'settled',
      step: state.value,
      outcome: outcome as 'sent',
    })),
  fc
    .record({
      name: fc.constantFrom(...EVENTS, 'Unheard of'),
      total: fc.integer({ min: 0, max: 20 }),
      late: fc.boolean(),
    })
    .map(({ name, total, late }) => (): Input => ({ ...event(name, { total }), late })),
);
const journey = fc.array(input, { maxLength: 12 });
const someone = fc
  .record({ tier: fc.constantFrom('gold', 'none'), renewal: fc.constantFrom('2026-03-20', '2026-01-01', undefined) })
  .map((attributes) =>
    stepContext({
      facts: facts({ contact: contact({ attributes }) }),
      entry: { name: 'Begun', at: 0, properties: { total: 5 } },
    }),
  );

/** Null when the definition goes round in a circle, which is a fault of its own. */
function attempt(run: () => StepResult): StepResult | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof UserError && error.message.includes('goes round in a circle')) return null;
    throw error;
  }
}

function everyStep(
  machine: CompiledScenario,
  inputs: ((state: MachineState) => Input)[],
  context: ReturnType<typeof stepContext>,
) {
  const steps: { before: MachineState | null; input: StepInput; result: StepResult }[] = [];
  let result = attempt(() => machine.enter(context));
  if (result !== null) steps.push({ before: null, input: { type: 'enter' }, result });
  for (const make of inputs) {
    if (result === null) break;
    const before: MachineState = result.state;
    const given = make(before);
    result = attempt(() => machine.step(before, given, context));
    if (result !== null) steps.push({ before, input: given, result });
  }
  return steps;
}

describe('any scenario, any journey', () => {
  test('nobody is ever lost: everybody is in a step or has ended, once, with something that can move him on', () => {
    fc.assert(
      fc.property(definition, journey, someone, (scenario, inputs, context) => {
        let timer = false;
        for (const { before, result } of everyStep(compileScenario(scenario, 1), inputs, context)) {
          const { state, effects, waiting } = result;
          const ended = effects.filter(({ kind }) => kind === 'ended').length;
          const inside = Object.hasOwn(scenario.steps, state.value);
          expect(inside || state.value === 'end').toBe(true);
          expect(ended).toBe(!inside && before?.value !== 'end' ? 1 : 0);
          for (const { kind } of effects) if (kind === 'timer' || kind === 'clear-timer') timer = kind === 'timer';
          const kind = inside ? scenario.steps[state.value]!.kind : 'end';
          expect(['send', 'webhook', 'wait', 'waitFor', 'end']).toContain(kind);
          expect(waiting).toBe(kind === 'wait' || kind === 'waitFor');
          expect(timer).toBe(waiting);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a state survives JSON and goes on the same', () => {
    fc.assert(
      fc.property(definition, journey, someone, (scenario, inputs, context) => {
        const machine = compileScenario(scenario, 1);
        const restored = compileScenario(JSON.parse(JSON.stringify(scenario)) as Scenario, 1);
        for (const { before, input: given, result } of everyStep(machine, inputs, context)) {
          if (given.type === 'enter') continue;
          const state = JSON.parse(JSON.stringify(before)) as MachineState;
          expect(restored.step(state, given, context)).toEqual(result);
        }
      }),
    );
  });

  test('late and unheard-of events change nothing', () => {
    fc.assert(
      fc.property(definition, journey, someone, (scenario, inputs, context) => {
        const machine = compileScenario(scenario, 1);
        for (const { result } of everyStep(machine, inputs, context)) {
          for (const nothing of [event('Unheard of'), ...EVENTS.map((name) => ({ ...event(name), late: true }))]) {
            const after = machine.step(result.state, nothing, context);
            expect(after.state).toBe(result.state);
            expect(after.effects).toEqual([]);
          }
        }
      }),
    );
  });

  test("stepping is what XState's own `transition` does", () => {
    fc.assert(
      fc.property(definition, journey, someone, (scenario, inputs, context) => {
        const built = scenarioMachine(scenario);
        const machine = xstateMachine(built);
        for (const { before, input: given, result } of everyStep(compileScenario(scenario, 1), inputs, context)) {
          if (given.type === 'resume' || given.type === 'enterStep' || (given.type === 'event' && given.late)) continue;
          const type =
            given.type === 'enter'
              ? ENTER
              : given.type === 'timer'
                ? timerType('trial', before!.value)
                : given.type === 'settled'
                  ? SETTLED
                  : given.type === 'called'
                    ? CALLED
                    : eventType(given.event.name);
          const at = given.type === 'event' ? given.event : context.entry!;
          const xevent: MachineEvent = { type, input: given, facts: { ...context.facts, event: at }, context };
          const from = machine.resolveState({ value: before?.value ?? START, context: {} });
          const [moved, actions] = transition(machine, from, xevent);
          expect(moved.value).toBe(result.state.value);
          const kinds = ['entered', 'send', 'set', 'webhook', 'goal', 'ended'];
          const theirs = actions.map((action): string => action.type).filter((kind) => kinds.includes(kind));
          expect(result.effects.map(({ kind }): string => kind).filter((kind) => kinds.includes(kind))).toEqual(theirs);
        }
      }),
    );
  });
});
