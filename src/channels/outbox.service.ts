import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../database/index.ts';
import { formatInstant } from '../shared/clock.ts';
import type { SmsLength } from '../templates/index.ts';
import { smsParts } from '../templates/index.ts';
import type { OutgoingMessage } from './channel.ts';
import { sourceOf } from './mail.service.ts';
import type { OutboxQuery } from './outbox.schema.ts';
import type { OutboxPage } from './outbox.store.ts';
import { OutboxStore } from './outbox.store.ts';
import type { OutboxEntry, OutboxMessage } from './sql/outbox.ts';

const idSchema = z.uuid();

/** Reads the outbox for the API and for the page. */
@Injectable()
export class OutboxService {
  private readonly store: OutboxStore;

  constructor(database: Database) {
    this.store = new OutboxStore(database);
  }

  list(query: OutboxQuery): Promise<OutboxPage> {
    return this.store.list(query);
  }

  /** Null when there is no such message, or `id` is none. */
  async find(id: string): Promise<OutboxMessage | null> {
    return idSchema.safeParse(id).success ? this.store.find(id.toLowerCase()) : null;
  }
}

/** A text message's length; null for an email. */
export function lengthOf(message: OutboxMessage): SmsLength | null {
  return message.channel === 'sms' ? smsParts(message.text) : null;
}

/** The email as it would have left. */
export function emailSource(message: OutboxMessage): Promise<string> {
  const { 'Reply-To': replyTo = null, ...headers } = message.headers;
  const { id, contactId, channel, to, from, subject, html, text } = message;
  const outgoing: OutgoingMessage = {
    messageId: id,
    contactId,
    channel,
    to,
    from,
    replyTo,
    returnPath: null,
    subject,
    html,
    text,
    headers,
    idempotencyKey: id,
  };
  return sourceOf(outgoing, message.at);
}

/** Instants leave the program as RFC 3339. */
export function entryJson({ at, ...entry }: OutboxEntry): Omit<OutboxEntry, 'at'> & { capturedAt: string } {
  return { ...entry, capturedAt: formatInstant(at) };
}
