import { contactZone } from '../../calendar/index.ts';
import { audienceNames, historyNames, type Condition, type Facts } from '../../audience/index.ts';
import { OBJECTION } from '../../consent/index.ts';
import type { Sql } from '../../database/index.ts';
import {
  loadConsents,
  loadContacts,
  loadEnrollments,
  loadHistory,
  loadPastMessages,
  loadSuppressions,
  loadWatches,
} from '../../engine/index.ts';
import { readPublished, type Scenario } from '../../scenarios/index.ts';
import { monthOf, type Instant } from '../../shared/clock.ts';
import { contactIdOf, laneOf } from '../../shared/ids.ts';
import type { ExplainedMessage } from '../explanation.ts';
import { messagesOf, type Explained } from '../messages.store.ts';
import { whyAbsent, type Finding } from './findings.ts';
import { isRestricted, latestEvent, scenarioStanding } from './sql/absence.ts';

const DAY = 86_400_000;
/** Messages of the contact that are looked through for those of the scenario. */
const MESSAGES = 200;

export interface Absence {
  scenario: string;
  findings: Finding[];
  /** What the scenario planned for the contact, newest first, among its latest messages. */
  messages: ExplainedMessage[];
  in: Explained['in'];
}

/**
 * Why a contact is not in a scenario, or what became of what it was to get; null when there is no such contact. Throws
 * UserError for a scenario that was never published.
 */
export async function contactAbsence(
  sql: Sql,
  userId: string,
  scenario: string,
  now: Instant,
): Promise<Absence | null> {
  const id = contactIdOf(userId);
  const key = [laneOf(id), id] as const;
  const keys = [[laneOf(id)], [id]];
  const [row] = await sql.run(loadContacts, keys);
  const published = await readPublished(sql);
  const { policy } = published;
  const { definition } = published.scenario(scenario);
  if (row === undefined) return null;
  const { maxPerWeek: _week, pauseUntil: _pause, ...contact } = row;
  const month = monthOf(now + DAY);
  const names = [...namesIn(definition, policy.compiled.audiences)];
  const facts: Facts = {
    now,
    contact,
    zone: contactZone(contact, policy.policy.timezone),
    history: await sql.run(loadHistory, [names.map(() => key[0]), names.map(() => id), names, month]),
    consents: await sql.run(loadConsents, keys),
    messages: await sql.run(loadPastMessages, [...keys, month]),
    audiences: policy.compiled.audiences,
    brandOf: policy.compiled.brandOf,
  };
  const [standing] = await sql.run(scenarioStanding, [scenario]);
  const { trigger } = definition;
  const suppressions = await sql.run(loadSuppressions, keys);
  const enrollments = await sql.run(loadEnrollments, [...keys, [scenario]]);
  const watches = await sql.run(loadWatches, keys);
  const [restriction] = await sql.run(isRestricted, [...key]);
  const found = await messagesOf(sql, id, MESSAGES, null);
  return {
    scenario,
    findings: whyAbsent({
      facts,
      policy,
      definition,
      since: standing!.since!,
      retired: standing!.retired,
      restricted: restriction!.restricted,
      objects: suppressions.some(({ reason }) => reason === OBJECTION),
      enrollments: enrollments.filter(({ scenarioId }) => scenarioId === scenario),
      events: trigger.kind === 'event' ? await sql.run(latestEvent, [...key, trigger.event]) : [],
      watch: watches.find(({ scenarioId }) => scenarioId === scenario),
    }),
    messages: found.messages.filter(({ message }) => message.scenarioId === scenario),
    in: found.in,
  };
}

/** Past events that the scenario's ways in ask for, by themselves or by the audiences they name. */
function namesIn({ trigger, audience }: Scenario, audiences: Facts['audiences']): Set<string> {
  const conditions: Condition[] = [
    ...(audience === undefined ? [] : [audience]),
    ...(trigger.kind === 'event' && trigger.where !== undefined ? [trigger.where] : []),
    ...(trigger.kind === 'audience' ? [trigger.condition] : []),
  ];
  const names = conditions.flatMap((condition) => [...historyNames(condition)]);
  const named = conditions.flatMap((condition) => [...audienceNames(condition)]);
  return new Set([...names, ...named.flatMap((name) => [...(audiences.get(name)?.historyNames ?? [])])]);
}
