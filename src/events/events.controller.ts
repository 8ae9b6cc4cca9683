import { applyDecorators, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RequiresCredential } from '../http/index.ts';
import { batchSchema, callSchemas, cloudEventsSchema } from './call.schema.ts';
import type { EventType } from './event.ts';
import { readBatch, readCall, readCloudEvents, type Arrival, type Ingested } from './ingest.ts';
import { IngestService, type Taken } from './ingest.service.ts';

/** One route, with its description. The body is checked in `ingest.ts`, after the key, and once. */
const Call = (routes: string | string[], summary: string, schema: z.ZodType): MethodDecorator =>
  applyDecorators(
    Post(routes),
    HttpCode(200),
    ApiOperation({ summary }),
    ApiBody({ schema: describe(schema) }),
    ApiResponse({
      status: 200,
      description:
        '`{"success": true}`: committed, or seen before. Of a batch, calls that could not be read are told in `rejected` (`index`, `path`, `detail`; at most 100, then `rejectedTotal` counts them), and the others are committed',
    }),
    ApiResponse({ status: 400, description: 'Malformed: its faults with their paths, at most 100; nothing stored' }),
    ApiResponse({ status: 401, description: 'Wrong write key' }),
    ApiResponse({ status: 413, description: 'A single event over 32 KB or a body over 500 KB; nothing stored' }),
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

  @Call(['track', 't'], 'Something a person did', callSchemas.track)
  track(@Req() request: FastifyRequest): Promise<Taken> {
    return this.one('track', request);
  }

  @Call(['identify', 'i'], 'Who a person is', callSchemas.identify)
  identify(@Req() request: FastifyRequest): Promise<Taken> {
    return this.one('identify', request);
  }

  @Call(['page', 'p'], 'A page that was viewed', callSchemas.page)
  page(@Req() request: FastifyRequest): Promise<Taken> {
    return this.one('page', request);
  }

  @Call(['screen', 's'], 'A screen of an app that was viewed', callSchemas.screen)
  screen(@Req() request: FastifyRequest): Promise<Taken> {
    return this.one('screen', request);
  }

  @Call(['group', 'g'], 'A group, such as a company, that a person joined', callSchemas.group)
  group(@Req() request: FastifyRequest): Promise<Taken> {
    return this.one('group', request);
  }

  @Call(['alias', 'a'], 'Another id of the same person', callSchemas.alias)
  alias(@Req() request: FastifyRequest): Promise<Taken> {
    return this.one('alias', request);
  }

  @Call(['batch', 'b'], 'Many calls at once, taken one by one', batchSchema)
  batch(@Req() request: FastifyRequest): Promise<Taken> {
    return this.take(request, (arrival) => readBatch(request.body, arrival));
  }

  @Call(
    'import',
    'A batch of what happened before: history unless a call says `context.historical: false`',
    batchSchema,
  )
  import(@Req() request: FastifyRequest): Promise<Taken> {
    return this.take(request, (arrival) => readBatch(request.body, arrival, true));
  }

  @Call('cloudevents', 'CloudEvents 1.0 in JSON, one or a batch: all are stored or none', cloudEventsSchema)
  cloudEvents(@Req() request: FastifyRequest): Promise<Taken> {
    return this.take(request, (arrival) => readCloudEvents(request.body, arrival));
  }

  private one(type: EventType, request: FastifyRequest): Promise<Taken> {
    return this.take(request, (arrival) => readCall(type, request.body, arrival));
  }

  private take(request: FastifyRequest, read: (arrival: Arrival) => Ingested): Promise<Taken> {
    return this.ingest.take(read, request.bodyBytes, request.writeKey!);
  }
}
