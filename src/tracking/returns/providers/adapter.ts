import type { WebhookConfig } from '../../../config/index.ts';
import type { Channel } from '../../../shared/channel.ts';
import type { Instant } from '../../../shared/clock.ts';
import type { InboundText } from '../inbound/inbound-text.ts';
import type { Report } from '../report.ts';
import type { OneTimeToken } from '../spent-token.store.ts';

/** A call of a provider, before anything in it is believed. */
export interface ProviderCall {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As parsed: an object of JSON or of a form. */
  body: unknown;
  /** The whole address that was called, as the provider knows it: PUBLIC_URL and the path with its query. */
  url: string;
  query: Readonly<Record<string, unknown>>;
}

/** What an adapter may know and do. */
export interface ProviderTools {
  settings: WebhookConfig & { smsToken?: string };
  now: Instant;
  /** Gets a text over HTTPS; for certificates and confirmations that a provider asks for. */
  fetchText: (url: string) => Promise<string>;
}

/** What a call tells: of messages of ours, and texts of people. */
export type Told = Report | InboundText;

/** Whose reports are taken, and how they are read. A new provider is a file of this form and a line in `all.ts`. */
export interface ProviderAdapter {
  channel: Channel;
  /** Last part of its address: `/webhooks/email/ses`. */
  name: string;
  /** The setting without which nobody can know the provider. */
  setting: string;
  isConfigured(settings: ProviderTools['settings']): boolean;
  /**
   * Verifies who calls, then reads what happened. Throws Problem: 401 or 403 when the caller is not the provider, 400 when
   * the call cannot be read. Nothing has been changed then.
   */
  read(call: ProviderCall, tools: ProviderTools): Told[] | Promise<Told[]>;
  /**
   * What makes a call that was read one that counts once. For signatures that cover a token and not what the call says:
   * whoever saw one could write anything under it.
   */
  once?(call: ProviderCall): OneTimeToken;
  /**
   * The answer to a call that brought texts of people, where the provider sends what stands in it: `texts` go to whoever
   * wrote. Without it answers are handed over as any text is.
   */
  answer?(texts: readonly string[]): { type: string; body: string };
}
