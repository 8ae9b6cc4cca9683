import type { ChannelAdapter, DeliveryOutcome, OutgoingMessage } from '../channels/index.ts';
import type { Sql, Statement } from '../database/index.ts';
import { CHANNELS, type Channel } from '../shared/channel.ts';
import type { Clock, Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/**
 * How long hand-overs of one batch go on beginning. Whoever withdraws waits for the batch that the person is in
 * (rule D4): for this long, and for what the provider then still has in hand.
 */
const BEGIN_WITHIN = 5_000;
/** Well within the minute after which the server ends an idle transaction, and its locks with it. */
const KEEP_ALIVE = 10_000;

const keepAlive: Statement = { name: 'dispatch-keep-alive', text: 'SELECT 1' };

/** What a provider said, and when. */
export interface Delivery {
  said: DeliveryOutcome;
  at: Instant;
}

/**
 * Hands messages to their providers, first come first served, as many at once as a provider takes. Returns what each
 * provider said, by message id. Absent is what surely did not leave, because too much time had passed, its judgement no
 * longer held (`mayBegin`), the locks of `sql` were lost, or the channel has shown a fault of the sender, which would be the same for the others.
 */
export async function deliverAll(
  sql: Sql,
  channels: Readonly<Record<Channel, ChannelAdapter>>,
  messages: readonly OutgoingMessage[],
  clock: Clock,
  mayBegin: (messageId: Id, now: Instant) => boolean,
  keepAliveMs = KEEP_ALIVE,
): Promise<Map<Id, Delivery>> {
  const deliveries = new Map<Id, Delivery>();
  const began = clock.now();
  let locked = true;
  const beat = setInterval(() => {
    sql.run(keepAlive).catch(() => (locked = false));
  }, keepAliveMs);

  const through = async (adapter: ChannelAdapter): Promise<void> => {
    const waiting = messages.filter(({ channel }) => channel === adapter.channel).values();
    let open = true;
    const oneByOne = async (): Promise<void> => {
      for (const message of waiting) {
        if (!open || !locked || clock.now() - began > BEGIN_WITHIN) return;
        if (!mayBegin(message.messageId, clock.now())) continue;
        const said = await adapter.deliver(message);
        deliveries.set(message.messageId, { said, at: clock.now() });
        if (said.kind === 'sender-fault') open = false;
      }
    };
    await Promise.all(Array.from({ length: adapter.concurrency }, oneByOne));
  };
  try {
    await Promise.all(CHANNELS.map((channel) => through(channels[channel])));
  } finally {
    clearInterval(beat);
  }
  return deliveries;
}
