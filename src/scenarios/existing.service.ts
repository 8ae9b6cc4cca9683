import {
  addDuration,
  contactZone,
  durationMs,
  parseDuration,
  subtractDuration,
  type Duration,
} from '../calendar/index.ts';
import type { Sql } from '../database/index.ts';
import { parsePolicy, type Policy } from '../gate/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { lineAnew, spreadOf, turnAt, type Existing } from './existing.schema.ts';
import { parseScenario } from './parse.ts';
import type { PublishPlan } from './plan.ts';
import type { InactivityTrigger, Scenario } from './scenario.schema.ts';
import { contactPlaces, countExisting, inactivityLine, lineUpExisting } from './sql/existing.ts';
import { VersionStore } from './version.store.ts';
import { watchChanges, type PublishedBefore } from './watched.ts';

const DAY = 86_400_000;
/** By more than this no calendar step back misses the instant from which it led there. */
const SLACK = 5 * DAY;

/** Those whose idle period has run out before a scenario with an inactivity trigger is published. */
export interface ExistingCrowd {
  scenario: string;
  inactivity: string;
  people: number;
  existing: Existing;
  /** When the last of them has its turn; null where they are not spread. */
  last: Instant | null;
  /** The messages of its steps, in their order. */
  sends: { step: string; channel: string; template: string }[];
}

type PolicyPlace = Pick<Policy, 'timezone' | 'lateEvents'>;

/** Who is concerned by what a plan publishes: one scenario each, none without anybody. Reads the whole base. */
export async function existingCrowds(sql: Sql, plan: PublishPlan, now: Instant): Promise<ExistingCrowd[]> {
  const store = new VersionStore(sql);
  const before = { scenarios: await store.scenarioSources(), policy: await store.policySource() };
  const crowds: ExistingCrowd[] = [];
  for (const id of watchChanges(plan, before).begin) {
    const { scenario, policy } = definitionAfter(id, plan, before);
    if (scenario.trigger.kind !== 'inactivity') continue;
    const [row] = await sql.run(countExisting, await passedBy(sql, scenario, scenario.trigger, policy, now));
    const { existing, inactivity } = scenario.trigger;
    const people = row!.people;
    const perDay = spreadOf(existing);
    const sends = Object.entries(scenario.steps).flatMap(([step, definition]) =>
      definition.kind === 'send' ? [{ step, channel: definition.channel, template: definition.template }] : [],
    );
    const last = perDay === null ? null : turnAt(now, people - 1, perDay);
    if (people > 0) crowds.push({ scenario: id, inactivity, people, existing, last, sends });
  }
  return crowds;
}

/**
 * Has every contact looked at by the trigger of a scenario that is published at `now`. Those whose idle period has run
 * out by then are remembered where `existing` says something of them, and lined up where it spreads them, those active
 * last first. Statements for the whole base, in the transaction of the publication.
 */
export async function beginWatching(sql: Sql, scenario: Scenario, policy: PolicyPlace, now: Instant): Promise<void> {
  const { trigger } = scenario;
  const store = new VersionStore(sql);
  const isTreated = trigger.kind === 'inactivity' && trigger.existing !== 'enter';
  await store.lookAtEveryContact(scenario.scenario, now, isTreated ? { existing: { at: now } } : {});
  const perDay = trigger.kind === 'inactivity' ? spreadOf(trigger.existing) : null;
  if (trigger.kind !== 'inactivity' || perDay === null) return;
  const [known] = await sql.run(inactivityLine, [scenario.scenario]);
  const { since, taken } = known === undefined ? { since: now, taken: 0 } : lineAnew(known, perDay, now);
  await sql.run(lineUpExisting, [...(await passedBy(sql, scenario, trigger, policy, now)), since, perDay, taken, now]);
}

/** The same for a scenario of a plan that is being carried out. */
export async function beginWatchingAfter(
  sql: Sql,
  id: string,
  plan: PublishPlan,
  before: PublishedBefore,
  now: Instant,
): Promise<void> {
  const { scenario, policy } = definitionAfter(id, plan, before);
  await beginWatching(sql, scenario, policy, now);
}

/** A scenario and the policy as they are once a plan is carried out. */
function definitionAfter(
  id: string,
  plan: PublishPlan,
  before: PublishedBefore,
): { scenario: Scenario; policy: Policy } {
  const newest = before.scenarios.filter((each) => each.id === id).sort((a, b) => b.version - a.version)[0];
  const source = plan.scenarios.find((change) => change.id === id)?.content?.source ?? newest?.source ?? '';
  const scenario = parseScenario(source, '').parsed?.scenario;
  const policy = parsePolicy(plan.policy?.content?.source ?? before.policy ?? '', '').value;
  if (scenario === undefined || policy === undefined) throw new UserError(`Scenario ${id} cannot be read any more`);
  return { scenario, policy };
}

/** The values of the statements about those whose idle period has run out. */
async function passedBy(
  sql: Sql,
  { scenario }: Scenario,
  trigger: InactivityTrigger,
  policy: PolicyPlace,
  now: Instant,
): Promise<unknown[]> {
  const length = parseDuration(trigger.inactivity)!;
  const places = new Map<string, { timezone: string; country: string; cutoff: Instant }>();
  for (const place of await sql.run(contactPlaces)) {
    const [timezone, country] = [place.timezone ?? '', place.country ?? ''];
    const cutoff = latestIdle(length, now, contactZone(place, policy.timezone));
    places.set(JSON.stringify([timezone, country]), { timezone, country, cutoff });
  }
  const all = [...places.values()];
  return [
    scenario,
    trigger.activity,
    trigger.neverActive,
    all.map(({ timezone }) => timezone),
    all.map(({ country }) => country),
    all.map(({ cutoff }) => cutoff),
    durationMs(length),
    durationMs(parseDuration(policy.lateEvents)!),
    monthOf(now + DAY),
  ];
}

/** The latest activity whose idle period has run out at `now`: later ones run out later. */
function latestIdle(length: Duration, now: Instant, zone: string): Instant {
  const about = subtractDuration(now, length, zone);
  let [passed, open] = [about - SLACK, about + SLACK];
  while (open - passed > 1) {
    const middle = Math.floor((passed + open) / 2);
    if (addDuration(middle, length, zone) <= now) passed = middle;
    else open = middle;
  }
  return passed;
}
