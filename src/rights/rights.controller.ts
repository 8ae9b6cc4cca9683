import { Controller, Delete, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../http/index.ts';
import type { ErasureReport } from './erasure/erasure.store.ts';
import type { Asker } from './requests/request.ts';
import { RightsService } from './rights.service.ts';

const erasureQuery = z.object({
  dryRun: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .describe('true: only tells what would be erased'),
});

/** Whoever is signed in acts for the person who asked. */
export function askerOf(request: FastifyRequest): Asker {
  return { origin: 'api', actor: request.account?.email ?? 'api' };
}

/** A person's data, out and gone (GDPR Art. 15, 17, 20; rule C8). */
@ApiTags('rights')
@ApiSecurity('account')
@Controller('api/contacts')
export class RightsController {
  constructor(private readonly rights: RightsService) {}

  @Get(':userId/export')
  @ApiOperation({ summary: 'Everything that is kept of a contact, as one JSON document (GDPR Art. 15 and 20)' })
  @ApiResponse({ status: 404, description: 'Nothing is kept of this contact' })
  @Header('Cache-Control', 'no-store')
  async export(@Param('userId') userId: string, @Req() request: FastifyRequest): Promise<object> {
    const found = await this.rights.export(userId, askerOf(request));
    if (found === null) throw new Problem(404, 'not-found', 'Nothing is kept of this contact');
    return found;
  }

  @Delete(':userId')
  @ApiOperation({ summary: 'Erases a contact: only salted hashes stay, which refuse it at re-import (GDPR Art. 17)' })
  @ApiResponse({ status: 200, description: 'What was erased, in rows by table; the second time, nothing' })
  async erase(
    @Param('userId') userId: string,
    @Query({ schema: erasureQuery }) { dryRun }: z.output<typeof erasureQuery>,
    @Req() request: FastifyRequest,
  ): Promise<ErasureReport> {
    return dryRun === 'true' ? this.rights.previewErasure(userId) : this.rights.erase(userId, askerOf(request));
  }
}
