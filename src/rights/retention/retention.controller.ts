import { Controller, Delete, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Access, Problem } from '../../http/index.ts';
import { formatInstant, type Instant } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { askerOf } from '../requests/asker-of.ts';
import type { RetentionRun } from '../sql/retention-runs.ts';
import type { RetentionPreview } from './retention.store.ts';
import { RetentionService } from './retention.service.ts';

/** For how long data is kept, and the job that removes it (rule C9, law L15). */
@ApiTags('rights')
@Controller('api/retention')
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ summary: 'What a run would remove now, by kind; and the latest runs. Changes nothing' })
  @Header('Cache-Control', 'no-store')
  async show(): Promise<object> {
    return { ...previewJson(await this.retention.preview()), runs: (await this.retention.runs()).map(runJson) };
  }

  @Post()
  @Access('admin')
  @HttpCode(202)
  @ApiOperation({ summary: 'Begins a run; how far it has come is shown by GET' })
  @ApiResponse({ status: 409, description: 'One is under way already' })
  async begin(@Req() request: FastifyRequest): Promise<{ id: string }> {
    try {
      return { id: await this.retention.begin(askerOf(request).actor) };
    } catch (error) {
      if (error instanceof UserError) throw new Problem(409, 'conflict', error.message);
      throw error;
    }
  }

  @Delete()
  @Access('admin')
  @ApiOperation({ summary: 'Has the run under way stop after its batch; the next goes on with what is left' })
  async stop(@Req() request: FastifyRequest): Promise<{ stopped: number }> {
    return { stopped: await this.retention.stop(askerOf(request).actor) };
  }
}

/** Instants leave the program as RFC 3339. */
export function previewJson({ people, rows }: RetentionPreview): object {
  const written = Object.entries(people).map(([kind, { oldest, ...rest }]) => [
    kind,
    { ...rest, oldest: date(oldest) },
  ]);
  return { people: Object.fromEntries(written) as object, rows };
}

function runJson({ startedAt, seenAt, endedAt, ...run }: RetentionRun): object {
  return { ...run, startedAt: date(startedAt), seenAt: date(seenAt), endedAt: date(endedAt) };
}

const date = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));
