import type { RefusalClass } from '../../channels/index.ts';
import type { Channel } from '../../shared/channel.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

/** Which message a report is about: any of these, the surest first. */
export interface ReportedMessage {
  messageId: Id | null;
  /** What the provider calls it; for a report that does not name ours. */
  providerId: string | null;
  /** Where it went, when the report says so and can be believed; in full. */
  recipient: string | null;
  /** Which address it went to (`addressMark`), when the report came to a return address. */
  mark: string | null;
}

/** What somebody who carried a message says of it afterwards. Adapters of providers and the mail reader make these. */
export type Report = ReportedMessage & {
  channel: Channel;
  /** Who says so: `dsn`, `feedback-loop`, `ses`, `mailgun`… */
  source: string;
  /** When it happened; never after it was told. */
  at: Instant;
} & (
    | { kind: 'delivered' }
    /** It came back for good. `status` is the enhanced code, or the provider's own. */
    | { kind: 'bounced'; meaning: RefusalClass; status: string | null; reason: string }
    /** The person told the mailbox provider that it is unwanted. */
    | { kind: 'complained'; reason: string }
  );

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/i;

/** The message's id in a `Message-ID` or `X-Relance-Message` of ours; null in anything else. */
export function messageIdIn(text: unknown): Id | null {
  if (typeof text !== 'string') return null;
  const found = new RegExp(`^\\s*<?(${UUID.source})(?:@[^\\s@<>]+)?>?\\s*$`, 'i').exec(text)?.[1];
  return found?.toLowerCase() ?? null;
}
