import { pathReader } from '../audience/index.ts';
import type { CompiledScenario, EntryEvent, Scenario } from '../scenarios/index.ts';
import { addDuration, parseDuration } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import { sha256, stableFraction } from '../shared/hash.ts';
import { derivedId, type Id } from '../shared/ids.ts';
import type { Enrollment } from './world.ts';

/** Characters of a key. A longer one stands there by its hash: no index could hold it, and no tick could commit. */
const LONGEST_KEY = 255;

export function isLive(enrollment: Enrollment): boolean {
  return enrollment.endedAt === null;
}

/** In the order of entry; at one instant by id, so that both worlds agree (rule D7). */
export function byEntry(a: Enrollment, b: Enrollment): number {
  return a.enteredAt - b.enteredAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * May the contact enter now? One live enrollment a key; after it has ended the scenario's `reentry` decides.
 * `{ after }` is counted from the last entry, in calendar steps of the contact's zone.
 */
export function mayEnter(
  scenario: CompiledScenario,
  key: string,
  enrollments: readonly Enrollment[],
  now: Instant,
  zone: string,
): boolean {
  const { reentry } = scenario.definition;
  let latest: Enrollment | undefined;
  for (const enrollment of enrollments) {
    if (enrollment.scenarioId !== scenario.id || enrollment.key !== key) continue;
    if (isLive(enrollment)) return false;
    if (latest === undefined || enrollment.enteredAt > latest.enteredAt) latest = enrollment;
  }
  if (latest === undefined || reentry === 'always') return true;
  if (reentry === 'never') return false;
  const after = parseDuration(reentry.after);
  return after !== null && addDuration(latest.enteredAt, after, zone) <= now;
}

/** Seen from another version, whose step may have another name: outcomes come under the old one, and what was heard stays so. */
export function inStep(state: Enrollment['state'], step: string): Enrollment['state'] {
  if (state.value === step) return state;
  const { enteredAs = state.value, heard } = state.context;
  return { value: step, context: { enteredAs, ...(heard !== undefined && { heard }) } };
}

/**
 * A new enrollment, before its machine has made its first step.
 * `origin` names what let the contact in (an event, an occurrence year, an idle period), so that the same cause
 * can never make two (rule T5).
 */
export function newEnrollment(
  scenario: CompiledScenario,
  contactId: Id,
  key: string,
  origin: string,
  entry: EntryEvent | null,
  now: Instant,
): Enrollment {
  return {
    id: derivedId(contactId, 'enrollment', scenario.id, key, origin),
    contactId,
    scenarioId: scenario.id,
    scenarioVersion: scenario.version,
    key,
    status: 'active',
    state: { value: '', context: {} },
    entry,
    enteredAt: now,
    stepEnteredAt: now,
    endedAt: null,
    convertedAt: null,
    dueAt: null,
    planned: 0,
    reason: null,
  };
}

/**
 * The value that tells several live enrollments of one contact apart; empty without `key`, null when the event carries
 * none: it has nothing there, or an empty text, as some clients write it.
 */
export function keyOf(scenario: CompiledScenario, event: Pick<EntryEvent, 'properties'> | null): string | null {
  const { key } = scenario.definition;
  if (key === undefined) return '';
  const value = pathReader(key)({ properties: event?.properties ?? {} });
  if ((typeof value !== 'string' && typeof value !== 'number') || value === '') return null;
  const text = String(value);
  return text.length <= LONGEST_KEY ? text : `sha256:${sha256(text)}`;
}

/**
 * Whether an event is about this passage: in a scenario with a `key`, one that carries the same key, or none. A passage
 * that entered before its scenario had a key hears all.
 */
export function isAbout(
  { key }: Enrollment,
  scenario: CompiledScenario,
  event: Pick<EntryEvent, 'properties'>,
): boolean {
  if (scenario.definition.key === undefined || key === '') return true;
  const carried = keyOf(scenario, event);
  return carried === null || carried === key;
}

/** Whether the contact is of the share that enters, is measured, and receives nothing. */
export function inHoldout({ scenario, holdout = 0 }: Scenario, contactId: Id): boolean {
  return holdout > 0 && stableFraction('holdout', scenario, contactId) < holdout;
}
