import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Database } from '../database/index.ts';
import type { WebhookCall } from '../engine/index.ts';
import { Access } from '../http/index.ts';
import { formatInstant, parseInstant, type Instant } from '../shared/clock.ts';
import { contactIdOf, laneOf } from '../shared/ids.ts';
import { listCalls } from './sql/list-calls.ts';

const PAGE = 50;

const querySchema = z.object({
  userId: z.string().min(1).describe('What the backend calls the contact'),
  before: z
    .string()
    .refine((text) => !Number.isNaN(parseInstant(text)), 'must be an RFC 3339 instant')
    .optional()
    .describe('`next` of the page before'),
});

/** What `webhook` steps called for a contact, and what became of it. */
@ApiTags('webhooks')
@Controller('api/webhooks')
export class WebhooksController {
  constructor(private readonly database: Database) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ summary: 'A contact’s webhook calls, newest first, with status, attempts and what went wrong last' })
  @Header('Cache-Control', 'no-store')
  async list(
    @Query({ schema: querySchema }) query: z.output<typeof querySchema>,
  ): Promise<{ calls: object[]; next: string | null }> {
    const before = query.before === undefined ? null : parseInstant(query.before);
    const contactId = contactIdOf(query.userId);
    const calls = await this.database.run(listCalls, [laneOf(contactId), contactId, PAGE, before]);
    const last = calls.length === PAGE ? calls.at(-1)!.plannedAt : null;
    return { calls: calls.map(callJson), next: written(last) };
  }
}

/** Without its headers, which may hold the receiver's credentials. Instants leave the program as RFC 3339. */
function callJson({ headers: _headers, plannedAt, dueAt, settledAt, ...rest }: WebhookCall): object {
  const next = rest.status === 'ready' ? dueAt : null;
  return { ...rest, plannedAt: formatInstant(plannedAt), nextAttemptAt: written(next), settledAt: written(settledAt) };
}

function written(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
