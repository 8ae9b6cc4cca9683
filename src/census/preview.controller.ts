import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CLOCK } from '../config/index.ts';
import { Database, snapshot } from '../database/index.ts';
import { Access, invalidRequest, tooManyRequests, unavailable } from '../http/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import type { Clock } from '../shared/clock.ts';
import { CensusTooLong, takeCensus, type Census } from './census.service.ts';
import { readPreview } from './preview-body.ts';

/** Milliseconds a person waits for an answer. */
const LONGEST = 20_000;
/** User ids in an answer. */
const SAMPLE = 10;
/** At a time in one process: each holds a connection for as long as it counts. */
const MOST_AT_ONCE = 2;

const BODY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    condition: {
      type: 'object',
      description: 'A condition as scenarios have it (docs/schemas/policy.json, `Condition`)',
    },
    audience: {
      type: 'string',
      description: 'In place of a condition: the name of an audience of the published policy',
    },
  },
  examples: [
    {
      condition: {
        all: [
          { attribute: 'country', equals: 'FR' },
          { event: 'Order Completed', within: '90d' },
        ],
      },
    },
    { audience: 'vip' },
  ],
};

const ANSWER = {
  type: 'object',
  required: ['count', 'of', 'sample'],
  properties: {
    count: { type: 'integer', description: 'Contacts in the audience now' },
    of: { type: 'integer', description: 'All contacts' },
    sample: {
      type: 'array',
      maxItems: SAMPLE,
      items: { type: 'string' },
      description: 'User ids of some; contacts without one are counted and not named',
    },
  },
};

/** Who is in an audience, before anything is sent to it. */
@ApiTags('audiences')
@Controller('api/audiences')
export class PreviewController {
  private underWay = 0;

  constructor(
    private readonly database: Database,
    private readonly library: LibraryService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('preview')
  @Access('author')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'How many contacts are in an audience now, exactly, and who some of them are' })
  @ApiBody({ schema: BODY })
  @ApiResponse({ status: 200, description: 'Counted', schema: ANSWER })
  @ApiResponse({ status: 400, description: 'Malformed, or no such audience: every fault with its path' })
  @ApiResponse({ status: 429, description: 'Other audiences are being counted: ask again after `Retry-After` seconds' })
  @ApiResponse({ status: 503, description: `Counting took longer than ${LONGEST / 1000} seconds and was given up` })
  async preview(@Body() body: unknown): Promise<Census> {
    const { policy } = await this.library.current();
    const { condition, faults } = readPreview(body, policy.policy.audiences);
    if (faults !== undefined) throw invalidRequest(faults);
    if (this.underWay >= MOST_AT_ONCE) throw tooManyRequests('Other audiences are being counted.', 5);
    this.underWay += 1;
    const limits = { clock: this.clock, longest: LONGEST, most: SAMPLE };
    try {
      return await snapshot(this.database, (sql) => takeCensus(sql, condition, policy, this.clock.now(), limits));
    } catch (error) {
      if (!(error instanceof CensusTooLong)) throw error;
      throw unavailable(`${error.message}. Ask for less of the past (\`within\`), or use \`relance audience\`.`);
    } finally {
      this.underWay -= 1;
    }
  }
}
