import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { callbackify } from 'node:util';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { feedbackAddress } from '../../channels/index.ts';
import type { Log } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { readMail } from './read-mail.ts';
import { arrivedAtAddresses } from './mail/arrived-at.ts';
import { readInboundMail, type ArrivedAt, type InboundMail } from './mail/inbound-mail.ts';
import { mailReaders } from './mail/readers.ts';
import { NO_MAIL, type MailParts } from './mail-parts.ts';

/** Bytes of a bounce at most: servers send back headers, or a mail without its pictures. */
const LARGEST = 2 * 1024 * 1024;
const CONNECTIONS = 50;
/** A server that says nothing for so long is let go. */
const SILENCE_MS = 60_000;
/** Time that connections have to end in order when the service stops. */
const CLOSE_MS = 2_000;
/** A bounce is about one mail. */
const RECIPIENTS = 10;

export interface BounceListenerParts {
  domain: string;
  secret: string;
  host: string;
  port: number;
  clock: Clock;
  log: Log;
  take: (mail: InboundMail) => Promise<void>;
}

const refusal = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });

/**
 * A mail server for what comes to addresses that our mails name: what comes back to return addresses (rule D10, law L21),
 * and to those of `mailto:` in List-Unsubscribe (C5b). It takes nothing else, and sends nothing. What was taken is committed before it says so; a database that is away is told to the sender as 451, which
 * tries again.
 */
export class BounceListener {
  private readonly parts: BounceListenerParts;
  private readonly server: SMTPServer;

  constructor(parts: BounceListenerParts) {
    this.parts = parts;
    this.server = new SMTPServer({
      name: parts.domain,
      banner: 'bounces and complaints only',
      // Its own certificate would be one that nobody can verify; who carries bounces does without.
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      authOptional: true,
      logger: false,
      size: LARGEST,
      maxClients: CONNECTIONS,
      socketTimeout: SILENCE_MS,
      closeTimeout: CLOSE_MS,
      onRcptTo: ({ address }, session, done) => {
        if (!isOurs(this.arrivedAt(address))) done(refusal(550, '5.1.1 no such address here'));
        else if (session.envelope.rcptTo.length >= RECIPIENTS) done(refusal(452, '4.5.3 too many recipients'));
        else done();
      },
      onData: (stream, session, done) => callbackify(() => this.receive(stream, session))(done),
    });
    this.server.on('error', (error: Error) => parts.log.debug({ error: error.message }, 'bounce connection'));
  }

  /** Begins to listen; returns the port. Throws UserError when it cannot. */
  async listen(): Promise<number> {
    const { host, port, log, domain, secret } = this.parts;
    await new Promise<void>((resolve, reject) => {
      const failed = (error: Error): void =>
        reject(
          new UserError(`The listener for bounces cannot listen on ${host}:${port} (BOUNCE_PORT): ${error.message}`),
        );
      this.server.server.once('error', failed);
      this.server.listen(port, host, () => {
        this.server.server.off('error', failed);
        resolve();
      });
    });
    const { port: actual } = this.server.server.address() as AddressInfo;
    log.info({ host, port: actual, feedbackLoops: feedbackAddress({ domain, secret }) }, 'listening for bounces');
    return actual;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private arrivedAt(address: string): ArrivedAt {
    return arrivedAtAddresses([address], this.parts);
  }

  private async receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= LARGEST) chunks.push(chunk);
    }
    if (size > LARGEST) throw refusal(552, '5.3.4 too large for a bounce');
    const source = Buffer.concat(chunks);
    const parts = await this.understand(source);
    const { clock, log, take } = this.parts;
    const now = clock.now();
    const key = createHash('sha256').update(source).digest('hex');
    const read = mailReaders(this.parts.secret, this.parts);
    try {
      for (const { address } of session.envelope.rcptTo) {
        const mail = readInboundMail(parts, this.arrivedAt(address), read, { now, at: now, key });
        log.debug({ mail: mail.kind }, 'mail at an address of ours');
        await take(mail);
      }
      return 'taken';
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'a mail could not be settled; it is sent again');
      throw refusal(451, '4.3.0 not at the moment, try again later');
    }
  }

  /** What cannot be read says nothing but where it came: to send it back would only bring it again. */
  private async understand(source: Buffer): Promise<MailParts> {
    try {
      return await readMail(source);
    } catch (error) {
      this.parts.log.debug({ error: (error as Error).message }, 'a mail could not be read');
      return NO_MAIL;
    }
  }
}

const isOurs = ({ returned, unsubscribe }: ArrivedAt): boolean => returned !== null || unsubscribe !== null;
