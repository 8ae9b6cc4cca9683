import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeliveryOutcome } from '../../src/channels/index.ts';
import { composeSms, HttpSmsAdapter } from '../../src/channels/index.ts';
import { systemClock } from '../../src/shared/clock.ts';

const MESSAGE = composeSms({
  message: {
    id: '07c1d1c4-0000-8000-8000-000000000001',
    contactId: '07c1d1c4-0000-5000-8000-000000000000',
    category: 'marketing',
    programme: 'welcome',
    scenarioId: 'welcome',
  },
  to: '+33612345678',
  sender: { sms: 'RELANCE' },
  text: 'Bonjour Ada. STOP 36000',
});

interface Asked {
  headers: IncomingMessage['headers'];
  body: unknown;
}

async function askGateway(
  answer: (response: ServerResponse) => void,
  settings: { token?: string; userinfo?: string; timeoutMs?: number } = {},
): Promise<{ outcome: DeliveryOutcome; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${settings.userinfo ?? ''}127.0.0.1:${port}/send`;
  const adapter = new HttpSmsAdapter(
    { url, timeoutMs: settings.timeoutMs ?? 5_000, token: settings.token },
    systemClock,
  );
  try {
    return { outcome: await adapter.deliver(MESSAGE), asked };
  } finally {
    await adapter.close();
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  }
}

const json =
  (status: number, body: unknown, headers = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

test("a text goes out with its key, and the gateway's id comes back", async () => {
  const { outcome, asked } = await askGateway(json(202, { id: 'abc' }), { userinfo: 'user:p%40ss@' });
  expect(outcome).toEqual({ kind: 'sent', providerId: 'abc' });
  expect(asked[0]!.body).toEqual({
    to: '+33612345678',
    from: 'RELANCE',
    text: 'Bonjour Ada. STOP 36000',
    id: MESSAGE.messageId,
  });
  expect(asked[0]!.headers).toMatchObject({
    'idempotency-key': MESSAGE.messageId,
    authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
  });
});

test('a token goes as Bearer', async () => {
  const { asked } = await askGateway(json(200, {}), { token: 'secret' });
  expect(asked[0]!.headers.authorization).toBe('Bearer secret');
});

test.each<[string, (response: ServerResponse) => void, DeliveryOutcome]>([
  ['a numeric id', json(200, { messageId: 7 }), { kind: 'sent', providerId: '7' }],
  [
    'a reply that is not JSON is still taken',
    (response) => void response.writeHead(200).end('OK'),
    { kind: 'sent', providerId: MESSAGE.messageId },
  ],
  [
    '429 waits as asked',
    json(429, {}, { 'retry-after': '120' }),
    { kind: 'retry', reason: 'the gateway answered 429', after: 120_000 },
  ],
  ['503 is tried again', json(503, {}), { kind: 'retry', reason: 'the gateway answered 503' }],
  ['500 is tried again', json(500, {}), { kind: 'retry', reason: 'the gateway answered 500' }],
  ['504: nobody knows (D3)', json(504, {}), { kind: 'unknown', reason: 'the gateway answered 504' }],
  ['400 has failed', json(400, {}), { kind: 'failed', reason: 'the gateway answered 400', suppress: false }],
  ["401 is the sender's fault (D10)", json(401, {}), { kind: 'sender-fault', reason: 'the gateway answered 401' }],
  [
    'a redirection is not followed',
    json(302, {}, { location: 'http://127.0.0.1:1/' }),
    { kind: 'failed', reason: 'the gateway answered 302', suppress: false },
  ],
])('%s', async (_name, answer, outcome) => {
  expect((await askGateway(answer)).outcome).toEqual(outcome);
});

test('silence after the request was sent: nobody knows (D3)', async () => {
  expect((await askGateway(() => undefined, { timeoutMs: 200 })).outcome).toMatchObject({ kind: 'unknown' });
});

test('a connection dropped after the request was sent: nobody knows (D3)', async () => {
  expect((await askGateway((response) => void response.destroy())).outcome).toMatchObject({ kind: 'unknown' });
});

test('nobody there: tried again', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  const adapter = new HttpSmsAdapter({ url: `http://127.0.0.1:${port}/`, timeoutMs: 1_000 }, systemClock);
  expect(await adapter.deliver(MESSAGE)).toMatchObject({ kind: 'retry' });
  await adapter.close();
});
