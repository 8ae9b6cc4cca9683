import type { Statement } from '../../database/index.ts';
import type { Channel } from '../../shared/channel.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

/** A captured message as lists show it. */
export interface OutboxEntry {
  id: Id;
  contactId: Id;
  channel: Channel;
  to: string;
  from: string;
  subject: string | null;
  /** How the text begins. */
  preview: string;
  at: Instant;
}

/** A captured message, whole. */
export interface OutboxMessage extends OutboxEntry {
  html: string | null;
  text: string;
  headers: Record<string, string>;
}

const COLUMNS = `message_id AS id, contact_id AS "contactId", channel, recipient AS "to", sender AS "from", subject,
  left(text, 160) AS preview, captured_at AS at`;

/**
 * Newest first, from a cursor. For people at a screen, so across lanes: index captured_recent.
 * $1 channel, $2 contact, $3 pattern, $4 and $5 the cursor's instant and id, $6 how many.
 */
export const listCaptured: Statement<OutboxEntry> = {
  name: 'channels-list-captured',
  text: `
    SELECT ${COLUMNS} FROM captured
    WHERE ($1::text IS NULL OR channel = $1)
      AND ($2::uuid IS NULL OR contact_id = $2)
      AND ($3::text IS NULL OR recipient ILIKE $3 OR subject ILIKE $3)
      AND ($4::float8 IS NULL OR (captured_at, message_id) < (to_timestamp($4::float8 / 1000), $5::uuid))
    ORDER BY captured_at DESC, message_id DESC
    LIMIT $6`,
};

/** $1 lane, $2 message. */
export const findCaptured: Statement<OutboxMessage> = {
  name: 'channels-find-captured',
  text: `
    SELECT ${COLUMNS}, html, text, headers FROM captured
    WHERE lane = $1 AND message_id = $2
    ORDER BY captured_at DESC LIMIT 1`,
};
