import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CLOCK } from '../../config/index.ts';
import { Access, invalidRequest, Problem } from '../../http/index.ts';
import { formatInstant, type Clock, type Instant } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { RightsService } from '../rights.service.ts';
import { askerOf } from './asker-of.ts';
import { ENDINGS, EXTENSIONS, isRequestId, REQUEST_KINDS, stageOf, type RightsRequest } from './request.ts';

const querySchema = z.object({
  state: z.enum(['open', 'done'], { error: 'must be open or done' }).optional().describe('Only these'),
});

const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` });

const registerSchema = z.strictObject({
  userId: z.string({ error: 'must be what your backend calls the person' }).min(1, 'must not be empty'),
  kind: oneOf(REQUEST_KINDS),
  receivedAt: z.iso
    .datetime({ offset: true, error: 'must be an instant such as 2026-11-24T10:00:00Z' })
    .optional()
    .describe('When it came; default: now'),
});
const extendSchema = z.strictObject({ because: oneOf(EXTENSIONS) });
const endSchema = z.strictObject({ ending: oneOf(ENDINGS) });

/** A request that came longer ago was forgotten, or its year is written wrongly. */
const OLDEST_MS = 366 * 86_400_000;

/** The register of people's requests, with the month in which each must be answered (GDPR Art. 12(3)). */
@ApiTags('rights')
@Controller('api/requests')
export class RequestsController {
  constructor(
    private readonly rights: RightsService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ summary: 'People’s requests, the one that is due first before the others; at most 500' })
  @Header('Cache-Control', 'no-store')
  async list(@Query({ schema: querySchema }) { state }: z.output<typeof querySchema>): Promise<{ requests: object[] }> {
    const now = this.clock.now();
    return { requests: (await this.rights.requests(state ?? null)).map((request) => requestJson(request, now)) };
  }

  @Post()
  @Access('admin')
  @HttpCode(201)
  @ApiOperation({
    summary:
      'Writes down a request that came by letter, mail or telephone; what it asks for answers it when it is done',
  })
  @ApiResponse({ status: 201, description: '`id`, and `dueAt`: a calendar month after it came' })
  @ApiResponse({ status: 400, description: 'Every fault with its path; nothing was written down' })
  async register(
    @Body({ schema: registerSchema }) { userId, kind, receivedAt }: z.output<typeof registerSchema>,
    @Req() request: FastifyRequest,
  ): Promise<{ id: string; dueAt: string }> {
    const at = receivedAt === undefined ? null : this.received(receivedAt);
    const { id, dueAt } = await this.rights.register(userId, kind, at, askerOf(request));
    return { id, dueAt: formatInstant(dueAt) };
  }

  @Post(':id/extend')
  @Access('admin')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Two months more, once and within the first; tell the person so, and why (GDPR Art. 12(3))',
  })
  @ApiParam({ name: 'id', description: 'Of the register' })
  @ApiResponse({ status: 200, description: '`dueAt`, the new term' })
  @ApiResponse({ status: 404, description: 'There is no such request' })
  @ApiResponse({ status: 409, description: 'It is not open, was extended before, or its month is over' })
  async extend(
    @Param('id') id: string,
    @Body({ schema: extendSchema }) { because }: z.output<typeof extendSchema>,
    @Req() request: FastifyRequest,
  ): Promise<{ dueAt: string }> {
    const due = await asConflict(() => this.rights.prolong(known(id), because, askerOf(request).actor));
    if (due === null) throw unknown();
    return { dueAt: formatInstant(due) };
  }

  @Post(':id/end')
  @Access('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends a request that was answered in another way, refused (Art. 12(5)), or taken back' })
  @ApiParam({ name: 'id', description: 'Of the register' })
  @ApiResponse({ status: 404, description: 'There is no such request' })
  @ApiResponse({ status: 409, description: 'It is done already' })
  async end(
    @Param('id') id: string,
    @Body({ schema: endSchema }) { ending }: z.output<typeof endSchema>,
    @Req() request: FastifyRequest,
  ): Promise<{ ended: true }> {
    if (!(await asConflict(() => this.rights.end(known(id), ending, askerOf(request))))) throw unknown();
    return { ended: true };
  }

  private received(text: string): Instant {
    const at = Date.parse(text);
    const now = this.clock.now();
    if (at <= now && at >= now - OLDEST_MS) return at;
    throw invalidRequest([
      {
        code: 'invalid-value',
        severity: 'error',
        path: 'receivedAt',
        message: 'must be of the past year, and not to come',
      },
    ]);
  }
}

function known(id: string): string {
  if (isRequestId(id)) return id.toLowerCase();
  throw unknown();
}

const unknown = (): Problem => new Problem(404, 'not-found', 'There is no such request; GET /api/requests lists them');

/** What the register refuses is the caller's to know. */
async function asConflict<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw new Problem(409, 'conflict', error.message);
    throw error;
  }
}

/** Instants leave the program as RFC 3339. */
export function requestJson(
  { receivedAt, dueAt, extendedAt, doneAt, ...request }: RightsRequest,
  now: Instant,
): object {
  const written = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));
  return {
    ...request,
    stage: stageOf({ ...request, receivedAt, dueAt, extendedAt }, now),
    receivedAt: formatInstant(receivedAt),
    dueAt: formatInstant(dueAt),
    extendedAt: written(extendedAt),
    doneAt: written(doneAt),
  };
}
