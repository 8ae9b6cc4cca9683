import type { Sql } from '../../database/index.ts';
import { loadContacts, loadSends, lookAtMessages } from '../../engine/index.ts';
import { sendsSince, type JudgeFacts, type Message, type PolicyVersion } from '../../gate/index.ts';
import { readPublished } from '../../scenarios/index.ts';
import { monthOf, type Instant } from '../../shared/clock.ts';
import { contactIdOf, laneOf } from '../../shared/ids.ts';
import type { Asked } from './candidate.ts';
import { outlook, type Outlook } from './outlook.ts';

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
  const { policy } = await readPublished(sql);
  const month = monthOf(now + DAY);
  const sends = await sql.run(loadSends, [...keys, month, sendsSince(policy, now)]);
  const waiting: Message[] = await sql.run(lookAtMessages, [...keys, month]);
  const facts: JudgeFacts = {
    contact,
    consents: [],
    suppressions: [],
    sends,
    planned: [],
    inside: [],
    ownLimits: maxPerWeek === null && pauseUntil === null ? null : { maxPerWeek, pauseUntil },
    past: { sales: [], spent: [] },
  };
  return { outlook: outlook(facts, waiting, policy, asked, now), policy };
}
