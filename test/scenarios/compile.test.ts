import { compileScenario } from '../../src/scenarios/compile.ts';
import type { StepInput, StepResult } from '../../src/scenarios/machine.ts';
import type { Scenario } from '../../src/scenarios/scenario.schema.ts';
import { UserError } from '../../src/shared/errors.ts';
import { at, compiled, contact, event, facts, scenario, settled, START, stepContext, walk } from './journey.ts';

const last = (results: StepResult[]): StepResult => results.at(-1)!;

const LISTENING = `
trigger: { event: Begun, where: { property: form, equals: newsletter } }
audience: { attribute: country, in: [FR, BE] }
exit:
  - event: Account Closed
  - { event: Complained, where: { property: grave, equals: true } }
goal: { event: Order Completed, within: 14d }
steps:
  hello: { send: { channel: email, template: mail-a } }
  pause: { wait: 2d }
  order: { waitFor: { event: Order Completed, where: { property: total, gte: 10 } }, timeout: 5d, onEvent: thanks, onTimeout: end }
  closed: { waitFor: { event: Account Closed }, timeout: 5d }
  thanks: { wait: 1d }
`;

/** Inputs that lead into each step. */
const INTO: Record<string, Exclude<StepInput, { type: 'enter' }>[]> = {
  hello: [],
  pause: [settled('hello', 'sent')],
  order: [settled('hello', 'sent'), { type: 'timer' }],
};

describe('exit and goal', () => {
  const machine = compiled(LISTENING);

  describe.each(Object.keys(INTO))('in step %s', (step) => {
    const after = (input: Exclude<StepInput, { type: 'enter' }>): StepResult =>
      last(walk(machine, [...INTO[step]!, input]));
    const timer = step === 'hello' ? [] : [{ kind: 'clear-timer' }];

    test('an exit event leaves at once', () => {
      expect(after(event('Account Closed'))).toEqual({
        state: { value: 'end', context: {} },
        effects: [...timer, { kind: 'ended', status: 'exited', reason: 'Account Closed' }],
        waiting: false,
      });
    });

    test('an exit event that does not satisfy its `where` is nothing', () => {
      expect(after(event('Complained', { grave: false })).state.value).toBe(step);
      expect(after(event('Complained', { grave: true })).state.value).toBe('end');
    });

    test('the goal ends it as converted, before a waitFor of the same event', () => {
      expect(after(event('Order Completed', { total: 50 })).effects).toEqual([
        ...timer,
        { kind: 'goal' },
        { kind: 'ended', status: 'converted' },
      ]);
    });

    test('a late event moves nothing', () => {
      expect(after({ ...event('Account Closed'), late: true })).toMatchObject({ state: { value: step }, effects: [] });
    });
  });

  test('the goal counts within calendar days of the entry, and afterwards the waitFor has the event', () => {
    const inTime = at('2026-03-16T09:00:00+01:00');
    const into = INTO['order']!;
    expect(last(walk(machine, [...into, event('Order Completed', { total: 50 }, inTime)])).state.value).toBe('end');
    expect(last(walk(machine, [...into, event('Order Completed', { total: 50 }, inTime + 1)])).state.value).toBe(
      'thanks',
    );
  });

  test('an exit outranks a waitFor of the same event', () => {
    const state = { value: 'closed', context: {} };
    expect(machine.step(state, event('Account Closed'), stepContext()).effects.at(-1)).toMatchObject({
      status: 'exited',
    });
  });

  test('one event that is both goal and exit is a conversion', () => {
    const both = compiled('{ goal: { event: Ordered }, exit: [{ event: Ordered }], steps: { pause: { wait: 2d } } }');
    expect(last(walk(both, [event('Ordered')])).effects.at(-1)).toEqual({ kind: 'ended', status: 'converted' });
  });

  describe('a goal with `stay`', () => {
    const staying = compiled(`
goal: { event: Ordered, stay: true, where: { property: total, gte: 10 } }
exit: [{ event: Ordered, where: { property: total, gte: 100 } }]
steps:
  pause: { waitFor: { event: Ordered, where: { property: total, gte: 20 } }, timeout: 5d, onEvent: thanks, onTimeout: end }
  thanks: { wait: 1d }
`);
    const after = (total: number): StepResult => last(walk(staying, [event('Ordered', { total })]));

    test('is recorded, and nothing moves', () => {
      expect(after(5)).toMatchObject({ state: { value: 'pause' }, effects: [] });
      expect(after(10)).toMatchObject({ state: { value: 'pause' }, effects: [{ kind: 'goal' }], waiting: true });
    });

    test('lets the same event satisfy a waitFor, or an exit', () => {
      expect(after(20)).toMatchObject({ state: { value: 'thanks' } });
      expect(after(20).effects.filter(({ kind }) => kind === 'goal')).toHaveLength(1);
      expect(after(100).effects.slice(-2)).toEqual([
        { kind: 'goal' },
        { kind: 'ended', status: 'exited', reason: 'Ordered' },
      ]);
    });
  });
});

describe('a compiled scenario', () => {
  const machine = compiled(LISTENING);

  test('says what it asks for', () => {
    const asking = compiled(`
audience: { event: Logged In, within: 30d }
goal: { event: Order Completed }
steps:
  way: { choose: [{ when: { any: [{ event: Refunded }, { not: { event: Logged In } }] }, next: end }, { otherwise: visit }] }
  visit: { waitFor: { event: Product Viewed }, timeout: 1d }
`);
    expect([...asking.historyNames].sort()).toEqual(['Logged In', 'Refunded']);
    expect([...asking.listensTo].sort()).toEqual(['Order Completed', 'Product Viewed']);
    expect(asking.needsMessages).toBe(false);
    expect(compiled('{ audience: { message: {}, is: sent }, steps: { a: { wait: 1d } } }').needsMessages).toBe(true);
  });

  test('admits by the filter of its trigger and its audience', () => {
    const admits = (country: string, form: string): boolean =>
      machine.admits(
        facts({ contact: contact({ country }), event: { name: 'Begun', at: START, properties: { form } } }),
      );
    expect([admits('FR', 'newsletter'), admits('DE', 'newsletter'), admits('FR', 'contact')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('returns the very same state for what it does not listen to', () => {
    const state = { value: 'order', context: {} };
    const inputs = [event('Other'), event('xstate.init'), event('*'), event('event:*'), settled('order', 'sent')];
    for (const input of inputs) {
      expect(machine.step(state, input, stepContext())).toEqual({ state, effects: [], waiting: true });
      expect(machine.step(state, input, stepContext()).state).toBe(state);
    }
    expect(
      machine.step(state, event('Order Completed', { total: 1 }, at('2027-01-01T00:00:00Z')), stepContext()).state,
    ).toBe(state);
  });

  test('does nothing once it has ended', () => {
    const state = { value: 'end', context: {} };
    for (const input of [event('Account Closed'), { type: 'timer' } as const, settled('hello', 'sent')]) {
      expect(machine.step(state, input, stepContext())).toEqual({ state, effects: [], waiting: false });
    }
  });

  test.each(['gone', '(start)', '__proto__'])('a state of another version (%s) is a clear error', (value) => {
    for (const input of [event('Account Closed'), { type: 'timer' } as const]) {
      expect(() => machine.step({ value, context: {} }, input, stepContext())).toThrow(
        new UserError(`Scenario trial, version 1 has no step "${value}": the enrollment belongs to another version`),
      );
    }
  });

  test("events may have any name, XState's wildcards included", () => {
    const odd = compiled(
      '{ exit: [{ event: "*" }, { event: "a.*" }, { event: "xstate.done" }], steps: { pause: { wait: 2d } } }',
    );
    expect(last(walk(odd, [event('b'), event('a.b')])).state.value).toBe('pause');
    for (const name of ['*', 'a.*', 'xstate.done']) expect(last(walk(odd, [event(name)])).state.value).toBe('end');
  });

  test('a step that leads to itself is entered anew', () => {
    const again = compiled('steps: { pause: { wait: 2d, next: pause } }');
    const [entered, result] = walk(again, [{ type: 'timer' }]);
    expect(result!.effects).toEqual([{ kind: 'clear-timer' }, ...entered!.effects]);
  });

  test('step ids may be words that machines and JavaScript use', () => {
    const words = compiled(
      'steps: { send: { wait: 1d }, goal: { set: { a: 1 } }, class: { wait: 1d }, enter: { wait: 1d } }',
    );
    const results = walk(words, [{ type: 'timer' }, { type: 'timer' }, { type: 'timer' }]);
    expect(results.map(({ state }) => state.value)).toEqual(['send', 'class', 'enter', 'end']);
  });

  test('a circle without a wait is a clear fault, not a hang', () => {
    const circle = compiled('steps: { a: { set: { x: 1 }, next: b }, b: { set: { y: 1 }, next: a } }');
    expect(() => circle.enter(stepContext())).toThrow(
      /Scenario trial, version 1 goes round in a circle without waiting: (a → b → a|b → a → b)\. Put a wait into it/,
    );
  });

  test('a step that leads to itself without a wait is one as well', () => {
    const circle = compiled('steps: { a: { choose: [{ otherwise: a }] } }');
    expect(() => circle.enter(stepContext())).toThrow(
      'goes round in a circle without waiting: a → a. Put a wait into it.',
    );
  });

  test('three hundred steps behave, all in one call', () => {
    const steps = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [`step-${n}`, { kind: 'set' as const, attributes: { [`a${n}`]: n } }]),
    );
    const long = compileScenario({ ...scenario('steps: { a: { wait: 1d } }'), steps } as Scenario, 1);
    const result = long.enter(stepContext());
    expect(result.state.value).toBe('end');
    expect(result.effects.filter(({ kind }) => kind === 'set')).toHaveLength(300);
  });
});
