import { setTimeout as delay } from 'node:timers/promises';
import { contactIdOf, laneOf } from '../src/shared/ids.ts';
import { connected, query } from './server.ts';
import { userOf } from './traffic.ts';

const SUBSCRIBED_AT = Date.UTC(2026, 0, 1);

/** Contacts with an address and a consent to the newsletter, as a base that has been there for long. */
export async function addSubscribers(url: string, count: number): Promise<void> {
  const ids = await addContacts(url, count);
  await query(
    url,
    `INSERT INTO consent_state (lane, contact_id, channel, purpose, state, at, legal_basis)
     SELECT k.lane, k.id, 'email', 'newsletter', 'granted', to_timestamp($3::float8 / 1000), 'consent'
     FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)`,
    [ids.map(laneOf), ids, SUBSCRIBED_AT],
  );
  await query(url, 'VACUUM ANALYZE contact, consent_state');
}

/** Contacts with an address. Returns their ids. */
export async function addContacts(url: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, number) => contactIdOf(userOf(number)));
  await query(
    url,
    `INSERT INTO contact (lane, id, user_id, email, first_name, locale, timezone, country, created_at)
     SELECT k.lane, k.id, 'user-' || k.nr - 1, 'user-' || k.nr - 1 || '@example.com', 'Ada', 'en', 'Europe/London', 'GB',
            to_timestamp($3::float8 / 1000)
     FROM unnest($1::smallint[], $2::uuid[]) WITH ORDINALITY AS k(lane, id, nr)`,
    [ids.map(laneOf), ids, SUBSCRIBED_AT],
  );
  return ids;
}

/** Resolves when the engine has nothing left to take. Asked by index: a scan walks over all that was taken, and takes its time from what is measured. */
export async function untilInboxEmpty(url: string, everyMs = 20): Promise<void> {
  await connected(url, async (client) => {
    for (;;) {
      const { rows } = await client.query(
        'SELECT 1 FROM lane WHERE EXISTS (SELECT FROM inbox WHERE inbox.lane = lane.lane ORDER BY seq LIMIT 1) LIMIT 1',
      );
      if (rows.length === 0) return;
      await delay(everyMs);
    }
  });
}

/** Resolves when the dispatcher has nothing left to hand over. */
export async function untilHandedOver(url: string): Promise<void> {
  await connected(url, async (client) => {
    for (;;) {
      const { rows } = await client.query(`SELECT 1 FROM message WHERE status IN ('ready', 'handing') LIMIT 1`);
      if (rows.length === 0) return;
      await delay(100);
    }
  });
}

/** Rows of a table. */
export async function countOf(url: string, table: string): Promise<number> {
  const [row] = await query<{ count: number }>(url, `SELECT count(*)::int AS count FROM ${table}`);
  return row!.count;
}
