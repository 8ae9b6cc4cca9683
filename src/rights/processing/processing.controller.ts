import { Controller, Get, Header, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Access } from '../../http/index.ts';
import { LibraryService } from '../../scenarios/index.ts';
import { processingCsv } from './processing-csv.ts';
import { controllerOf, processingRegister } from './processing.ts';

const querySchema = z.object({
  format: z.enum(['json', 'csv'], { error: 'must be json or csv' }).default('json'),
});

/** The register of processing (GDPR Art. 30), exported from the live programmes. */
@ApiTags('rights')
@Controller('api/processing')
export class ProcessingController {
  constructor(private readonly library: LibraryService) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ summary: 'Purpose, legal basis, data, persons and recipients of every live scenario (GDPR Art. 30)' })
  @Header('Cache-Control', 'no-store')
  async list(
    @Query({ schema: querySchema }) { format }: z.output<typeof querySchema>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const library = await this.library.current();
    const controller = controllerOf(library);
    const activities = processingRegister(library);
    if (format === 'csv') void reply.type('text/csv; charset=utf-8').send(processingCsv(activities, controller));
    else void reply.send({ controller, activities });
  }
}
