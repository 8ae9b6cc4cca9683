import { applyDecorators, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RequiresCredential } from '../http/index.ts';
import { batchSchema, callSchemas, cloudEventsSchema } from './call.schema.ts';
import type { EventType } from './event.ts';
import { readBatch, readCall, readCloudEvents } from './ingest.ts';
import { IngestService } from './ingest.service.ts';

const SUCCESS = { success: true } as const;
type Success = typeof SUCCESS;

/** One route, with its description. The body is checked in `ingest.ts`, after the key, and once. */
const Call = (route: string, summary: string, schema: z.ZodType): MethodDecorator =>
  applyDecorators(
    Post(route),
    HttpCode(200),
    ApiOperation({ summary }),
    ApiBody({ schema: describe(schema) }),
    ApiResponse({ status: 200, description: '`{"success": true}`: committed, or seen before' }),
    ApiResponse({ status: 400, description: 'Malformed: every fault with its path; nothing stored' }),
    ApiResponse({ status: 401, description: 'Wrong write key' }),
    ApiResponse({ status: 413, description: 'An event over 32 KB or a body over 500 KB; nothing stored' }),
    ApiResponse({ status: 429, description: 'Too many: send it again after `Retry-After` seconds' }),
    ApiResponse({ status: 503, description: 'The database is away: send it again after `Retry-After` seconds' }),
  );

function describe(schema: z.ZodType): object {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return described;
}

/** Segment's tracking API and CloudEvents: what happened, told by backends (interfaces, "Events API"). */
@ApiTags('events')
@ApiSecurity('writeKey')
@ApiSecurity('writeKeyBearer')
@Controller('v1')
@RequiresCredential('write-key')
export class EventsController {
  constructor(private readonly ingest: IngestService) {}

  @Call('track', 'Something a person did', callSchemas.track)
  track(@Req() request: FastifyRequest): Promise<Success> {
    return this.one('track', request);
  }

  @Call('identify', 'Who a person is', callSchemas.identify)
  identify(@Req() request: FastifyRequest): Promise<Success> {
    return this.one('identify', request);
  }

  @Call('page', 'A page that was viewed', callSchemas.page)
  page(@Req() request: FastifyRequest): Promise<Success> {
    return this.one('page', request);
  }

  @Call('screen', 'A screen of an app that was viewed', callSchemas.screen)
  screen(@Req() request: FastifyRequest): Promise<Success> {
    return this.one('screen', request);
  }

  @Call('group', 'A group, such as a company, that a person joined', callSchemas.group)
  group(@Req() request: FastifyRequest): Promise<Success> {
    return this.one('group', request);
  }

  @Call('alias', 'Another id of the same person', callSchemas.alias)
  alias(@Req() request: FastifyRequest): Promise<Success> {
    return this.one('alias', request);
  }

  @Call('batch', 'Many calls at once: all are stored or none', batchSchema)
  async batch(@Req() request: FastifyRequest): Promise<Success> {
    await this.ingest.take((arrival) => readBatch(request.body, arrival), request.bodyBytes, request.writeKey!);
    return SUCCESS;
  }

  @Call('cloudevents', 'CloudEvents 1.0 in JSON, one or a batch: all are stored or none', cloudEventsSchema)
  async cloudEvents(@Req() request: FastifyRequest): Promise<Success> {
    await this.ingest.take((arrival) => readCloudEvents(request.body, arrival), request.bodyBytes, request.writeKey!);
    return SUCCESS;
  }

  private async one(type: EventType, request: FastifyRequest): Promise<Success> {
    await this.ingest.take((arrival) => readCall(type, request.body, arrival), request.bodyBytes, request.writeKey!);
    return SUCCESS;
  }
}
