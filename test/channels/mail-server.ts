import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { SMTPServer } from 'smtp-server';

/** A real SMTP server on a free port of the loopback, and what it received. */
export interface MailServer {
  url: string;
  received: string[];
  close(): Promise<void>;
}

const answered = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code });

/** Starts a server that takes everything, but for what `options` refuse. `at`: its port; any free one for 0. */
export async function startMailServer(options: SMTPServerOptions = {}, at = 0): Promise<MailServer> {
  const received: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push(Buffer.concat(chunks).toString());
        done(null);
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    server.listen(at, '127.0.0.1', () => resolve((server.server.address() as AddressInfo).port));
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Refuses every recipient with this reply. */
export const refusingRecipients = (code: number, text: string): SMTPServerOptions => ({
  onRcptTo: (_address, _session, done) => done(answered(code, text)),
});

/** Refuses every sender with this reply. */
export const refusingSenders = (code: number, text: string): SMTPServerOptions => ({
  onMailFrom: (_address, _session, done) => done(answered(code, text)),
});

/** Takes the message, then answers with this reply. */
export const refusingData = (code: number, text: string): SMTPServerOptions => ({
  onData(stream, _session, done) {
    stream.resume();
    stream.on('end', () => done(answered(code, text)));
  },
});

/** A server written by hand, for what a good server never does: `onLine` gets each line and the socket. */
export async function startRudeServer(
  onLine: (line: string, socket: Socket) => void,
  greeting: string | null = '220 rude',
): Promise<MailServer> {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    if (greeting !== null) socket.write(`${greeting}\r\n`);
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString();
      const lines = rest.split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) {
        received.push(line);
        onLine(line, socket);
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Answers the commands before the message as a good server would. */
export function politely(line: string, socket: Socket): void {
  if (/^(EHLO|HELO)/i.test(line)) socket.write('250 rude\r\n');
  else if (/^(MAIL|RCPT|RSET|NOOP)/i.test(line)) socket.write('250 ok\r\n');
  else if (/^DATA/i.test(line)) socket.write('354 go on\r\n');
  else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
}
