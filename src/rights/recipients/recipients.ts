import type { Config } from '../../config/index.ts';
import { CHANNELS, type Channel } from '../../shared/channel.ts';

/** Somebody whom data of a person was given to, and who is to be told of what becomes of it (GDPR Art. 19). Names nobody else. */
export interface Recipient {
  /** How: calls of `webhook` steps, or messages of a channel. */
  by: 'webhook' | Channel;
  /** `https://crm.example.com`, `smtp://mail.example.com:587`; null: a provider that is not set any more. */
  host: string | null;
  /** The scenarios that gave it, by id. */
  scenarios: string[];
}

/** Where the messages of a channel leave to; null: they are captured. */
export type Providers = Readonly<Record<Channel, string | null>>;

/** One way data went, by one scenario. */
export interface Given {
  by: 'webhook' | Channel;
  /** Scheme and host of a webhook; null for messages. */
  origin: string | null;
  scenario: string;
  /** False: a provider may have been given it. */
  sure: boolean;
}

/** The providers of a configuration: scheme and host, never a password. */
export function providersOf({ smtp, sms }: Pick<Config, 'smtp' | 'sms'>): Providers {
  return { email: smtp === undefined ? null : placeOf(smtp.url), sms: sms === undefined ? null : placeOf(sms.url) };
}

/** One recipient a host, with what gave it data, in the order of the ways data went. */
export function recipientsFrom(given: readonly Given[], providers: Providers): Recipient[] {
  const found = new Map<string, Recipient>();
  for (const { by, origin, scenario, sure } of given) {
    const host = isChannel(by) ? providers[by] : origin && placeOf(origin);
    // Nobody knows whether it went, and there was nobody to take it but the outbox.
    if (host === null && !sure) continue;
    const key = `${by} ${host}`;
    const recipient = found.get(key) ?? { by, host, scenarios: [] };
    if (!recipient.scenarios.includes(scenario)) recipient.scenarios.push(scenario);
    found.set(key, recipient);
  }
  return [...found.values()];
}

/** A recipient as people read it. */
export function describeRecipient({ by, host, scenarios }: Recipient): string {
  return `${host ?? `the former provider of ${by}`} (${by}, by ${scenarios.join(', ')})`;
}

const isChannel = (by: Given['by']): by is Channel => (CHANNELS as readonly string[]).includes(by);

function placeOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
