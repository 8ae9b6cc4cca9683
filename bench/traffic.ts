import { Agent, request } from 'node:http';
import { WRITE_KEY } from './service.ts';

const AUTHORIZATION = `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`;

/** The same contacts and events in every run. */
export const userOf = (number: number): string => `user-${number}`;

/** What the welcome programme begins with, as a backend sends it. `round` tells repetitions for one contact apart. */
export function subscription(number: number, round = 'a'): object {
  return {
    type: 'track',
    userId: userOf(number),
    event: 'Form Submitted',
    messageId: `${round}-${number}`,
    properties: { form: 'newsletter', page: '/en/journal', campaign: 'spring', position: number % 7 },
    context: { ip: '198.51.100.7', library: { name: 'analytics-node', version: '3.1.0' } },
  };
}

/** Bodies of `POST /v1/batch`, written before anything is timed: events of contacts `from` to `to`, `to` excluded. */
export function batches(from: number, to: number, size: number, round = 'a'): Buffer[] {
  const bodies: Buffer[] = [];
  for (let first = from; first < to; first += size) {
    const count = Math.min(size, to - first);
    const batch = Array.from({ length: count }, (_, index) => subscription(first + index, round));
    bodies.push(Buffer.from(JSON.stringify({ batch })));
  }
  return bodies;
}

/** Bodies of `POST /v1/consent`: each contact subscribes to the newsletter. */
export function consents(count: number): Buffer[] {
  const source = { kind: 'form', reference: '/en/newsletter', textVersion: '2026-01' };
  const entry = { channel: 'email', purpose: 'newsletter', action: 'granted', source };
  return Array.from({ length: count }, (_, number) =>
    Buffer.from(JSON.stringify({ userId: userOf(number), entries: [entry] })),
  );
}

/** Keeps as many connections open as are asked for. */
export function connections(most: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: most, scheduling: 'fifo' });
}

/** Posts a body; resolves when the answer is 200, which means that it is committed (rule D1). */
export function post(agent: Agent, url: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        agent,
        method: 'POST',
        headers: { authorization: AUTHORIZATION, 'content-type': 'application/json', 'content-length': body.length },
      },
      (response) => {
        response.resume();
        response.once('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`${url} answered ${response.statusCode}`)),
        );
      },
    );
    call.once('error', reject);
    call.end(body);
  });
}

/** Posts all bodies, each connection one after the other. Returns the milliseconds until the last answer. */
export async function postAll(url: string, bodies: readonly Buffer[], connectionCount: number): Promise<number> {
  const agent = connections(connectionCount);
  let next = 0;
  const started = performance.now();
  const connection = async (): Promise<void> => {
    while (next < bodies.length) await post(agent, url, bodies[next++]!);
  };
  await Promise.all(Array.from({ length: connectionCount }, connection));
  const took = performance.now() - started;
  agent.destroy();
  return took;
}
