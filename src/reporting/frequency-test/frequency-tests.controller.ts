import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CLOCK } from '../../config/index.ts';
import { Database } from '../../database/index.ts';
import { Access, Problem } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { resultsJson, runJson } from './frequency-test-json.ts';
import { frequencyTestResults, frequencyTests } from './frequency-tests.store.ts';

/** What came of frequency tests. */
@ApiTags('frequency tests')
@Controller('api/frequency-tests')
export class FrequencyTestsController {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({
    summary: 'Every frequency test that the policy names or ever named, the latest first',
    description:
      'When it ran, what share of the contacts is on the side of the variant, and the rules of both sides. `changed`: the rules were not the same all the time.',
  })
  @Header('Cache-Control', 'no-store')
  async list(): Promise<object> {
    return { frequencyTests: (await frequencyTests(this.database, this.clock.now())).map(runJson) };
  }

  @Get(':id')
  @Access('viewer')
  @ApiOperation({
    summary: 'What came of a frequency test, by side',
    description:
      'Messages sent a contact, and of all else the share of the side’s contacts: clicks (of people, not machines), withdrawals, complaints, STOPs, goals reached, and what each rule held or blocked. Each with its 95 % interval; `difference` is the variant’s less the base’s, and `beyondChance` when no difference at all lies outside of its interval. Counted from the first day until `countedUntil`, for whoever had a message planned meanwhile that pressure can hold back.',
  })
  @ApiResponse({ status: 404, description: 'No policy has ever named it' })
  @Header('Cache-Control', 'no-store')
  async results(@Param('id') id: string): Promise<object> {
    try {
      return resultsJson(await frequencyTestResults(this.database, id, this.clock.now()));
    } catch (error) {
      if (error instanceof UserError) throw new Problem(404, 'not-found', error.message);
      throw error;
    }
  }
}
