import type { AddressInfo } from 'node:net';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { WebhookCall } from '../../src/engine/index.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';

/** Monday 2 March 2026, 10:00 in Paris. */
export const START = Date.parse('2026-03-02T09:00:00Z');
export const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

const ADA = contactIdOf('ada');

/** Ada's `number`th call, claimed. */
export const aCall = ({ number = 0, ...fields }: Partial<WebhookCall> & { number?: number } = {}): WebhookCall => ({
  id: derivedId(ADA, 'webhook', number),
  contactId: ADA,
  enrollmentId: derivedId(ADA, 'enrollment', 'calls'),
  scenarioId: 'calls',
  scenarioVersion: 1,
  step: 'tell',
  method: 'POST',
  url: 'https://crm.example/hook',
  headers: {},
  body: '{}',
  plannedAt: START,
  status: 'calling',
  dueAt: START,
  attempts: 0,
  statusCode: null,
  error: null,
  settledAt: null,
  ...fields,
});

/** What a receiver was given. */
export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** An HTTP server on 127.0.0.1 that keeps what it is given and answers as it is told. */
export class Receiver {
  readonly received: Received[] = [];
  answer: (response: ServerResponse, received: Received) => void = (response) => void response.end();
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const received = { method, url, headers, body: Buffer.concat(chunks).toString() };
        this.received.push(received);
        this.answer(response, received);
      });
    });
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => void this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
