import type { Contact } from '../contacts/index.ts';
import { plainArray, textArray, type Sql } from '../database/index.ts';
import type { CountedSend } from '../gate/index.ts';
import { beganAt } from '../pressure/index.ts';
import { monthOf, type Instant } from '../shared/clock.ts';
import { derivedId, laneOf, type Id } from '../shared/ids.ts';
import { addressesOf } from './address.ts';
import { roomSequence } from './shared-pressure.ts';
import { lookAtSharedSends } from './sql/load-shared-sends.ts';
import { tellOfRoom } from './sql/tell-of-room.ts';

/**
 * What others with an address of the contact were sent there from `since` (excluded) to `until`, oldest first: it uses the
 * contact's room, too (rule P12). Locks nothing.
 */
export async function sendsToSharers(
  sql: Sql,
  contact: Contact,
  since: Instant,
  until: Instant,
): Promise<CountedSend[]> {
  const addresses = addressesOf(contact);
  if (addresses.length === 0) return [];
  const rows = await sql.run(lookAtSharedSends, [
    plainArray(addresses.map(({ id }) => laneOf(id))),
    plainArray(addresses.map(({ id }) => id)),
    textArray(addresses.map(({ channel }) => channel)),
    textArray(addresses.map(({ text }) => text)),
    monthOf(until),
    since,
    contact.id,
  ]);
  return rows.flatMap((row) => {
    if (row.messageId === null) return [];
    const { address: _address, contactId: _contact, ...send } = row;
    return beganAt(send) <= until ? [send] : [];
  });
}

/**
 * Has what pressure holds judged again for whoever shares room that somebody gave back (rule P12): by an arrival at `now`.
 * One statement, and none where nobody shares it.
 */
export async function tellSharers(sql: Sql, told: readonly { other: Id; giver: Id }[], now: Instant): Promise<void> {
  if (told.length === 0) return;
  await sql.run(tellOfRoom, [
    plainArray(told.map(({ other }) => laneOf(other))),
    plainArray(told.map(({ other }) => other)),
    plainArray(told.map(({ other, giver }) => derivedId(other, 'room', giver, now))),
    roomSequence(now),
    now,
  ]);
}
