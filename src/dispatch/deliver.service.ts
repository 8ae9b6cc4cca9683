import type { ChannelAdapter, DeliveryOutcome, OutgoingMessage } from '../channels/index.ts';
import type { Message } from '../gate/index.ts';
import { CHANNELS, type Channel } from '../shared/channel.ts';
import type { Clock } from '../shared/clock.ts';
import type { HandOverWriter } from './hand-over-writer.service.ts';
import { holds } from './holds.ts';
import type { Slots } from './slots.ts';

/**
 * How long exchanges of one batch go on beginning. Whoever withdraws waits for the batch that the person is in
 * (rule D4): for this long, and for what the provider then still has in hand.
 */
const BEGIN_WITHIN = 5_000;

/** A message that may leave, as it will. */
export interface Outgoing {
  message: Message;
  address: string;
  outgoing: OutgoingMessage;
}

/** What a batch needs to leave. */
export interface Ways {
  channels: Readonly<Record<Channel, ChannelAdapter>>;
  slots: Readonly<Record<Channel, Slots>>;
  clock: Clock;
}

/**
 * Hands messages to their providers, first come first served, as many at once as a provider takes from this process:
 * that each begins is committed before, and `ended` tells how, with the message as it had begun. What does not begin stays
 * as it was: too much time had passed, its judgement no longer holds (rule P1a), the locks of the writer were lost, or the channel has shown a fault of the sender,
 * which would be the same for the others. When this returns, all is written down, or kept; never throws.
 */
export async function deliverAll<One extends Outgoing>(
  writer: HandOverWriter,
  { channels, slots, clock }: Ways,
  messages: readonly One[],
  exchange: (one: One, begun: Message, delivery: () => Promise<DeliveryOutcome>) => Promise<DeliveryOutcome>,
): Promise<void> {
  const began = clock.now();
  const through = async (adapter: ChannelAdapter): Promise<void> => {
    const mine = messages.filter(({ outgoing }) => outgoing.channel === adapter.channel);
    const waiting = mine.values();
    const slot = slots[adapter.channel];
    let open = true;
    const mayBegin = (): boolean => open && !writer.hasFailed && clock.now() - began <= BEGIN_WITHIN;
    const oneByOne = async (): Promise<void> => {
      await slot.take();
      try {
        for (const one of waiting) {
          if (mayBegin()) await adapter.turn?.();
          if (!mayBegin()) return;
          if (!holds(one.message, clock.now())) continue;
          const begun = await writer.begin(one.message, one.address);
          if (begun === null) continue;
          const { kind } = await exchange(one, begun, () => adapter.deliver(one.outgoing));
          if (kind === 'sender-fault') open = false;
        }
      } catch {
        // What the writer could not do it tells itself.
      } finally {
        await writer.flush();
        slot.give();
      }
    };
    await Promise.all(Array.from({ length: Math.min(adapter.concurrency, mine.length) }, oneByOne));
  };
  await Promise.all(CHANNELS.map((channel) => through(channels[channel])));
}
