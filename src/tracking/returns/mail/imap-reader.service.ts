import { ImapFlow } from 'imapflow';
import type { InboundConfig } from '../../../config/index.ts';
import { RetryableDatabaseError, type Database } from '../../../database/index.ts';
import type { Log } from '../../../http/index.ts';
import type { Clock, Instant } from '../../../shared/clock.ts';
import { UserError } from '../../../shared/errors.ts';
import { advanceMailbox, beginMailbox, findMailbox, lockMailbox } from '../sql/inbound-mailbox.ts';

/** Bytes of a mail that are read at most: what is said stands at its beginning. */
const LARGEST = 2 * 1024 * 1024;
/** Of a mailbox that is new to us, mails of the last week are read; older ones were somebody else's to read. */
const NEW_MAILBOX_MS = 7 * 86_400_000;
/** Servers end IDLE after half an hour, and some forget to tell of new mail. */
const POLL_MS = 60_000;
const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 300_000;
const CONNECT_MS = 30_000;
/** Without a sign of the server for so long a connection counts as dead; longer than a poll. */
const SILENCE_MS = 5 * 60_000;
/** A server that does not let go is left when the service stops. */
const LOGOUT_MS = 2_000;

/** One mail of the mailbox. */
export interface MailboxMail {
  source: Uint8Array;
  /** When the mailbox got it. */
  at: Instant;
  /** Tells it from any other mail of any mailbox. */
  key: string;
}

export interface ImapReaderParts {
  inbound: InboundConfig;
  database: Database;
  clock: Clock;
  log: Log;
  /** Settles one mail. Whatever it throws but RetryableDatabaseError and UserError says that the mail cannot be read. */
  take: (mail: MailboxMail) => Promise<void>;
  /** Milliseconds; the defaults are above. */
  pollMs?: number;
  firstBackOffMs?: number;
}

/**
 * Reads a mailbox by IMAP (RFC 9051): what has come since it was read last, in the order it came, then what comes, told by
 * IDLE or asked for each minute. It changes nothing in the mailbox, also no flags: people may read it too. How far it has
 * read stands in the database and goes on with what follows from each mail, so that each is taken once by however many
 * processes, and again where it is not known to be settled. A mail that cannot be read is left, and logged.
 */
export class ImapReader {
  private client: ImapFlow | null = null;
  private stopping = false;
  private ended: Promise<void> | null = null;
  /** Something came since the mailbox was asked. */
  private news = false;
  private rouse: () => void = () => {};

  constructor(private readonly parts: ImapReaderParts) {}

  start(): void {
    this.ended = this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.rouse();
    const { client } = this;
    if (client !== null) {
      await Promise.race([client.logout().catch(() => undefined), pause(LOGOUT_MS)]);
      client.close();
    }
    await this.ended;
  }

  private async run(): Promise<void> {
    const { log, inbound, firstBackOffMs = FIRST_BACK_OFF_MS } = this.parts;
    for (let failures = 0; !this.stopping; failures++) {
      try {
        await this.session(() => {
          failures = 0;
        });
      } catch (error) {
        if (!this.stopping)
          log.warn(
            { mailbox: inbound.mailbox, error: describe(error) },
            'the mailbox cannot be read now; it is tried again',
          );
      }
      if (!this.stopping) await this.rest(Math.min(firstBackOffMs * 2 ** Math.min(failures, 10), LONGEST_BACK_OFF_MS));
    }
  }

  /** One connection, until it ends. `reading` is called once the mailbox is open. */
  private async session(reading: () => void): Promise<void> {
    const { inbound, log, pollMs = POLL_MS } = this.parts;
    const { host, port, secure, user, password, folder } = inbound;
    const client = new ImapFlow({
      host,
      port,
      secure,
      auth: { user, pass: password },
      logger: false,
      disableAutoIdle: true,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
    });
    // Also told by whatever was under way; without a listener it would end the process.
    client.on('error', (error: Error) => log.debug({ error: error.message }, 'mailbox connection'));
    client.on('exists', () => {
      this.news = true;
      this.rouse();
    });
    client.on('close', () => this.rouse());
    this.client = client;
    try {
      await client.connect();
      const lock = await client.getMailboxLock(folder, { readOnly: true });
      reading();
      log.info({ mailbox: inbound.mailbox }, 'reading the mailbox');
      try {
        while (!this.stopping && client.usable) {
          this.news = false;
          await this.readNew(client);
          if (this.stopping || !client.usable) break;
          // Ends by the next command, or when the server ends it.
          const idle = client.idle().catch(() => undefined);
          await this.rest(pollMs);
          if (!this.stopping && client.usable) await client.noop();
          await idle;
        }
      } finally {
        lock.release();
      }
    } finally {
      this.client = null;
      client.close();
    }
  }

  private async readNew(client: ImapFlow): Promise<void> {
    if (client.mailbox === false) return;
    const uidValidity = Number(client.mailbox.uidValidity);
    const from = await this.place(client, uidValidity);
    const found = (await client.search({ uid: `${from + 1}:*` }, { uid: true })) || [];
    // `n:*` means the last mail too, whatever its number.
    for (const uid of found.filter((one) => one > from).toSorted((a, b) => a - b)) {
      if (this.stopping) return;
      await this.readOne(client, uidValidity, uid);
    }
  }

  /** Up to which number it has been read. */
  private async place(client: ImapFlow, uidValidity: number): Promise<number> {
    const { database, inbound, clock } = this.parts;
    const [known] = await database.run(findMailbox, [inbound.mailbox]);
    if (known?.uidValidity === uidValidity) return known.lastUid;
    const now = clock.now();
    const recent = (await client.search({ since: new Date(now - NEW_MAILBOX_MS) }, { uid: true })) || [];
    const next = client.mailbox === false ? 1 : client.mailbox.uidNext;
    const begin = Math.min(...recent, next) - 1;
    await database.run(beginMailbox, [inbound.mailbox, uidValidity, begin, now]);
    const [begun] = await database.run(findMailbox, [inbound.mailbox]);
    return begun?.uidValidity === uidValidity ? begun.lastUid : begin;
  }

  private async readOne(client: ImapFlow, uidValidity: number, uid: number): Promise<void> {
    const { database, inbound, clock, take } = this.parts;
    const { mailbox } = inbound;
    const got = await client.fetchOne(
      String(uid),
      { uid: true, internalDate: true, source: { start: 0, maxLength: LARGEST } },
      { uid: true },
    );
    const at = got === false ? clock.now() : new Date(got.internalDate ?? clock.now()).getTime();
    await database.transaction(async (sql) => {
      const [place] = await sql.run(lockMailbox, [mailbox]);
      // Another process took it meanwhile, or the mailbox was made anew.
      if (place === undefined || place.uidValidity !== uidValidity || place.lastUid >= uid) return;
      if (got !== false && got.source !== undefined)
        await this.unlessUnreadable(uid, () =>
          take({ source: got.source!, at, key: `${mailbox} ${uidValidity} ${uid}` }),
        );
      await sql.run(advanceMailbox, [mailbox, uid, clock.now()]);
    });
  }

  private async unlessUnreadable(uid: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof RetryableDatabaseError || error instanceof UserError) throw error;
      const { log, inbound } = this.parts;
      log.warn({ mailbox: inbound.mailbox, uid, error: describe(error) }, 'a mail could not be read, and is left');
    }
  }

  /** Until something is new, or for so long. */
  private async rest(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.rouse = resolve;
      timer = setTimeout(resolve, ms);
      if (this.stopping || this.news) resolve();
    });
    clearTimeout(timer);
    this.rouse = () => {};
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** What a server says of a failed command stands beside the message. */
function describe(error: unknown): string {
  const { message, responseText, code } = error as { message?: string; responseText?: string; code?: string };
  return [message, responseText, code].filter((part) => part !== undefined && part !== '').join(': ');
}
