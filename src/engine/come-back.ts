import type { ArrivingAddress, Suppression, Trace } from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import type { Due } from './world.ts';

/**
 * By what a contact may turn out to be somebody who was erased: itself when nothing is known of it, and every address
 * that arrives and is not the one it has.
 */
export function tracesToAsk({ contactId, inbox }: Due, contact: Contact | null): (Trace & { contactId: Id })[] {
  const traces: (Trace & { contactId: Id })[] = [];
  let isNew = contact === null;
  for (const item of inbox) {
    if (item.kind !== 'event') continue;
    if (isNew) traces.push({ contactId, kind: 'contact', value: contactId });
    isNew = false;
    if (item.event.type !== 'identify') continue;
    for (const kind of ['email', 'phone'] as const) {
      const value = item.event.properties[kind];
      if (typeof value === 'string' && value !== contact?.[kind]) traces.push({ contactId, kind, value });
    }
  }
  return traces;
}

/** Nothing is sent to whoever was erased and has come back, on any channel and under any address. */
export function erasedAt(at: Instant): Suppression {
  return { channel: '*', address: null, reason: 'erased', at };
}

/** The addresses among traces, as suppressions know them. */
export function arrivingAddresses(traces: readonly (Trace & { contactId: Id })[]): ArrivingAddress[] {
  return traces.flatMap(({ contactId, kind, value }) =>
    kind === 'contact' ? [] : [{ contactId, channel: kind === 'email' ? 'email' : 'sms', address: value } as const],
  );
}
