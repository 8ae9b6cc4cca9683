import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Problem } from '../http/index.ts';
import type { SmsLength } from '../templates/index.ts';
import type { OutboxQuery } from './outbox.schema.ts';
import { outboxQuerySchema } from './outbox.schema.ts';
import { entryJson, lengthOf, OutboxService } from './outbox.service.ts';

type EntryJson = ReturnType<typeof entryJson>;

/** Captured messages, for scripts and tests. */
@ApiTags('outbox')
@Controller('api/outbox')
export class OutboxController {
  constructor(private readonly outbox: OutboxService) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ summary: 'Captured messages, newest first, a page at a time' })
  @Header('Cache-Control', 'no-store')
  async list(
    @Query({ schema: outboxQuerySchema }) query: OutboxQuery,
  ): Promise<{ messages: EntryJson[]; next: string | null }> {
    const { messages, next } = await this.outbox.list(query);
    return { messages: messages.map(entryJson), next };
  }

  @Get(':id')
  @Access('viewer')
  @ApiOperation({ summary: 'One captured message with its HTML, text and headers; an SMS with its length' })
  @Header('Cache-Control', 'no-store')
  async find(@Param('id') id: string): Promise<EntryJson & { sms: SmsLength | null }> {
    const message = await this.outbox.find(id);
    if (message === null) throw new Problem(404, 'not-found', 'There is no such message in the outbox');
    return { ...entryJson(message), sms: lengthOf(message) };
  }
}
