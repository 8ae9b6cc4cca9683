import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { formatInstant } from '../../shared/clock.ts';
import { RightsService } from '../rights.service.ts';
import type { RightsRequest } from './request.ts';

const querySchema = z.object({
  state: z.enum(['open', 'done'], { error: 'must be open or done' }).optional().describe('Only these'),
});

/** The register of people's requests, with the month in which each must be answered (GDPR Art. 12(3)). */
@ApiTags('rights')
@ApiSecurity('account')
@Controller('api/requests')
export class RequestsController {
  constructor(private readonly rights: RightsService) {}

  @Get()
  @ApiOperation({ summary: 'People’s requests, the one that is due first before the others; at most 500' })
  @Header('Cache-Control', 'no-store')
  async list(@Query({ schema: querySchema }) { state }: z.output<typeof querySchema>): Promise<{ requests: object[] }> {
    return { requests: (await this.rights.requests(state ?? null)).map(requestJson) };
  }
}

/** Instants leave the program as RFC 3339. */
export function requestJson({ receivedAt, dueAt, doneAt, ...request }: RightsRequest): object {
  return {
    ...request,
    receivedAt: formatInstant(receivedAt),
    dueAt: formatInstant(dueAt),
    doneAt: doneAt === null ? null : formatInstant(doneAt),
  };
}
