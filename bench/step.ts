import { readFileSync } from 'node:fs';
import path from 'node:path';
import { transition, type AnyMachineSnapshot } from 'xstate';
import { NO_AUDIENCES } from '../src/audience/index.ts';
import { newContact } from '../src/contacts/index.ts';
import {
  compileScenario,
  parseScenario,
  type Scenario,
  type StepContext,
  type StepInput,
} from '../src/scenarios/index.ts';
import { ENTER, SETTLED, START, timerType } from '../src/scenarios/machine-event.ts';
import { xstateMachine } from '../src/scenarios/runner.ts';
import { scenarioMachine } from '../src/scenarios/scenario-machine.ts';
import { mustBe, type Figure } from './figure.ts';
import { FIXTURES } from './service.ts';
import { sideBySide } from './side-by-side.ts';

const NOW = Date.UTC(2026, 2, 1, 8);
const LATER = NOW + 3 * 86_400_000;
const CONTACT_ID = '4c5bb60e-8c50-57eb-8032-f1b6483b02a4';
const HANDED_OVER = { type: 'settled', step: 'hello', outcome: 'sent' } as const;
const REMINDED = { type: 'settled', step: 'remind', outcome: 'sent' } as const;

/**
 * Steps of the welcome machine a second: somebody enters, the mail is handed over, three days pass, the history is
 * asked, the reminder is handed over. Pure, one core. Against XState's own function on the same machine.
 */
export const step: Figure = async () => {
  const file = path.join(FIXTURES, 'scenarios', 'welcome', 'bench-welcome.yaml');
  const { scenario } = parseScenario(readFileSync(file, 'utf8'), file).parsed!;
  const [value, reference] = sideBySide(withSteps(scenario), withTransitions(scenario));
  return [{ figure: 'step', value, unit: 'steps/s', reference: { label: 'transition()', value: reference } }];
};

function withSteps(scenario: Scenario): () => number {
  const compiled = compileScenario(scenario, 1);
  return () => {
    let { state } = compiled.enter(contextAt(NOW));
    ({ state } = compiled.step(state, HANDED_OVER, contextAt(NOW)));
    ({ state } = compiled.step(state, { type: 'timer' }, contextAt(LATER)));
    ({ state } = compiled.step(state, REMINDED, contextAt(LATER)));
    mustBe('state after the last step', state.value, 'end');
    return 4;
  };
}

/** Nothing is read from a stored state, and nothing is made of the actions. */
function withTransitions(scenario: Scenario): () => number {
  const machine = xstateMachine(scenarioMachine(scenario));
  const start: AnyMachineSnapshot = machine.resolveState({ value: START, context: {} });
  const event = (type: string, input: StepInput, context: StepContext): object => ({
    type,
    input,
    context,
    facts: context.facts,
  });
  return () => {
    let [next] = transition(machine, start, event(ENTER, { type: 'enter' }, contextAt(NOW)) as never);
    [next] = transition(machine, next, event(SETTLED, HANDED_OVER, contextAt(NOW)) as never);
    [next] = transition(
      machine,
      next,
      event(timerType(scenario.scenario, 'pause'), { type: 'timer' }, contextAt(LATER)) as never,
    );
    [next] = transition(machine, next, event(SETTLED, REMINDED, contextAt(LATER)) as never);
    mustBe('state after the last transition', (next as AnyMachineSnapshot).value, 'end');
    return 4;
  };
}

function contextAt(now: number): StepContext {
  const contact = newContact(CONTACT_ID, 'user-0', NOW);
  const facts = {
    now,
    contact,
    zone: 'Europe/London',
    history: [],
    consents: [],
    messages: [],
    audiences: NO_AUDIENCES,
    brandOf: new Map<string, string>(),
  };
  return { facts, enrollmentId: CONTACT_ID, enteredAt: NOW, entry: null };
}
