import type { Sql } from '../../database/index.ts';
import { formatInstant, type Instant } from '../../shared/clock.ts';
import { contactIdOf, laneOf } from '../../shared/ids.ts';
import type { Providers } from '../recipients/recipients.ts';
import { recipientsOf } from '../recipients/recipients.store.ts';
import { exportParts } from '../sql/export.ts';
import { sourcesOf } from './sources.ts';

type Rows = Record<string, unknown>[];

/**
 * All that is kept of a contact, as one JSON value (GDPR Art. 15 and 20); null when nothing is. One part a table of
 * the list, under the names of docs/operations.md, and who was given data. Run it in a snapshot, so that all of it is of one instant.
 */
export async function exportContact(
  sql: Sql,
  userId: string,
  providers: Providers,
  now: Instant,
): Promise<Record<string, unknown> | null> {
  const contactId = contactIdOf(userId);
  const parts: Record<string, Rows> = {};
  for (const part of exportParts) {
    const rows = await sql.run(part, [laneOf(contactId), contactId]);
    parts[part.as] = rows.map(({ row }) => camelCased(row));
  }
  if (Object.values(parts).every((rows) => rows.length === 0)) return null;
  const { profile: profiles = [], ...others } = parts;
  const { maxPerWeek = null, pauseUntil = null, language = null, ...profile } = profiles[0] ?? {};
  return {
    format: 'relance-contact-1',
    exportedAt: formatInstant(now),
    userId,
    profile: profiles.length === 0 ? null : profile,
    ownLimits: { maxPerWeek, pauseUntil, language },
    sources: sourcesOf(parts['events'] ?? []),
    recipients: await recipientsOf(sql, contactId, providers),
    ...others,
  };
}

/** Columns under the names that the rest of the API uses; what is inside a column stays as it is. */
function camelCased(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
