import type { Sql } from '../../database/index.ts';
import {
  inOrder,
  loadConsents,
  loadContacts,
  loadEnrollments,
  loadSends,
  loadSuppressions,
  lookAtMessages,
  passages,
  sendsToSharers,
  timedSends,
  type Versions,
} from '../../engine/index.ts';
import { plannedSend, sendsSince, type JudgeFacts, type Message, type PolicyVersion } from '../../gate/index.ts';
import { asIfLeft } from '../../pressure/index.ts';
import { compileScenario, readPublished, type Published } from '../../scenarios/index.ts';
import { monthOf, type Instant } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { contactIdOf, laneOf } from '../../shared/ids.ts';
import type { Asked } from './candidate.ts';
import { outlook, type Outlook } from './outlook.ts';
import { countSent } from './sql/sent.ts';

const DAY = 86_400_000;

/** A contact's outlook by the policy in force; null when there is no such contact. A fixed number of statements. */
export async function contactOutlook(
  sql: Sql,
  userId: string,
  asked: Asked,
  now: Instant,
): Promise<{ outlook: Outlook; policy: PolicyVersion } | null> {
  const id = contactIdOf(userId);
  const keys = [[laneOf(id)], [id]];
  const [row] = await sql.run(loadContacts, keys);
  if (row === undefined) return null;
  const { maxPerWeek, pauseUntil, ...contact } = row;
  const published = await readPublished(sql);
  const { policy } = published;
  const latest = now + DAY;
  const since = sendsSince(policy, now);
  const own = await sql.run(loadSends, [...keys, monthOf(latest), since]);
  const others = await sendsToSharers(sql, contact, since, latest);
  const waiting: Message[] = await sql.run(lookAtMessages, [...keys, monthOf(latest)]);
  const enrollments = await sql.run(loadEnrollments, [...keys, []]);
  const versions = versionsOf(published);
  const held = waiting.filter(({ status, dueAt }) => status === 'held' && dueAt > now);
  const facts: JudgeFacts = {
    contact,
    consents: await sql.run(loadConsents, keys),
    suppressions: await sql.run(loadSuppressions, keys),
    // What is in the air will have left.
    sends: asIfLeft(others.length === 0 ? own : inOrder([...own, ...others])),
    planned: [...held.map(plannedSend), ...timedSends(enrollments, versions, now)],
    inside: passages(enrollments, versions),
    ownLimits: maxPerWeek === null && pauseUntil === null ? null : { maxPerWeek, pauseUntil },
    past: { sales: [], spent: [] },
  };
  const sent = await sql.run(countSent, [laneOf(id), id, now]);
  return { outlook: outlook(facts, waiting, policy, asked, now, { sent, shared: others.length }), policy };
}

/** The versions that the contact is in, compiled as the engine does. */
function versionsOf(published: Published): Versions {
  return {
    policy: published.policy,
    scenario(id, version) {
      try {
        return compileScenario(published.scenario(id, version).definition, version);
      } catch (error) {
        // A version that cannot be read any more says nothing of what it will send.
        if (error instanceof UserError) return undefined;
        throw error;
      }
    },
  };
}
