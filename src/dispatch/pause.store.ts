import { recordAudit } from '../access/index.ts';
import type { Sql, Statement } from '../database/index.ts';
import type { Channel } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';

/** Why nothing leaves by a channel, and until when; null: until somebody lifts it. */
export interface Pause {
  channel: Channel;
  reason: string;
  until: Instant | null;
}

/** Who stops a channel and lets it go on: nobody but the service itself. */
const ACTOR = 'system:dispatch';

const all: Statement<Pause> = { name: 'dispatch-pauses', text: 'SELECT channel, reason, until FROM channel_pause' };

/** A pause that is prolonged keeps the instant at which it began. */
const write: Statement<{ began: boolean }> = {
  name: 'dispatch-pause',
  text: `
    INSERT INTO channel_pause (channel, reason, paused_at, until)
    VALUES ($1, $2, to_timestamp($4::float8 / 1000), to_timestamp($3::float8 / 1000))
    ON CONFLICT (channel) DO UPDATE SET reason = excluded.reason, until = excluded.until
    RETURNING xmax = 0 AS began`,
};

/** Only as it was seen: another process may have met a new fault meanwhile. */
const remove: Statement<{ lifted: boolean }> = {
  name: 'dispatch-lift-pause',
  text: 'DELETE FROM channel_pause WHERE channel = $1 AND until = to_timestamp($2::float8 / 1000) RETURNING true AS lifted',
};

/** The channels that a fault of the sender has paused (rule D10): one row stops every process. Also those to be lifted. */
export async function channelPauses(sql: Sql): Promise<Map<Channel, Pause>> {
  return new Map((await sql.run(all)).map((pause) => [pause.channel, pause]));
}

/**
 * Pauses a channel, or prolongs its pause. Inside a transaction: that a channel stops is in the audit log (rule S6), that
 * a pause goes on is not.
 */
export async function pauseChannel(sql: Sql, { channel, reason, until }: Pause, now: Instant): Promise<void> {
  const [written] = await sql.run(write, [channel, reason, until, now]);
  if (written!.began)
    await recordAudit(sql, { actor: ACTOR, action: 'channel.pause', subject: channel, details: { reason } }, now);
}

/** Lifts a pause that has run out. Inside a transaction, as above. */
export async function liftPause(sql: Sql, { channel, until }: Pause, now: Instant): Promise<void> {
  const lifted = await sql.run(remove, [channel, until]);
  if (lifted.length > 0) await recordAudit(sql, { actor: ACTOR, action: 'channel.resume', subject: channel }, now);
}
