import { z } from 'zod';
import type { SmsConfig } from '../config/index.ts';
import type { Clock } from '../shared/clock.ts';
import { retryAfter } from '../shared/retry-after.ts';
import type { ChannelAdapter, DeliveryOutcome, OutgoingMessage } from './channel.ts';
import { Pace } from './pace.ts';

/** What gateways call the id they give a message. */
const replySchema = z
  .looseObject({
    id: z.union([z.string(), z.number()]).optional(),
    messageId: z.union([z.string(), z.number()]).optional(),
  })
  .transform(({ id, messageId }) => id ?? messageId);

/** Requests at the same time. */
const REQUESTS = 16;

/** The request surely did not reach the gateway. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/;

/** Says what a gateway's reply means. Only what surely was not taken is sent again (rule D3). */
export function gatewayOutcome(status: number, after: number | undefined): Exclude<DeliveryOutcome, { kind: 'sent' }> {
  const reason = `the gateway answered ${status}`;
  if (status === 401 || status === 402 || status === 403 || status === 404 || status === 407)
    return { kind: 'sender-fault', reason };
  // Between us and the gateway somebody waited in vain, or lost the reply: it may have been taken.
  if (status === 408 || status === 502 || status === 504) return { kind: 'unknown', reason };
  if (status === 425 || status === 429 || status >= 500)
    return { kind: 'retry', reason, ...(after === undefined ? {} : { after }) };
  return { kind: 'failed', reason, suppress: false };
}

/**
 * Hands text messages to a gateway that takes JSON: POST {to, from, text, id} with an `Idempotency-Key`, answered by
 * 2xx and optionally {id}. Credentials of the URL go as HTTP Basic, a token as Bearer.
 */
export class HttpSmsAdapter implements ChannelAdapter {
  readonly channel = 'sms';
  readonly description: string;
  readonly concurrency: number;
  private readonly url: string;
  private readonly authorization: string | undefined;
  private readonly timeoutMs: number;
  private readonly clock: Clock;
  private readonly pace: Pace | undefined;
  private readonly stop = new AbortController();

  constructor(config: SmsConfig, clock: Clock) {
    const url = new URL(config.url);
    const { username, password } = url;
    url.username = '';
    url.password = '';
    this.url = url.href;
    this.description = `gateway ${url.host}`;
    const basic = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.authorization =
      config.token !== undefined
        ? `Bearer ${config.token}`
        : username === ''
          ? undefined
          : `Basic ${Buffer.from(basic).toString('base64')}`;
    this.timeoutMs = config.timeoutMs;
    this.concurrency = Math.min(REQUESTS, config.rate ?? REQUESTS);
    this.clock = clock;
    this.pace = config.rate === undefined ? undefined : new Pace(clock, config.rate);
  }

  async turn(): Promise<void> {
    await this.pace?.turn();
  }

  async deliver(message: OutgoingMessage): Promise<DeliveryOutcome> {
    let response: Response;
    try {
      response = await fetch(this.url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json',
          'Idempotency-Key': message.idempotencyKey,
          ...(this.authorization === undefined ? {} : { Authorization: this.authorization }),
        },
        body: JSON.stringify({ to: message.to, from: message.from, text: message.text, id: message.messageId }),
        signal: AbortSignal.any([this.stop.signal, AbortSignal.timeout(this.timeoutMs)]),
      });
    } catch (error) {
      return failureOutcome(error as FetchError);
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok)
      return gatewayOutcome(response.status, retryAfter(response.headers.get('retry-after'), this.clock.now()));
    const id = replySchema.safeParse(body);
    return { kind: 'sent', providerId: String((id.success ? id.data : undefined) ?? message.messageId) };
  }

  async close(): Promise<void> {
    this.stop.abort();
  }
}

type FetchError = Error & { cause?: { code?: string; message?: string } };

function failureOutcome(error: FetchError): DeliveryOutcome {
  const code = error.cause?.code ?? error.cause?.message ?? error.name;
  const reason = `the gateway could not be asked: ${code}`;
  if (NOT_CONNECTED.has(code)) return { kind: 'retry', reason };
  if (CERTIFICATE.test(code) || code === 'bad port') return { kind: 'sender-fault', reason };
  return { kind: 'unknown', reason };
}
