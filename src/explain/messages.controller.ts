import { Controller, Get, Header, Headers, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Database } from '../database/index.ts';
import type { Decision, Message } from '../gate/index.ts';
import { Access, Problem } from '../http/index.ts';
import { formatInstant, parseInstant, type Instant } from '../shared/clock.ts';
import { contactIdOf } from '../shared/ids.ts';
import { explainMessage, type ExplainedMessage } from './explanation.ts';
import { languageSchema } from './language.schema.ts';
import { languageAsked } from './language.ts';
import { messageById, messagesOf } from './messages.store.ts';
import { gateJson } from './record-json.ts';
import { messageSentence } from './sentences.ts';

const PAGE = 50;

const querySchema = z.object({
  userId: z.string().min(1).describe('What the backend calls the contact'),
  before: z
    .string()
    .refine((text) => !Number.isNaN(parseInstant(text)), 'must be an RFC 3339 instant')
    .optional()
    .describe('`next` of the page before'),
  lang: languageSchema,
});
const decisionQuery = z.object({ lang: languageSchema });

/** What was planned for a contact, what became of it, and why (rule D6). */
@ApiTags('messages')
@Controller('api/messages')
export class MessagesController {
  constructor(private readonly database: Database) {}

  @Get()
  @Access('viewer')
  @ApiOperation({
    summary: 'A contact’s messages, newest first, each with a sentence why, and every decision about it',
  })
  @Header('Cache-Control', 'no-store')
  async list(
    @Query({ schema: querySchema }) query: z.output<typeof querySchema>,
    @Headers('accept-language') accepted?: string,
  ): Promise<{ messages: object[]; next: string | null }> {
    const before = query.before === undefined ? null : parseInstant(query.before);
    const found = await messagesOf(this.database, contactIdOf(query.userId), PAGE, before);
    const setting = found.in(languageAsked(query.lang, accepted));
    const last = found.messages.length === PAGE ? found.messages.at(-1)!.message.plannedAt : null;
    return {
      messages: found.messages.map((each) => ({
        ...messageJson(each),
        sentence: messageSentence(each.message, each.decisions, each.returned, setting),
      })),
      next: last === null ? null : formatInstant(last),
    };
  }

  @Get(':id/decision')
  @Access('viewer')
  @ApiOperation({
    summary: 'Why one message was sent, held or not sent',
    description:
      'The message as it is kept, with every judgement, how it came back under `returns` (`hard`, `soft`, `sender-fault`, `rejected`, `complaint`, or `unknown` for what nobody understands, with the server’s words), and under `explanation` what it comes to: a sentence in English or French, every gate with its answer, the rule and policy version that decided, the messages that used the room, until when it waits, and what the provider said.',
  })
  @ApiResponse({ status: 404, description: 'There is no such message' })
  @Header('Cache-Control', 'no-store')
  async decision(
    @Param('id') id: string,
    @Query({ schema: decisionQuery }) { lang }: z.output<typeof decisionQuery>,
    @Headers('accept-language') accepted?: string,
  ): Promise<object> {
    const found = await messageById(this.database, id);
    if (found === null) throw new Problem(404, 'not-found', 'There is no such message');
    const [message] = found.messages;
    return { ...messageJson(message!), explanation: explainMessage(message!, found.in(languageAsked(lang, accepted))) };
  }
}

/** Instants leave the program as RFC 3339. */
function messageJson({ message, decisions, returns = [] }: ExplainedMessage): object {
  const { plannedAt, expiresAt, dueAt, heldUntil, countedAt, holdsUntil, settledAt, ...rest } =
    message satisfies Message;
  return {
    ...rest,
    plannedAt: formatInstant(plannedAt),
    dueAt: formatInstant(dueAt),
    expiresAt: written(expiresAt),
    heldUntil: written(heldUntil),
    countedAt: written(countedAt),
    holdsUntil: written(holdsUntil),
    settledAt: written(settledAt),
    decisions: decisions.map(decisionJson),
    returns: returns.map(({ messageId: _message, at, ...said }) => ({ ...said, at: formatInstant(at) })),
  };
}

function decisionJson({ messageId: _message, contactId: _contact, at, until, gates, ...rest }: Decision): object {
  return { ...rest, at: formatInstant(at), until: written(until), gates: gates.map(gateJson) };
}

function written(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
