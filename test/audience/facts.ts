import { NO_AUDIENCES, type Facts, type PastEvent } from '../../src/audience/index.ts';
import type { Contact } from '../../src/contacts/index.ts';

export const NOW = Date.parse('2026-03-10T12:00:00Z');

/** A contact with nothing known but what is given. */
export function contact(known: Partial<Contact> = {}): Contact {
  return {
    id: '0a000000-0000-5000-8000-000000000000',
    userId: 'ada',
    email: null,
    phone: null,
    firstName: null,
    lastName: null,
    birthday: null,
    locale: null,
    timezone: null,
    country: null,
    createdAt: Date.parse('2026-01-01T08:00:00Z'),
    attributes: {},
    ...known,
  };
}

export function facts(known: Partial<Facts> = {}): Facts {
  return {
    now: NOW,
    contact: contact(),
    zone: 'Europe/Paris',
    history: [],
    consents: [],
    messages: [],
    audiences: NO_AUDIENCES,
    brandOf: new Map(),
    ...known,
  };
}

export function past(name: string, at: string, properties: Record<string, unknown> = {}): PastEvent {
  const instant = Date.parse(at);
  return { name, at: instant, receivedAt: instant, seq: instant, properties, historical: false, active: true };
}
