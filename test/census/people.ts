import type { Database, Statement } from '../../src/database/index.ts';
import { formatInstant } from '../../src/shared/clock.ts';
import { laneOf } from '../../src/shared/ids.ts';
import type { Person } from './random-audience.ts';

const insert = (table: string): Statement => ({
  name: `people-${table}`,
  text: `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(null::${table}, $1)`,
});

const written = (at: number | null): string | null =>
  at === null ? null : formatInstant(at).replace(/^\+0(\d{5})/, '$1');

let made = 0;
const nextId = (): string => `00000000-0000-8000-8000-${String(++made).padStart(12, '0')}`;

/** Stores people, and nobody else any more. */
export async function store(database: Database, people: readonly Person[]): Promise<void> {
  const of = (contact: Person['contact']): object => ({ lane: laneOf(contact.id), contact_id: contact.id });
  const rows = {
    contact: people.map(({ contact }) => ({
      lane: laneOf(contact.id),
      id: contact.id,
      user_id: contact.userId,
      email: contact.email,
      phone: contact.phone,
      first_name: contact.firstName,
      last_name: contact.lastName,
      birthday: contact.birthday,
      locale: contact.locale,
      timezone: contact.timezone,
      country: contact.country,
      created_at: written(contact.createdAt),
      attributes: contact.attributes,
    })),
    event: people.flatMap(({ contact, events }) =>
      events.map((event) => ({
        ...of(contact),
        month: '2000-01-01',
        id: nextId(),
        seq: event.seq,
        type: 'track',
        name: event.name,
        at: written(event.at),
        received_at: written(event.receivedAt),
        properties: event.properties,
        historical: event.historical,
        active: event.active,
      })),
    ),
    message: people.flatMap(({ contact, messages }) =>
      messages.map((message, index) => ({
        ...of(contact),
        month: '2000-01-01',
        id: nextId(),
        scenario_id: message.scenarioId,
        scenario_version: 1,
        programme: 'p',
        step: 's',
        channel: message.channel,
        template: message.template,
        template_version: 1,
        category: 'marketing',
        purpose: 'newsletter',
        priority: 1,
        sender: message.sender,
        needs_consent: true,
        subject_to: true,
        counts_toward: true,
        data: {},
        parts: 1,
        planned_at: written(message.sentAt),
        status: index % 2 === 0 ? 'sent' : 'unknown',
        due_at: written(message.sentAt),
        judged: 1,
        attempts: 1,
        settled_at: written(message.sentAt),
        delivered_at: written(message.deliveredAt),
        bounced_at: written(message.bouncedAt),
        opened_at: written(message.openedAt),
        clicked_at: written(message.clickedAt),
      })),
    ),
    consent_state: people.flatMap(({ contact, consents }) =>
      consents.map(({ channel, purpose, brand, state, at }) => ({
        ...of(contact),
        channel,
        purpose,
        brand: brand ?? '',
        state,
        at: written(at),
      })),
    ),
  };
  await database.transaction(async (sql) => {
    for (const [table, each] of Object.entries(rows)) {
      await sql.run({ name: `people-none-${table}`, text: `DELETE FROM ${table}` });
      await sql.run(insert(table), [JSON.stringify(each)]);
    }
  });
}
