import type { Sql } from '../database/index.ts';
import type { Channel } from '../shared/channel.ts';
import type { Clock } from '../shared/clock.ts';
import { monthOf } from '../shared/clock.ts';
import { laneOf } from '../shared/ids.ts';
import type { ChannelAdapter, DeliveryOutcome, OutgoingMessage } from './channel.ts';
import { putCaptured } from './sql/put-captured.ts';

/** Keeps messages in the outbox instead of sending them: what a channel does that is not configured. */
export class CaptureAdapter implements ChannelAdapter {
  readonly channel: Channel;
  readonly description = 'captured in the outbox';
  readonly concurrency = 2;
  private readonly sql: Sql;
  private readonly clock: Clock;

  constructor(channel: Channel, sql: Sql, clock: Clock) {
    this.channel = channel;
    this.sql = sql;
    this.clock = clock;
  }

  async deliver(message: OutgoingMessage): Promise<DeliveryOutcome> {
    const now = this.clock.now();
    try {
      await this.sql.run(putCaptured, [
        laneOf(message.messageId),
        monthOf(now),
        message.messageId,
        message.contactId,
        message.channel,
        message.to,
        message.from,
        message.subject,
        message.html,
        message.text,
        JSON.stringify(
          message.replyTo === null ? message.headers : { 'Reply-To': message.replyTo, ...message.headers },
        ),
        now,
      ]);
    } catch (error) {
      return { kind: 'retry', reason: `the outbox could not be written: ${(error as Error).message}` };
    }
    return { kind: 'sent', providerId: `captured-${message.messageId}` };
  }

  async close(): Promise<void> {}
}
