import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Database } from '../database/index.ts';
import type { Decision, Message } from '../gate/index.ts';
import { Problem } from '../http/index.ts';
import { formatInstant, parseInstant, type Instant } from '../shared/clock.ts';
import { contactIdOf } from '../shared/ids.ts';
import { messageById, messagesOf, type ExplainedMessage } from './messages.store.ts';

const PAGE = 50;

const querySchema = z.object({
  userId: z.string().min(1).describe('What the backend calls the contact'),
  before: z
    .string()
    .refine((text) => !Number.isNaN(parseInstant(text)), 'must be an RFC 3339 instant')
    .optional()
    .describe('`next` of the page before'),
});

/** What was planned for a contact, what became of it, and why (rule D6). */
@ApiTags('messages')
@ApiSecurity('account')
@Controller('api/messages')
export class MessagesController {
  constructor(private readonly database: Database) {}

  @Get()
  @ApiOperation({ summary: 'A contact’s messages, newest first, each with every decision about it' })
  @Header('Cache-Control', 'no-store')
  async list(
    @Query({ schema: querySchema }) query: z.output<typeof querySchema>,
  ): Promise<{ messages: object[]; next: string | null }> {
    const before = query.before === undefined ? null : parseInstant(query.before);
    const found = await messagesOf(this.database, contactIdOf(query.userId), PAGE, before);
    const last = found.length === PAGE ? found.at(-1)!.message.plannedAt : null;
    return { messages: found.map(messageJson), next: last === null ? null : formatInstant(last) };
  }

  @Get(':id/decision')
  @ApiOperation({ summary: 'Why one message was sent, held or not sent: every judgement with its gates and counters' })
  @ApiResponse({ status: 404, description: 'There is no such message' })
  @Header('Cache-Control', 'no-store')
  async decision(@Param('id') id: string): Promise<object> {
    const found = z.uuid().safeParse(id).success ? await messageById(this.database, id.toLowerCase()) : null;
    if (found === null) throw new Problem(404, 'not-found', 'There is no such message');
    return messageJson(found);
  }
}

/** Instants leave the program as RFC 3339. */
function messageJson({ message, decisions }: ExplainedMessage): object {
  const { plannedAt, expiresAt, dueAt, heldUntil, countedAt, settledAt, ...rest } = message satisfies Message;
  return {
    ...rest,
    plannedAt: formatInstant(plannedAt),
    dueAt: formatInstant(dueAt),
    expiresAt: written(expiresAt),
    heldUntil: written(heldUntil),
    countedAt: written(countedAt),
    settledAt: written(settledAt),
    decisions: decisions.map(decisionJson),
  };
}

function decisionJson({ messageId: _message, contactId: _contact, at, until, gates, ...rest }: Decision): object {
  const records = gates.map(({ until: opens, ...gate }) =>
    opens === undefined ? gate : { ...gate, until: formatInstant(opens) },
  );
  return { ...rest, at: formatInstant(at), until: written(until), gates: records };
}

function written(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
