import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CLOCK } from '../../config/index.ts';
import { Access } from '../../http/index.ts';
import { formatInstant, parseInstant, type Clock } from '../../shared/clock.ts';
import { contactIdOf } from '../../shared/ids.ts';
import { STORABLE } from '../../shared/storable.ts';
import { REJECTED_KEPT } from './forget-rejected.service.ts';
import { RejectedStore } from './rejected.store.ts';

const PAGE = 50;

/** `next` of a page: the instant and id of its last call. */
const place = z
  .string()
  .transform((text) => text.split('/'))
  .pipe(z.tuple([z.string().refine((text) => !Number.isNaN(parseInstant(text))), z.uuid()]))
  .transform(([at, id]) => ({ at: parseInstant(at), id }));

const querySchema = z.object({
  userId: z
    .string()
    .min(1)
    .max(500)
    .regex(...STORABLE)
    .optional()
    .describe('Only calls about this person'),
  before: z
    .string()
    .refine((text) => place.safeParse(text).success, 'must be `next` of the page before')
    .optional()
    .describe('`next` of the page before'),
});

/** Calls of batches that could not be read (interfaces, "Events API"). */
@ApiTags('events')
@Controller('api/rejected-events')
export class RejectedController {
  constructor(
    private readonly store: RejectedStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({
    summary:
      'Calls of batches that were not stored in the past seven days, the latest first, and what is wrong with them',
    description:
      '`body` is the JSON of the call as it was sent, shortened; of a call that does not tell whose it is only names and types are kept.',
  })
  @Header('Cache-Control', 'no-store')
  async list(
    @Query({ schema: querySchema }) { userId, before }: z.output<typeof querySchema>,
  ): Promise<{ events: object[]; next: string | null }> {
    const found = await this.store.list({
      since: this.clock.now() - REJECTED_KEPT,
      ...(before !== undefined && { before: place.parse(before) }),
      ...(userId !== undefined && { contactId: contactIdOf(userId) }),
      most: PAGE,
    });
    const last = found.length === PAGE ? found.at(-1)! : null;
    return {
      events: found.map((event) => ({ ...event, receivedAt: formatInstant(event.receivedAt) })),
      next: last === null ? null : `${formatInstant(last.receivedAt)}/${last.id}`,
    };
  }
}
