import { Controller, Get, Header, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CLOCK } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { Access, Problem } from '../http/index.ts';
import { formatInstant, parseInstant, type Clock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { scenarioResults } from './results.store.ts';

const instant = z
  .string()
  .refine((text) => !Number.isNaN(parseInstant(text)), 'must be an RFC 3339 instant')
  .optional();
const querySchema = z.object({
  from: instant.describe('Whoever entered from then on; without it everybody since the beginning'),
  to: instant.describe('Whoever entered before then; without it everybody until now'),
});

/** What a scenario achieved. */
@ApiTags('scenarios')
@Controller('api/scenarios')
export class ResultsController {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':scenario/results')
  @Access('viewer')
  @ApiOperation({
    summary: 'What came of everybody who entered in a time: sent, clicked, opened, converted, by step; and the holdout',
  })
  @ApiResponse({ status: 404, description: 'It was never published' })
  @Header('Cache-Control', 'no-store')
  async results(
    @Param('scenario') scenario: string,
    @Query({ schema: querySchema }) query: z.output<typeof querySchema>,
  ): Promise<object> {
    const from = query.from === undefined ? 0 : parseInstant(query.from);
    const to = query.to === undefined ? this.clock.now() : parseInstant(query.to);
    try {
      const results = await scenarioResults(this.database, scenario, from, to);
      return {
        scenario,
        from: query.from === undefined ? null : formatInstant(from),
        to: formatInstant(to),
        ...results,
      };
    } catch (error) {
      if (error instanceof UserError) throw new Problem(404, 'not-found', error.message);
      throw error;
    }
  }
}
