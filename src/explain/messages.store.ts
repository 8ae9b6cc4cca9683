import { contactZone } from '../calendar/index.ts';
import type { Sql } from '../database/index.ts';
import { loadContacts } from '../engine/index.ts';
import type { Policy } from '../gate/index.ts';
import { readPolicies } from '../scenarios/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import type { ExplainedMessage } from './explanation.ts';
import type { Language } from './language.ts';
import type { Setting } from './sentences.ts';
import {
  findMessage,
  listDecisions,
  listMessages,
  listReturns,
  nameMessages,
  type MessageAndReturns,
} from './sql/messages.ts';

/** Messages of one contact with every decision about them, and what they are explained by. */
export interface Explained {
  /** What the backend calls the contact; null when it is gone, or was never told. */
  userId: string | null;
  messages: ExplainedMessage[];
  in: (language: Language) => Setting;
}

/** The messages of one contact, newest first. `before`: planned before this instant. A fixed number of statements. */
export async function messagesOf(sql: Sql, contactId: Id, most: number, before: Instant | null): Promise<Explained> {
  return explained(sql, contactId, await sql.run(listMessages, [laneOf(contactId), contactId, most, before]));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One message by its id, in any case; null when there is none, or the text is no id. */
export async function messageById(sql: Sql, text: string): Promise<Explained | null> {
  if (!UUID.test(text)) return null;
  const id = text.toLowerCase();
  const [row] = await sql.run(findMessage, [laneOf(id), id]);
  return row === undefined ? null : explained(sql, row.contactId, [row]);
}

async function explained(sql: Sql, contactId: Id, rows: readonly MessageAndReturns[]): Promise<Explained> {
  const ids = rows.map(({ id }) => id);
  const months = rows.map(({ plannedAt }) => monthOf(plannedAt));
  const keys = [ids.map(laneOf), months, ids];
  const decisions = ids.length === 0 ? [] : await sql.run(listDecisions, keys);
  const returns = ids.length === 0 ? [] : await sql.run(listReturns, keys);
  const [contact] = await sql.run(loadContacts, [[laneOf(contactId)], [contactId]]);
  const policies = await readPolicies(
    sql,
    decisions.map(({ policyVersion }) => policyVersion),
  );
  const competing = decisions.flatMap(({ gates }) =>
    gates.flatMap(({ counters = [] }) =>
      counters.flatMap(({ taken = [], keptFor = [] }) =>
        [...taken, ...keptFor].flatMap(({ messageId }) => messageId ?? []),
      ),
    ),
  );
  const names = await namesOf(sql, competing);
  const zone = contactZone(contact ?? { timezone: null, country: null }, latest(policies)?.timezone ?? 'UTC');
  return {
    userId: contact?.userId ?? null,
    messages: rows.map(({ deliveredAt, bouncedAt, ...message }) => ({
      message,
      decisions: decisions.filter(({ messageId }) => messageId === message.id),
      returned: { deliveredAt, bouncedAt },
      returns: returns.filter(({ messageId }) => messageId === message.id),
    })),
    in: (language) => ({
      language,
      zone,
      policyOf: (version) => policies.get(version) ?? null,
      nameOf: (messageId) => names.get(messageId),
    }),
  };
}

/** What messages were, by their ids. */
export async function namesOf(sql: Sql, messageIds: readonly Id[]): Promise<ReadonlyMap<Id, string>> {
  const ids = [...new Set(messageIds)];
  const rows = ids.length === 0 ? [] : await sql.run(nameMessages, [ids.map(laneOf), ids]);
  return new Map(rows.map(({ id, template }) => [id, template]));
}

function latest(policies: ReadonlyMap<number, Policy>): Policy | undefined {
  return policies.get(Math.max(...policies.keys()));
}
