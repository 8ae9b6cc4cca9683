import { attributeOf } from '../audience/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { Enrollment } from '../engine/index.ts';
import { describeTrigger, type Scenario } from '../scenarios/index.ts';
import { formatInstant } from '../shared/clock.ts';

/** Why a scenario that was asked did not let the contact in. `admitted`: its filter and audience would have. */
export function whyNotEntered(scenario: Scenario, admitted: boolean, enrollments: Iterable<Enrollment>): string {
  if (!admitted) return 'its trigger or audience does not take this contact';
  const own = [...enrollments].filter(({ scenarioId }) => scenarioId === scenario.scenario);
  const live = own.find(({ endedAt }) => endedAt === null);
  if (live !== undefined) return `is inside since ${formatInstant(live.enteredAt)}, in step ${live.state.value}`;
  const last = own.sort((a, b) => a.enteredAt - b.enteredAt).at(-1);
  if (last === undefined) return `the event has no value for its key ${scenario.key ?? ''}`.trimEnd();
  const { reentry } = scenario;
  const rule = typeof reentry === 'string' ? reentry : `${reentry.after} after the last entry`;
  return `has been in it, last from ${formatInstant(last.enteredAt)}; re-entry: ${rule}`;
}

/** Why nothing even asked the scenario. */
export function whyNobodyEntered(scenario: Scenario, contact: Contact): string {
  const { trigger } = scenario;
  if (trigger.kind === 'date' && (attributeOf(contact, trigger.date) ?? null) === null)
    return `the contact has no ${trigger.date}`;
  if (trigger.kind === 'audience')
    return `nothing let the contact in: it enters ${describeTrigger(trigger)}, not while it is so already`;
  return `nothing let the contact in: it enters ${describeTrigger(trigger)}`;
}
