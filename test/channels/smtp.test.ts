import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { simpleParser } from 'mailparser';
import type { SMTPServerOptions } from 'smtp-server';
import type { DeliveryOutcome, OutgoingMessage } from '../../src/channels/index.ts';
import { composeEmail, SmtpAdapter } from '../../src/channels/index.ts';
import type { MailServer } from './mail-server.ts';
import {
  politely,
  refusingData,
  refusingRecipients,
  refusingSenders,
  startMailServer,
  startRudeServer,
} from './mail-server.ts';

const LINK = `https://relance.example.com/u/${'aB3-_'.repeat(40)}`;

const message = (overrides: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  ...composeEmail({
    message: {
      id: '07c1d1c4-0000-8000-8000-000000000001',
      contactId: '07c1d1c4-0000-5000-8000-000000000000',
      category: 'marketing',
      programme: 'welcome',
      scenarioId: 'newsletter-welcome',
    },
    to: 'ada@example.com',
    sender: { email: 'Relance <hello@example.com>', replyTo: 'care@example.com' },
    rendered: {
      subject: 'Café à Paris — bienvenue',
      html: '<p>Bonjour <b>Ada</b> é</p>',
      text: 'Bonjour Ada é\n.\nfin',
      from: null,
    },
    unsubscribeLink: LINK,
    unsubscribeAddress: 'care@example.com',
  }),
  ...overrides,
});

const SETTINGS = { poolSize: 2, timeoutMs: 5_000 };

async function deliverTo(server: MailServer, settings = {}): Promise<DeliveryOutcome> {
  const adapter = new SmtpAdapter({ ...SETTINGS, url: server.url, ...settings });
  try {
    return await adapter.deliver(message());
  } finally {
    await adapter.close();
    await server.close();
  }
}

test('a mail arrives with both parts, its addresses and the headers of RFC 8058, unfolded (C5)', async () => {
  const server = await startMailServer();
  expect(await deliverTo(server)).toMatchObject({ kind: 'sent', providerId: expect.stringMatching(/^250/) });
  expect(server.received).toHaveLength(1);
  const mail = await simpleParser(server.received[0]!);
  expect(mail.subject).toBe('Café à Paris — bienvenue');
  expect(mail.from?.value[0]).toEqual({ name: 'Relance', address: 'hello@example.com' });
  expect(mail.replyTo?.text).toBe('care@example.com');
  expect(mail.text).toBe('Bonjour Ada é\n.\nfin');
  expect(mail.html).toBe('<p>Bonjour <b>Ada</b> é</p>');
  expect(mail.messageId).toBe('<07c1d1c4-0000-8000-8000-000000000001@example.com>');
  const lines = server.received[0]!.split('\r\n');
  expect(lines).toContain(
    `List-Unsubscribe: <${LINK}>, <mailto:care@example.com?subject=unsubscribe%20${LINK.split('/').at(-1)}>`,
  );
  expect(lines).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  expect(lines).toContain('Feedback-ID: newsletter-welcome:welcome:marketing:relance');
});

test('C5b: without somebody who reads it there is no mailto; the link stays', () => {
  const composed = composeEmail({
    message: {
      id: '07c1d1c4-0000-8000-8000-000000000001',
      contactId: '07c1d1c4-0000-5000-8000-000000000000',
      category: 'marketing',
      programme: 'welcome',
      scenarioId: 'newsletter-welcome',
    },
    to: 'ada@example.com',
    sender: { email: 'Relance <hello@example.com>', replyTo: 'care@example.com' },
    rendered: { subject: 'x', html: 'x', text: 'x', from: null },
    unsubscribeLink: LINK,
  });
  expect(composed.headers['List-Unsubscribe']).toBe(`<${LINK}>`);
});

test('L21: a mail with a return address has it as its envelope sender, and nowhere in its headers', async () => {
  const envelopes: unknown[] = [];
  const server = await startMailServer({
    onMailFrom: ({ address }, _session, done) => {
      envelopes.push(address);
      done(null);
    },
  });
  const adapter = new SmtpAdapter({ ...SETTINGS, url: server.url });
  await adapter.deliver(message({ returnPath: 'bounce+abc@bounces.example.com' }));
  await adapter.deliver(message());
  await adapter.close();
  await server.close();
  expect(envelopes).toEqual(['bounce+abc@bounces.example.com', 'hello@example.com']);
  expect(server.received[0]).not.toContain('bounce+abc');
  expect(server.received[0]).toContain('X-Relance-Message: 07c1d1c4-0000-8000-8000-000000000001');
});

test('every attempt at a message has the same Message-ID (D3)', async () => {
  const server = await startMailServer();
  const adapter = new SmtpAdapter({ ...SETTINGS, url: server.url });
  await adapter.deliver(message());
  await adapter.deliver(message());
  await adapter.close();
  await server.close();
  const ids = await Promise.all(server.received.map(async (source) => (await simpleParser(source)).messageId));
  expect(ids).toEqual([
    '<07c1d1c4-0000-8000-8000-000000000001@example.com>',
    '<07c1d1c4-0000-8000-8000-000000000001@example.com>',
  ]);
});

describe('what the server says decides the outcome (D10, L20, L21)', () => {
  test.each<[string, SMTPServerOptions, Partial<DeliveryOutcome>]>([
    ['451 at the recipient is tried again', refusingRecipients(451, '4.7.1 Greylisted, try later'), { kind: 'retry' }],
    ['452 at the sender is tried again', refusingSenders(452, '4.3.1 Disk full'), { kind: 'retry' }],
    ['421 after the message is tried again', refusingData(421, '4.7.0 Too many messages'), { kind: 'retry' }],
    ['550 5.1.1 is a dead mailbox', refusingRecipients(550, '5.1.1 User unknown'), { kind: 'failed', suppress: true }],
    [
      '550 5.1.1 after the message is a dead mailbox',
      refusingData(550, '5.1.1 User unknown'),
      { kind: 'failed', suppress: true },
    ],
    [
      '550 5.1.10 (null MX) is a dead mailbox',
      refusingRecipients(556, '5.1.10 Recipient address has null MX'),
      { kind: 'failed', suppress: true },
    ],
    [
      '550 without a status and "no such user" is a dead mailbox',
      refusingRecipients(550, 'No such user here'),
      { kind: 'failed', suppress: true },
    ],
    [
      '550 without a status and reason suppresses nobody',
      refusingRecipients(550, 'Requested action not taken'),
      { kind: 'failed', suppress: false },
    ],
    [
      '552 5.2.2 (mailbox full) suppresses nobody',
      refusingRecipients(552, '5.2.2 Mailbox full'),
      { kind: 'failed', suppress: false },
    ],
    [
      '554 5.6.0 about the message suppresses nobody',
      refusingData(554, '5.6.0 Message malformed'),
      { kind: 'failed', suppress: false },
    ],
    [
      "550 5.7.1 is one recipient's own policy: it stops nothing else, and suppresses nobody",
      refusingRecipients(550, '5.7.1 Message rejected by the policy of this mailbox'),
      { kind: 'failed', suppress: false },
    ],
    [
      "550 5.7.515 is the sender's fault",
      refusingData(550, '5.7.515 Access denied, sending domain does not meet the required authentication level'),
      { kind: 'sender-fault' },
    ],
    [
      "550 5.7.26 is the sender's fault",
      refusingData(550, '5.7.26 Unauthenticated email is not accepted'),
      { kind: 'sender-fault' },
    ],
    [
      "554 5.7.1 relaying denied is the sender's fault",
      refusingRecipients(554, '5.7.1 Relay access denied'),
      { kind: 'sender-fault' },
    ],
    [
      "550 5.1.8 at the recipient is the sender's fault",
      refusingRecipients(550, '5.1.8 Sender domain does not exist'),
      { kind: 'sender-fault' },
    ],
    [
      "553 at the sender is the sender's fault",
      refusingSenders(553, '5.5.4 Sender address rejected'),
      { kind: 'sender-fault' },
    ],
    [
      "530 (sign in first) is the sender's fault",
      refusingSenders(530, '5.5.1 Authentication required'),
      { kind: 'sender-fault' },
    ],
  ])('%s', async (_name, options, outcome) => {
    expect(await deliverTo(await startMailServer(options))).toMatchObject(outcome);
  });

  test("refused credentials are the sender's fault", async () => {
    const server = await startMailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(Object.assign(new Error('5.7.8 Bad credentials'), { responseCode: 535 })),
    });
    const url = server.url.replace('smtp://', 'smtp://user:wrong@');
    const outcome = await deliverTo(server, { url });
    expect(outcome).toMatchObject({ kind: 'sender-fault' });
    expect(JSON.stringify(outcome)).not.toContain('wrong');
  });

  test("a certificate nobody vouches for is the sender's fault", async () => {
    const server = await startMailServer({ secure: true });
    expect(await deliverTo(server, { url: server.url.replace('smtp:', 'smtps:') })).toMatchObject({
      kind: 'sender-fault',
    });
  });
});

describe('without a reply, whether the message had begun to leave decides (D3)', () => {
  const WITHIN = { timeoutMs: 300 };

  test('connection refused: tried again', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => {
      closed.listen(0, '127.0.0.1', resolve);
    });
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => {
      closed.close(resolve);
    });
    const adapter = new SmtpAdapter({ ...SETTINGS, url: `smtp://127.0.0.1:${port}` });
    expect(await adapter.deliver(message())).toMatchObject({ kind: 'retry' });
    expect(await adapter.verify()).toMatchObject({ kind: 'retry' });
    await adapter.close();
  });

  test('no greeting: tried again', async () => {
    expect(await deliverTo(await startRudeServer(() => undefined, null), WITHIN)).toMatchObject({ kind: 'retry' });
  });

  test('silence before DATA: tried again', async () => {
    const server = await startRudeServer((line, socket) => void (line.startsWith('RCPT') || politely(line, socket)));
    expect(await deliverTo(server, WITHIN)).toMatchObject({ kind: 'retry' });
  });

  test('dropped before DATA: tried again', async () => {
    const server = await startRudeServer((line, socket) =>
      line.startsWith('RCPT') ? void socket.destroy() : politely(line, socket),
    );
    expect(await deliverTo(server)).toMatchObject({ kind: 'retry' });
  });

  test('silence after the message: unknown', async () => {
    const server = await startRudeServer((line, socket) => void (line === '.' || politely(line, socket)));
    expect(await deliverTo(server, WITHIN)).toMatchObject({ kind: 'unknown' });
  });

  test('dropped after the message: unknown, and offered once only', async () => {
    const server = await startRudeServer((line, socket) =>
      line === '.' ? void socket.destroy() : politely(line, socket),
    );
    expect(await deliverTo(server)).toMatchObject({ kind: 'unknown' });
    expect(server.received.filter((line) => line === 'DATA')).toHaveLength(1);
  });

  test('a server that wants no more mail on a connection gets the next one over another', async () => {
    const mails = new Map<Socket, number>();
    const server = await startRudeServer((line, socket) => {
      if (line === '.') {
        socket.write('250 taken\r\n');
      } else if (line.startsWith('MAIL') && mails.get(socket) === 2) {
        socket.end('421 4.7.0 Too many messages on this connection\r\n');
      } else {
        if (line.startsWith('MAIL')) mails.set(socket, (mails.get(socket) ?? 0) + 1);
        politely(line, socket);
      }
    });
    const adapter = new SmtpAdapter({ ...SETTINGS, url: server.url, poolSize: 1 });
    try {
      for (let sent = 0; sent < 5; sent++) expect(await adapter.deliver(message())).toMatchObject({ kind: 'sent' });
      expect([...mails.values()]).toEqual([2, 2, 1]);
    } finally {
      await adapter.close();
      await server.close();
    }
  });

  test('a pooled connection that the server closed meanwhile is replaced at once', async () => {
    let taken = 0;
    const server = await startRudeServer((line, socket) => {
      if (line === '.') {
        taken++;
        socket.write('250 taken\r\n');
      } else if (line.startsWith('MAIL') && taken === 1 && firstSocket === socket) {
        socket.destroy();
      } else {
        firstSocket ??= socket;
        politely(line, socket);
      }
    });
    let firstSocket: Socket | undefined;
    const adapter = new SmtpAdapter({ ...SETTINGS, url: server.url, poolSize: 1 });
    try {
      expect(await adapter.deliver(message())).toMatchObject({ kind: 'sent' });
      expect(await adapter.deliver(message())).toMatchObject({ kind: 'sent' });
      expect(taken).toBe(2);
    } finally {
      await adapter.close();
      await server.close();
    }
  });
});

test('verify says null when the server would take mail, and tells nothing of the password', async () => {
  const server = await startMailServer();
  const adapter = new SmtpAdapter({ ...SETTINGS, url: server.url.replace('smtp://', 'smtp://user:secret@') });
  expect(adapter.description).not.toContain('secret');
  await adapter.close();
  const plain = new SmtpAdapter({ ...SETTINGS, url: server.url });
  expect(await plain.verify()).toBeNull();
  await plain.close();
  await server.close();
});

test('reasons carry no address (S5)', async () => {
  const outcome = await deliverTo(
    await startMailServer(refusingRecipients(550, '5.1.1 <ada@example.com>: unknown, see ada@example.com')),
  );
  expect(outcome).toMatchObject({ kind: 'failed', reason: expect.not.stringContaining('ada@example.com') });
});

test('many mails over the pool all arrive, each once', async () => {
  const server = await startMailServer();
  const adapter = new SmtpAdapter({ ...SETTINGS, url: server.url, poolSize: 5 });
  const ids = Array.from({ length: 300 }, (_, index) => `07c1d1c4-0000-8000-8000-${String(index).padStart(12, '0')}`);
  const outcomes = await Promise.all(ids.map((messageId) => adapter.deliver(message({ messageId }))));
  await adapter.close();
  await server.close();
  expect(outcomes.every((outcome) => outcome.kind === 'sent')).toBe(true);
  const arrived = server.received.map((source) => /^Message-ID: <([^@]+)@/m.exec(source)?.[1]);
  expect(arrived.sort()).toEqual(ids);
});
