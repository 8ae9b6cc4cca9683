import type { ChannelAdapter, DeliveryOutcome, OutgoingMessage } from '../../src/channels/index.ts';
import { appendToLedger } from '../../src/consent/index.ts';
import { newContact, type Contact } from '../../src/contacts/index.ts';
import type { Database, Statement } from '../../src/database/index.ts';
import { Composer, Dispatcher } from '../../src/dispatch/index.ts';
import type { DispatcherParts } from '../../src/dispatch/dispatcher.service.ts';
import { MESSAGE_COLUMNS, PostgresWorld, tick } from '../../src/engine/index.ts';
import type { Enrollment } from '../../src/engine/index.ts';
import { writeChanges } from '../../src/engine/write-changes.store.ts';
import type { Channel, Decision, Message } from '../../src/gate/index.ts';
import { libraryOf, type Library } from '../../src/scenarios/index.ts';
import { VirtualClock } from '../../src/shared/clock.ts';
import { contactIdOf, derivedId, laneOf, type Id } from '../../src/shared/ids.ts';
import { Sequence } from '../../src/shared/sequence.ts';
import { TemplateCache, type TemplateFolder } from '../../src/templates/index.ts';
import { DAY, message, policy } from '../gate/factories.ts';
import { compiled } from '../scenarios/journey.ts';

/** Monday 2 March 2026, 10:00 in Paris. */
export const START = Date.parse('2026-03-02T09:00:00Z');

const MAIL = '<p>Hello {{default contact.firstName "you"}}</p><a href="{{links.unsubscribe}}">Unsubscribe</a>';
const TEMPLATES: Record<string, TemplateFolder['files']> = {
  'mail-a': { 'email.html.hbs': MAIL, 'meta.yaml': 'subject: Hello\npreheader: Hello\n' },
  // For whoever has no date of renewal, the helper has nothing it can write.
  dated: {
    'email.html.hbs': `<p>{{date contact.renewal "long"}}</p>${MAIL}`,
    'meta.yaml': 'subject: Hello\npreheader: Hello\n',
  },
  'text-long': { 'sms.txt.hbs': `${'Hello. '.repeat(24)}STOP to end`, 'meta.yaml': '' },
  'text-a': { 'sms.txt.hbs': 'Hello. STOP to end', 'meta.yaml': '' },
};

/** Templates by name, from memory. */
export const templates = (): TemplateCache =>
  new TemplateCache((id) => Promise.resolve(TEMPLATES[id] === undefined ? null : { id, files: TEMPLATES[id] }));

export function composer(cache = templates()): Composer {
  return new Composer(cache, { publicUrl: 'https://relance.example.com', secret: 'a-secret-of-the-tests-only' });
}

/** What the dispatcher runs by; of the revision of a database in which nothing was published. */
export function library(written: Record<string, unknown> = {}, scenarios: readonly string[] = []): Library {
  const live = scenarios.map((source) => compiled(source));
  return libraryOf({
    revision: 0,
    policy: policy(written),
    live,
    scenario: (id, version) => live.find((each) => each.id === id && each.version === version),
    templateVersion: () => 1,
  });
}

export type Answer = (message: OutgoingMessage) => DeliveryOutcome | Promise<DeliveryOutcome>;

export const sent: DeliveryOutcome = { kind: 'sent', providerId: '250 ok' };

/** A provider that answers as it is told, and remembers what it was given. */
export class FakeChannel implements ChannelAdapter {
  readonly description = 'fake';
  readonly given: OutgoingMessage[] = [];
  /** What `verify` says; null: it would take messages. */
  fault: DeliveryOutcome | null = null;
  verified = 0;

  constructor(
    readonly channel: Channel,
    public answer: Answer = () => sent,
    readonly concurrency = 8,
  ) {}

  get ids(): Id[] {
    return this.given.map(({ messageId }) => messageId);
  }

  async deliver(outgoing: OutgoingMessage): Promise<DeliveryOutcome> {
    this.given.push(outgoing);
    return this.answer(outgoing);
  }

  verify(): Promise<DeliveryOutcome | null> {
    this.verified += 1;
    return Promise.resolve(this.fault);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export interface Scene {
  clock: VirtualClock;
  email: FakeChannel;
  sms: FakeChannel;
  dispatcher: Dispatcher;
}

/** A dispatcher on a database of the tests, at 10:00 in Paris, with providers that take everything. */
export function scene(database: Database, parts: Partial<DispatcherParts> = {}, law = library()): Scene {
  const clock = new VirtualClock(START);
  const email = new FakeChannel('email');
  const sms = new FakeChannel('sms');
  const dispatcher = new Dispatcher({
    database,
    clock,
    sequence: new Sequence(clock),
    channels: { email, sms },
    composer: composer(),
    library: () => Promise.resolve(law),
    ...parts,
  });
  return { clock, email, sms, dispatcher };
}

export const person = (userId: string, fields: Partial<Contact> = {}): Contact => ({
  ...newContact(contactIdOf(userId), userId, START),
  email: `${userId}@example.com`,
  phone: '+33612345678',
  timezone: 'Europe/Paris',
  country: 'FR',
  ...fields,
});

/** Contacts who consented to the newsletter on both channels. */
export async function addPeople(database: Database, contacts: readonly Contact[]): Promise<void> {
  await database.transaction((sql) =>
    writeChanges(
      sql,
      contacts.map((contact) => ({ ...NO_CHANGES, contactId: contact.id, contact })),
      START,
    ),
  );
  const source = { kind: 'form', reference: null };
  const rest = {
    purpose: 'newsletter',
    legalBasis: 'consent' as const,
    source,
    textVersion: null,
    text: null,
    ip: null,
    userAgent: null,
  };
  for (const { id } of contacts) {
    const entries = ['email', 'sms'].map((channel) => ({ ...rest, channel, action: 'granted' as const, at: 0 }));
    await database.transaction((sql) => appendToLedger(sql, id, entries, START));
  }
}

/** Until when a message of `readyFor` is in the air at the longest: it counts as if it left then (rule P1a). */
export const IN_AIR = START + 30 * DAY;

/** A message that passed the gate for somebody, and its room with it. */
export function readyFor(userId: string, fields: Partial<Message> = {}): Message {
  const contactId = contactIdOf(userId);
  const planned = message({
    contactId,
    plannedAt: START,
    status: 'ready',
    dueAt: START,
    countedAt: IN_AIR,
    holdsUntil: IN_AIR,
    judged: 1,
    ...fields,
  });
  return { ...planned, id: fields.id ?? derivedId(contactId, 'message', planned.id) };
}

const NO_CHANGES = {
  contact: null,
  enrollments: [],
  watches: [],
  messages: [],
  decisions: [],
  calls: [],
  cancelledCalls: [],
  freed: false,
  roomFor: [],
  suppressions: [],
  events: [],
  lifted: false,
  asked: [],
  expired: [],
};

export async function addMessages(
  database: Database,
  messages: readonly Message[],
  enrollments: readonly Enrollment[] = [],
): Promise<void> {
  await database.transaction((sql) =>
    writeChanges(
      sql,
      [{ ...NO_CHANGES, contactId: messages[0]!.contactId, messages: [...messages] }].concat(
        enrollments.map((enrollment) => ({
          ...NO_CHANGES,
          contactId: enrollment.contactId,
          enrollments: [enrollment] as never[],
        })),
      ),
      START,
    ),
  );
}

const ALL: Statement<Message & { providerId: string | null; leaseUntil: number | null }> = {
  name: 'test-messages',
  text: `SELECT ${MESSAGE_COLUMNS}, m.provider_id AS "providerId", m.lease_until AS "leaseUntil" FROM message m ORDER BY m.id`,
};

export async function stored(database: Database): Promise<Map<Id, Message & { providerId: string | null }>> {
  return new Map((await database.run(ALL)).map((row) => [row.id, row]));
}

export async function storedOne(
  database: Database,
  { id }: { id: Id },
): Promise<Message & { providerId: string | null }> {
  return (await stored(database)).get(id)!;
}

export function decisionsOf(database: Database, { id }: { id: Id }): Promise<Decision[]> {
  return database.run<Decision>(
    {
      name: 'test-decisions',
      text: `SELECT message_id AS "messageId", contact_id AS "contactId", ordinal, at, verdict, gate, reason, rule, until,
             policy_version AS "policyVersion", gates FROM decision WHERE lane = $1 AND message_id = $2 ORDER BY ordinal`,
    },
    [laneOf(id), id],
  );
}

export interface InboxRow {
  contactId: Id;
  kind: string;
  body: Record<string, unknown>;
}

export function inboxOf(database: Database): Promise<InboxRow[]> {
  return database.run<InboxRow>({
    name: 'test-inbox',
    text: 'SELECT contact_id AS "contactId", kind, body FROM inbox ORDER BY seq',
  });
}

/** Empties what one test left for the next. */
export async function clear(database: Database): Promise<void> {
  const tables = [
    'contact',
    'enrollment',
    'message',
    'decision',
    'inbox',
    'consent_state',
    'suppression',
    'suppressed_address',
    'withdrawn_address',
    'channel_pause',
  ];
  for (const table of tables) await database.run({ name: `test-clear-${table}`, text: `DELETE FROM ${table}` });
}

/** The engine, until nothing is due. */
export async function settleEngine(database: Database, law: Library, now: number): Promise<void> {
  const world = new PostgresWorld(database);
  while ((await tick(world, law, now, { items: 1_000, lanes: 64 })) > 0);
}
