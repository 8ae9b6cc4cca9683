import type { SendMailOptions, Transporter } from 'nodemailer';
import { createTransport } from 'nodemailer';
import type { SmtpConfig } from '../config/index.ts';
import type { ChannelAdapter, DeliveryOutcome, OutgoingMessage } from './channel.ts';
import { systemClock, type Clock } from '../shared/clock.ts';
import { mailOf } from './mail.service.ts';
import { Pace } from './pace.ts';
import { smtpOutcome } from './smtp-outcome.ts';

/** RFC 6376, 5.4.1, and both headers of RFC 8058, which its section 4 wants covered. */
const SIGNED_HEADERS = [
  'From',
  'Sender',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'To',
  'Cc',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'Feedback-ID',
].join(':');

/** Time a server has to accept a connection and to greet. */
const CONNECT_MS = 10_000;
/** Servers drop idle connections after 10 s and more; a dropped one costs a second attempt. */
const IDLE_MS = 8_000;
/** Connections are renewed now and then, so that load spreads over a server's addresses; one costs about as much as 20 mails. */
const MESSAGES_A_CONNECTION = 1_000;

interface MailInWork {
  data: Record<string, unknown>;
  message: { createReadStream(): { readableDidRead: boolean } };
}

/** Hands emails to one SMTP server over a pool of connections. */
export class SmtpAdapter implements ChannelAdapter {
  readonly channel = 'email';
  readonly description: string;
  readonly concurrency: number;
  private readonly pace: Pace | undefined;
  private readonly transport: Transporter<{ response: string }>;

  constructor(config: SmtpConfig, clock: Clock = systemClock) {
    // Our own and not nodemailer's: what waits for its turn there would count as begun (rule D3).
    this.pace = config.rate === undefined ? undefined : new Pace(clock, config.rate);
    const { hostname, port, protocol } = new URL(config.url);
    this.description = `${protocol.replace(':', '')} ${hostname}${port === '' ? '' : `:${port}`}`;
    this.concurrency = Math.min(config.poolSize, config.rate ?? config.poolSize);
    const patience = Math.min(CONNECT_MS, config.timeoutMs);
    this.transport = createTransport({
      url: config.url,
      pool: true,
      maxConnections: config.poolSize,
      maxMessages: MESSAGES_A_CONNECTION,
      // A message that may have left is never queued again behind our back (rule D3); see `deliver`.
      maxRequeues: 0,
      idleTimeout: IDLE_MS,
      connectionTimeout: patience,
      greetingTimeout: patience,
      dnsTimeout: patience,
      socketTimeout: config.timeoutMs,
      ...(config.dkim === undefined
        ? {}
        : {
            dkim: {
              domainName: config.dkim.domain,
              keySelector: config.dkim.selector,
              privateKey: config.dkim.privateKey,
              headerFieldNames: SIGNED_HEADERS,
            },
          }),
    } as Parameters<typeof createTransport>[0]) as Transporter<{ response: string }>;
    // Each message's own error reaches its `deliver`; the pool repeats it for nobody in particular.
    this.transport.on('error', () => undefined);
    this.transport.use('stream', (mail, done) => {
      const { data, message } = mail as unknown as MailInWork;
      const create = message.createReadStream.bind(message);
      message.createReadStream = () => {
        const stream = create();
        (data.progress as Progress).begun = () => stream.readableDidRead;
        return stream;
      };
      done();
    });
  }

  async turn(): Promise<void> {
    await this.pace?.turn();
  }

  async deliver(message: OutgoingMessage): Promise<DeliveryOutcome> {
    const first = await this.attempt(message);
    // The server had closed the pooled connection meanwhile, or wants no more mail on it (421): nothing left, so a
    // fresh one is tried.
    return first.stale ? (await this.attempt(message)).outcome : first.outcome;
  }

  private async attempt(message: OutgoingMessage): Promise<{ outcome: DeliveryOutcome; stale: boolean }> {
    const progress: Progress = { begun: () => false };
    try {
      const { response } = await this.transport.sendMail({ ...mailOf(message), progress } as SendMailOptions);
      return { outcome: { kind: 'sent', providerId: response.slice(0, 300) }, stale: false };
    } catch (error) {
      const failure = error as Error & { code?: string; command?: string; responseCode?: number; response?: string };
      const begun = progress.begun();
      const dropped =
        failure.responseCode === undefined && failure.code === 'ECONNECTION' && failure.command !== 'CONN';
      const stale = !begun && (dropped || failure.responseCode === 421);
      const { code, command, responseCode, response } = failure;
      return {
        outcome: smtpOutcome({ code, command, responseCode, response, message: failure.message, begun }),
        stale,
      };
    }
  }

  /** Connects and signs in; null when the server would take messages. */
  async verify(): Promise<DeliveryOutcome | null> {
    try {
      await this.transport.verify();
      return null;
    } catch (error) {
      const { code, command, responseCode, response, message } = error as Error &
        Partial<Record<'code' | 'command' | 'response', string>> & { responseCode?: number };
      return smtpOutcome({ code, command, responseCode, response, message, begun: false });
    }
  }

  async close(): Promise<void> {
    this.transport.close();
  }
}

interface Progress {
  begun(): boolean;
}
