import type { AddressInfo } from 'node:net';
import { callbackify } from 'node:util';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { feedbackAddress, readReturnAddress, type ReturnToken } from '../../channels/index.ts';
import type { Log } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { readMail } from './read-mail.ts';
import type { Report } from './report.ts';
import { reportsOfMail } from './reports-of-mail.ts';
import { readReturnedMail, type ReturnedMail } from './returned-mail.ts';
import type { Taken } from './returns.service.ts';

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
  take: (reports: readonly Report[]) => Promise<Taken[]>;
}

const refusal = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });

/**
 * A mail server for one kind of mail: what comes back to return addresses (rule D10, law L21). It takes nothing else, and
 * sends nothing. What was taken is committed before it says so; a database that is away is told to the sender as 451, which
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
        if (this.read(address) === null) done(refusal(550, '5.1.1 no such address here'));
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

  private read(address: string): ReturnToken | null {
    return readReturnAddress(address, this.parts);
  }

  private async receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= LARGEST) chunks.push(chunk);
    }
    if (size > LARGEST) throw refusal(552, '5.3.4 too large for a bounce');
    const mail = await this.understand(Buffer.concat(chunks));
    const now = this.parts.clock.now();
    const tokens = session.envelope.rcptTo.flatMap(({ address }) => this.read(address) ?? []);
    const reports = tokens.flatMap((token) => reportsOfMail(mail, token, now, (address) => this.read(address)));
    try {
      const taken = await this.parts.take(reports);
      this.parts.log.debug({ mail: mail.kind, taken }, 'returned mail');
      return 'taken';
    } catch (error) {
      this.parts.log.warn(
        { error: (error as Error).message },
        'a returned mail could not be settled; it is sent again',
      );
      throw refusal(451, '4.3.0 not at the moment, try again later');
    }
  }

  /** What cannot be read is nothing: to send it back would only bring it again. */
  private async understand(source: Buffer): Promise<ReturnedMail> {
    try {
      return readReturnedMail(await readMail(source));
    } catch (error) {
      this.parts.log.debug({ error: (error as Error).message }, 'a returned mail could not be read');
      return { kind: 'nothing' };
    }
  }
}
