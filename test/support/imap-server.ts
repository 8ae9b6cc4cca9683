import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A mailbox by IMAP4rev1 (RFC 3501), as much of it as a reader needs: a mail server for tests, without TLS. */
export class ImapServer {
  readonly password = 'se/cret@1';
  uidValidity = 1;
  /** Mails by their numbers. */
  readonly mails = new Map<number, { source: Buffer; at: Date }>();
  /** Commands that were given, without their tags. */
  readonly commands: string[] = [];
  /** False: it tells of new mail only who asks. */
  idles = true;
  private next = 1;
  private server: Server | null = null;
  private readonly sessions = new Set<Session>();
  port = 0;

  async listen(): Promise<void> {
    this.server = createServer((socket) => {
      const session = new Session(this, socket);
      this.sessions.add(session);
      socket.on('close', () => this.sessions.delete(session));
      socket.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => this.server!.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** How it is read. */
  get inbound() {
    const address = 'care@example.com';
    const [host, folder] = ['127.0.0.1', 'INBOX'];
    const mailbox = `${address}@${host}/${folder}`;
    return { host, port: this.port, secure: false, user: address, password: this.password, folder, address, mailbox };
  }

  /** Puts a mail into the mailbox; returns its number. */
  add(source: string | Buffer, at = new Date()): number {
    const uid = this.next++;
    this.mails.set(uid, { source: Buffer.from(source), at });
    for (const session of this.sessions) session.tell();
    return uid;
  }

  /** As a server that restarts. */
  drop(): void {
    for (const session of this.sessions) session.socket.destroy();
  }

  get uidNext(): number {
    return this.next;
  }

  /** Ends; the next `listen` has the same port. */
  async close(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

class Session {
  private buffer = '';
  private idling: string | null = null;
  private selected = false;

  constructor(
    private readonly server: ImapServer,
    readonly socket: Socket,
  ) {
    socket.setEncoding('latin1');
    socket.on('data', (data) => this.read(String(data)));
    this.send('* OK [CAPABILITY IMAP4rev1 IDLE] ready');
  }

  tell(): void {
    if (this.selected && this.idling !== null && this.server.idles) this.send(`* ${this.server.mails.size} EXISTS`);
  }

  private send(line: string): void {
    if (!this.socket.destroyed) this.socket.write(`${line}\r\n`, 'latin1');
  }

  private read(data: string): void {
    this.buffer += data;
    for (let end = this.buffer.indexOf('\r\n'); end >= 0; end = this.buffer.indexOf('\r\n')) {
      const line = this.buffer.slice(0, end);
      this.buffer = this.buffer.slice(end + 2);
      this.take(line);
    }
  }

  private take(line: string): void {
    if (this.idling !== null) {
      this.send(`${this.idling} OK idle ended`);
      this.idling = null;
      return;
    }
    const [, tag = '*', command = '', rest = ''] = /^(\S+) ((?:UID )?\S+) ?(.*)$/is.exec(line) ?? [];
    this.server.commands.push(`${command} ${rest}`.trim());
    this.answer(tag, command.toUpperCase(), rest);
  }

  private answer(tag: string, command: string, rest: string): void {
    const { server } = this;
    const done = (text = 'done'): void => this.send(`${tag} OK ${text}`);
    switch (command) {
      case 'LOGIN':
        return rest.includes(server.password) ? done() : this.send(`${tag} NO [AUTHENTICATIONFAILED] wrong password`);
      case 'SELECT':
      case 'EXAMINE':
        if (!/inbox/i.test(rest)) return this.send(`${tag} NO [NONEXISTENT] no such folder`);
        this.selected = true;
        this.send('* FLAGS (\\Seen)');
        this.send(`* ${server.mails.size} EXISTS`);
        this.send(`* OK [UIDVALIDITY ${server.uidValidity}] valid`);
        this.send(`* OK [UIDNEXT ${server.uidNext}] next`);
        return done(command === 'EXAMINE' ? '[READ-ONLY] opened' : '[READ-WRITE] opened');
      case 'LIST':
        this.send('* LIST () "/" "INBOX"');
        return done();
      case 'NOOP':
        if (this.selected) this.send(`* ${server.mails.size} EXISTS`);
        return done();
      case 'IDLE':
        this.idling = tag;
        return this.send('+ idling');
      case 'UID SEARCH':
        this.send(`* SEARCH ${this.found(rest).join(' ')}`);
        return done();
      case 'UID FETCH':
        this.fetch(rest);
        return done();
      case 'LOGOUT':
        this.send('* BYE');
        done();
        this.socket.end();
        return;
      default:
        return done();
    }
  }

  private found(criteria: string): number[] {
    const since = /SINCE "?(\d{1,2}-\w{3}-\d{4})/i.exec(criteria)?.[1];
    const from = /UID (\d+)/i.exec(criteria)?.[1];
    return [...this.server.mails]
      .filter(
        ([uid, { at }]) =>
          (since === undefined || at >= new Date(since)) && (from === undefined || uid >= Number(from)),
      )
      .map(([uid]) => uid);
  }

  private fetch(rest: string): void {
    const uid = Number(/^\d+/.exec(rest)?.[0]);
    const mail = this.server.mails.get(uid);
    if (mail === undefined) return;
    const most = Number(/<0\.(\d+)>/.exec(rest)?.[1] ?? Number.POSITIVE_INFINITY);
    const body = mail.source.subarray(0, most);
    const index = [...this.server.mails.keys()].indexOf(uid) + 1;
    const at = mail.at.toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1-$2-$3 $4 +0000');
    this.socket.write(`* ${index} FETCH (UID ${uid} INTERNALDATE "${at}" BODY[]<0> {${body.length}}\r\n`, 'latin1');
    this.socket.write(body);
    this.send(')');
  }
}
