import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CLOCK } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { Access, SCOPES, type Scope } from '../http/index.ts';
import { formatInstant, type Clock, type Instant } from '../shared/clock.ts';
import { asProblem } from './as-problem.service.ts';
import { AccessDesk } from './desk.service.ts';
import { keys, type KeyRecord } from './keys.store.ts';

const addSchema = z.strictObject({
  name: z.string().trim().min(1, 'must not be empty').max(100, 'must have at most 100 characters'),
  scope: z.enum(SCOPES, { error: `must be one of ${SCOPES.join(', ')}` }),
});

/** Keys of machines. Every change is in the audit log. */
@ApiTags('access')
@Controller('api/keys')
export class KeysController {
  private readonly desk: AccessDesk;

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.desk = new AccessDesk(database, clock);
  }

  @Get()
  @Access('admin', { machines: false })
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Every key, those that are good first: name, scope, last use; never the key itself' })
  async list(): Promise<{ keys: object[] }> {
    return { keys: (await keys(this.database)).map(keyJson) };
  }

  @Post()
  @HttpCode(201)
  @Access('admin', { machines: false })
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Makes a key, told here and never again',
    description: '`write` posts events to `/v1`; `read` reads under `/api`; `manage` reads and changes there.',
  })
  async add(
    @Body({ schema: addSchema }) body: z.output<typeof addSchema>,
    @Req() request: FastifyRequest,
  ): Promise<{ id: string; name: string; scope: Scope; key: string }> {
    return { ...body, ...(await this.desk.addKey(body, request.actor!)) };
  }

  @Delete(':id')
  @Access('admin', { machines: false })
  @ApiOperation({ summary: 'Revokes a key: it is refused within seconds, in every process' })
  @ApiResponse({ status: 404, description: 'There is no such key' })
  async revoke(@Param('id') id: string, @Req() request: FastifyRequest): Promise<{ revoked: true }> {
    await asProblem(() => this.desk.revokeKey(id, request.actor!));
    return { revoked: true };
  }
}

/** Instants leave the program as RFC 3339. */
function keyJson({ createdAt, lastUsedAt, revokedAt, ...key }: KeyRecord): object {
  const written = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));
  return { ...key, createdAt: written(createdAt), lastUsedAt: written(lastUsedAt), revokedAt: written(revokedAt) };
}
