import { addressKey } from '../shared/address.ts';
import { textArray, type Sql } from '../database/index.ts';
import type { Channel } from '../shared/channel.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import {
  hashOfNumber,
  liftStop,
  standingAgainst,
  stopAddress,
  stopsOf,
  suppressAddresses,
} from './sql/suppressed-address.ts';
import type { Suppression } from './state.ts';

/** An address that nothing is sent to any more. */
export interface DeadAddress {
  channel: Channel;
  address: string;
  reason: 'hard-bounce' | 'soft-bounces' | 'complaint';
}

/** Suppresses addresses, whoever has them. What stands against one already stays as it is. */
export async function suppressDead(sql: Sql, dead: readonly DeadAddress[], now: Instant): Promise<void> {
  if (dead.length === 0) return;
  await sql.run(suppressAddresses, [
    dead.map(({ channel }) => channel),
    textArray(dead.map(({ address }) => addressKey(address))),
    dead.map(({ reason }) => reason),
    now,
  ]);
}

/** An address that a contact is about to get. */
export interface ArrivingAddress {
  contactId: Id;
  channel: Channel;
  address: string;
}

/** What stands against addresses that contacts are about to get, by contact. One statement. */
export async function suppressionsOfArriving(
  sql: Sql,
  arriving: readonly ArrivingAddress[],
): Promise<ReadonlyMap<Id, Suppression[]>> {
  const rows = await sql.run(standingAgainst, [
    textArray(arriving.map(({ contactId }) => contactId)),
    textArray(arriving.map(({ channel }) => channel)),
    textArray(arriving.map(({ address }) => addressKey(address))),
  ]);
  const found = new Map<Id, Suppression[]>();
  for (const { contactId, ...suppression } of rows)
    found.set(contactId, [...(found.get(contactId) ?? []), suppression]);
  return found;
}

/**
 * Records a STOP of a number to senders, or that it took one back (rule C6), and returns the senders to whom it is news.
 * Inside a transaction that holds the number (`holdAddresses`). What was said before the last word changes nothing.
 */
export async function recordStop(
  sql: Sql,
  number: string,
  said: 'stop' | 'start',
  senders: readonly string[],
  at: Instant,
): Promise<string[]> {
  const rows = await sql.run(said === 'stop' ? stopAddress : liftStop, [addressKey(number), textArray(senders), at]);
  return rows.map(({ sender }) => sender);
}

/** When a number has last said STOP to one of the senders, or taken it back; null when it never did. */
export async function lastStopWord(sql: Sql, number: string, senders: readonly string[]): Promise<Instant | null> {
  const rows = await sql.run(stopsOf, [addressKey(number), textArray(senders)]);
  return rows.length === 0 ? null : Math.max(...rows.map(({ at, liftedAt }) => liftedAt ?? at));
}

/** The salted hash by which a number is known when it is nobody's. */
export async function referenceOfNumber(sql: Sql, number: string): Promise<string> {
  const [row] = await sql.run(hashOfNumber, [addressKey(number)]);
  return row!.hash;
}
