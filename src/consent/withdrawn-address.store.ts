import type { Sql } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import { laneOf, type Id } from '../shared/ids.ts';
import { holdAddresses } from './contact-lock.store.ts';
import type { ConsentEntry } from './entry.ts';
import {
  heldAddresses,
  liftWithdrawals,
  othersAtAddresses,
  withdrawAddresses,
  withdrawnAtAddresses,
  type AddressWithdrawal,
} from './sql/withdrawn-address.ts';

/** Something said for the addresses of a contact. */
type SaidAtAddress = Pick<ConsentEntry, 'channel' | 'purpose' | 'brand' | 'at'> & { contactId: Id };

/** Waits for hand-overs to any contact with an address of this one (rule D4). After `holdContact`, before what is written. */
export async function holdAddressesOf(sql: Sql, contactId: Id): Promise<void> {
  const held = await sql.run(heldAddresses, [laneOf(contactId), contactId]);
  await holdAddresses(
    sql,
    held.map(({ address }) => address),
  );
}

/**
 * A contact withdraws purposes by a message: that stands for its addresses, whoever has them (rule C5a). Inside a transaction
 * that holds them (`holdAddressesOf`). Returns who else has one, to be judged again; nobody when it is no news.
 */
export async function withdrawAtAddresses(sql: Sql, contactId: Id, said: readonly SaidAtAddress[]): Promise<Id[]> {
  if (said.length === 0) return [];
  const news = await sql.run(withdrawAddresses, [asJson(said)]);
  if (news.length === 0) return [];
  return (await sql.run(othersAtAddresses, [laneOf(contactId), contactId])).map(({ id }) => id);
}

/** Addresses of contacts consent again: what was withdrawn there before stands no more. */
export async function liftAtAddresses(sql: Sql, said: readonly SaidAtAddress[]): Promise<void> {
  if (said.length > 0) await sql.run(liftWithdrawals, [asJson(said)]);
}

/**
 * What stood closed at an instant to the addresses that a contact has now, through whichever contact it was said. Of each
 * purpose only the last time is kept.
 */
export function addressWithdrawalsOf(sql: Sql, contactId: Id, at: Instant): Promise<AddressWithdrawal[]> {
  return sql.run(withdrawnAtAddresses, [laneOf(contactId), contactId, at]);
}

function asJson(said: readonly SaidAtAddress[]): string {
  return JSON.stringify(
    said.map(({ contactId, channel, purpose, brand, at }) => ({
      lane: laneOf(contactId),
      contactId,
      channel,
      purpose,
      brand: brand ?? '',
      at,
    })),
  );
}
