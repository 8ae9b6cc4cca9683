import { newContact, type Contact } from '../../src/contacts/index.ts';
import { advance, type Background } from '../../src/engine/advance.ts';
import type { ContactChanges, ContactState, Due, Enrollment, InboxItem, Watch } from '../../src/engine/world.ts';
import type { CustomerEvent } from '../../src/events/index.ts';
import type { Message } from '../../src/gate/index.ts';
import { libraryOf, type CompiledScenario, type Library } from '../../src/scenarios/index.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';
import { sequenceAt } from '../../src/shared/sequence.ts';
import { policy } from '../gate/factories.ts';
import { compiled } from '../scenarios/journey.ts';

export { at, DAY, HOUR, MINUTE } from '../gate/factories.ts';

/** Monday 2 March 2026, 10:00 in Paris. */
export const START = Date.parse('2026-03-02T09:00:00Z');
export const ADA = contactIdOf('ada');

/** A library of these scenarios, each the lines that matter to a test; `scenario: name` names it. */
export function library(
  scenarios: readonly (string | CompiledScenario)[],
  written: Record<string, unknown> = {},
): Library {
  const live = scenarios.map((each) => (typeof each === 'string' ? compiled(each) : each));
  return libraryOf({
    // That of a database in which nothing was published.
    revision: 0,
    policy: policy(written),
    live: live.sort((a, b) => (a.id < b.id ? -1 : 1)),
    scenario: (id, version) => live.find((each) => each.id === id && each.version === version),
    templateVersion: () => 1,
  });
}

export const ada = (fields: Partial<Contact> = {}): Contact => ({
  ...newContact(ADA, 'ada', START),
  email: 'ada@example.com',
  phone: '+33612345678',
  timezone: 'Europe/Paris',
  country: 'FR',
  ...fields,
});

export const state = (fields: Partial<ContactState> = {}): ContactState => ({
  contactId: ADA,
  contact: ada(),
  enrollments: [],
  watches: [],
  messages: [],
  sends: [],
  consents: ['email', 'sms'].map((channel) => ({
    channel,
    purpose: 'newsletter',
    state: 'granted',
    at: 0,
    legalBasis: null,
  })),
  suppressions: [],
  ownLimits: null,
  sales: [],
  spent: [],
  ...fields,
});

let made = 0;

/** An event of Ada's as it stands in the inbox, received at `receivedAt`. */
export function arrival(
  name: string,
  receivedAt: number,
  properties: Record<string, unknown> = {},
  fields: Partial<CustomerEvent> = {},
): InboxItem {
  const seq = sequenceAt(receivedAt) + (++made % 1024);
  const event: CustomerEvent = {
    id: derivedId(ADA, 'event', made),
    contactId: ADA,
    userId: 'ada',
    seq,
    type: 'track',
    name,
    at: receivedAt,
    receivedAt,
    properties,
    historical: false,
    active: true,
    ...fields,
  };
  return { kind: 'event', contactId: ADA, seq: event.seq, receivedAt, event };
}

export const NOTHING_PAST: Background = {
  history: { events: [], messages: [] },
  lastActivity: () => undefined,
  audiences: [],
};

/** One tick of one contact at `now`: all of the inbox, and the clock. */
export function advanced(
  before: ContactState,
  lib: Library,
  now: number,
  inbox: InboxItem[] = [],
  background = NOTHING_PAST,
): ContactState & { changes: ContactChanges } {
  const due: Due = { contactId: ADA, inbox, clockUntil: now };
  const changes = advance(before, due, background, lib, now);
  return {
    ...before,
    contact: changes.contact ?? before.contact,
    enrollments: merged(before.enrollments, changes.enrollments),
    watches: merged(before.watches, changes.watches),
    messages: merged(before.messages, changes.messages),
    changes,
  };
}

function merged<Row extends Enrollment | Watch | Message>(before: readonly Row[], changed: readonly Row[]): Row[] {
  const keyOf = (row: Row): string => ('id' in row ? row.id : row.scenarioId);
  const rows = new Map(before.map((row) => [keyOf(row), row]));
  for (const row of changed) rows.set(keyOf(row), row);
  return [...rows.values()];
}
