import { parse } from 'yaml';
import type { Contact } from '../../src/contacts/index.ts';
import { newContact } from '../../src/contacts/index.ts';
import type { CustomerEvent } from '../../src/events/index.ts';
import { NO_AUDIENCES, type Facts } from '../../src/audience/index.ts';
import { compileScenario } from '../../src/scenarios/compile.ts';
import type { CompiledScenario, StepContext, StepInput, StepResult } from '../../src/scenarios/machine.ts';
import { scenarioSchema, type Scenario } from '../../src/scenarios/scenario.schema.ts';
import { derivedId } from '../../src/shared/ids.ts';

export const CONTACT_ID = '3f000000-0000-5000-8000-000000000001';
/** 2 March 2026, 09:00 in Paris. */
export const START = Date.parse('2026-03-02T09:00:00+01:00');

/** A scenario from the lines that matter to a test. */
export function scenario(lines: string): Scenario {
  const head = {
    scenario: 'trial',
    programme: 'trials',
    name: 'Trial',
    category: 'marketing',
    purpose: 'newsletter',
    sender: 'brand',
  };
  return scenarioSchema.parse({ ...head, trigger: { event: 'Begun' }, ...(parse(lines) as object) }) as Scenario;
}

export function compiled(lines: string): CompiledScenario {
  return compileScenario(scenario(lines), 1);
}

export function contact(fields: Partial<Contact> = {}): Contact {
  return { ...newContact(CONTACT_ID, 'ada', START), timezone: 'Europe/Paris', country: 'FR', ...fields };
}

export function facts(fields: Partial<Facts> = {}): Facts {
  return {
    now: START,
    contact: contact(),
    zone: 'Europe/Paris',
    history: [],
    consents: [],
    messages: [],
    audiences: NO_AUDIENCES,
    brandOf: new Map(),
    ...fields,
  };
}

export function stepContext(fields: Partial<StepContext> & { facts?: Facts } = {}): StepContext {
  return {
    facts: facts(),
    enrollmentId: '3f000000-0000-8000-8000-000000000002',
    enteredAt: START,
    entry: null,
    ...fields,
  };
}

export function customerEvent(name: string, properties: Record<string, unknown> = {}, at = START): CustomerEvent {
  const id = derivedId(CONTACT_ID, 'event', name, at);
  return {
    id,
    contactId: CONTACT_ID,
    seq: 1,
    type: 'track',
    userId: 'ada',
    name,
    at,
    receivedAt: at,
    properties,
    historical: false,
    active: true,
  };
}

export const event = (
  name: string,
  properties: Record<string, unknown> = {},
  at = START,
): StepInput & { type: 'event' } => ({
  type: 'event',
  event: customerEvent(name, properties, at),
  late: false,
});

/** Enters and feeds the inputs one after another; every result, the entry's first. The state goes through JSON between steps. */
export function walk(
  machine: CompiledScenario,
  inputs: Exclude<StepInput, { type: 'enter' }>[],
  context = stepContext(),
): StepResult[] {
  const results = [machine.enter(context)];
  for (const input of inputs) {
    const state = JSON.parse(JSON.stringify(results.at(-1)!.state)) as StepResult['state'];
    results.push(machine.step(state, input, context));
  }
  return results;
}

export const settled = (step: string, outcome: 'sent' | 'unknown' | 'failed' | 'blocked' | 'expired' | 'holdout') =>
  ({ type: 'settled', step, outcome }) as const;

export const at = (text: string): number => Date.parse(text);
