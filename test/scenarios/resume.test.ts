import type { StepResult } from '../../src/scenarios/machine.ts';
import { at, compiled, contact, facts, START, stepContext } from './journey.ts';

const HOUR = 3_600_000;
const NOW = START + 26 * HOUR;

/** Taken over now in step `pause`, entered 26 hours ago. */
function resumed(step: string, traits: Record<string, unknown> = {}): StepResult {
  const machine = compiled(`
steps:
  pause: { ${step} }
  after: { wait: 1h }
  instead: { wait: 2h }
`);
  const context = stepContext({ facts: facts({ now: NOW, contact: contact(traits) }) });
  const state = { value: 'pause', context: {} };
  return machine.step(state, { type: 'resume', since: START, notBefore: context.facts.now }, context);
}

describe('a timer is recomputed from the moment the step was entered', () => {
  test.each([
    ['a longer wait, in calendar steps', 'wait: 3d', '2026-03-05T09:00:00+01:00'],
    ['a shorter wait that is past is due now', 'wait: 1d', '2026-03-03T11:00:00+01:00'],
    ['the next time of day after the entry, past', 'wait: { until: { time: "18:00" } }', '2026-03-03T11:00:00+01:00'],
    ['a day of the week', 'wait: { until: { weekday: friday, time: "10:00" } }', '2026-03-06T10:00:00+01:00'],
    ['a timeout', 'waitFor: { event: Bought }, timeout: 2d, onTimeout: instead', '2026-03-04T09:00:00+01:00'],
  ])('%s', (_what, step, due) => {
    expect(resumed(step)).toEqual({
      state: { value: 'pause', context: {} },
      effects: [{ kind: 'timer', dueAt: at(due) }],
      waiting: true,
    });
  });

  test('a step without a timer rests without one', () => {
    const { effects, waiting } = resumed('send: { channel: email, template: mail-a }');
    expect([effects, waiting]).toEqual([[{ kind: 'clear-timer' }], false]);
  });
});

describe('a wait for a date of the contact', () => {
  const step = 'wait: { until: { attribute: renewal }, ifMissing: instead, ifPast: end }';

  test.each([
    ['to come', '2026-03-20', '2026-03-20T00:00:00+01:00'],
    ['passed while the contact waited: due now', '2026-03-03', '2026-03-03T11:00:00+01:00'],
  ])('%s', (_what, renewal, due) => {
    const { state, effects } = resumed(step, { attributes: { renewal } });
    expect([state.value, effects]).toEqual(['pause', [{ kind: 'timer', dueAt: at(due) }]]);
  });

  test('a missing date never means now: it takes its own way, and the next timer counts from now', () => {
    const { state, effects } = resumed(step);
    expect(state.value).toBe('instead');
    expect(effects).toContainEqual({ kind: 'timer', dueAt: NOW + 2 * HOUR });
  });

  test('a date that was past already when the step was entered does so too', () => {
    expect(resumed(step, { attributes: { renewal: '2026-03-01' } }).effects).toContainEqual({
      kind: 'ended',
      status: 'completed',
    });
  });
});

test('a step that the version does not have is a fault', () => {
  const machine = compiled('steps: { pause: { wait: 1d } }');
  const state = { value: 'gone', context: {} };
  expect(() => machine.step(state, { type: 'resume', since: START, notBefore: START }, stepContext())).toThrow(
    'has no step "gone"',
  );
});
