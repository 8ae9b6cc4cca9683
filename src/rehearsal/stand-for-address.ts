import { sameConsent, WITHDRAWN_AT_ADDRESS, type ConsentKey } from '../consent/index.ts';
import type { Id } from '../shared/ids.ts';
import { addressKey } from '../shared/address.ts';
import type { VirtualRun } from './virtual-run.ts';

/**
 * A word about consent stands for the contact's mailbox or number, as live (rule C5a): a withdrawal by a message closes the
 * purpose to whoever has it, who are judged again; a consent opens it again.
 * @param byMessage whether it came by a message
 */
export function standForAddress(run: VirtualRun, contactId: Id, key: ConsentKey, byMessage: boolean): void {
  const { contact, consents } = run.world.of(contactId);
  const addressOf = (person: typeof contact): string | null =>
    (key.channel === 'email' ? person?.email : person?.phone) ?? null;
  const address = addressOf(contact);
  const state = consents.find((each) => sameConsent(each, key))?.state;
  if (address === null) return;
  if (state === 'granted') return run.world.addresses.consent(key, address);
  if (state !== 'withdrawn' || !byMessage) return;
  const { channel, purpose, brand } = key;
  const at = run.clock.now();
  run.world.addresses.suppress({ channel, address, reason: WITHDRAWN_AT_ADDRESS, purpose, brand: brand ?? null, at });
  for (const { contact: other } of run.world.all()) {
    const own = addressOf(other);
    if (other !== null && other.id !== contactId && own !== null && addressKey(own) === addressKey(address))
      run.arrive({ kind: 'consent', contactId: other.id });
  }
}
