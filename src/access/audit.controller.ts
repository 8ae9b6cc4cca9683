import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Database } from '../database/index.ts';
import { Access } from '../http/index.ts';
import { formatInstant, parseInstant } from '../shared/clock.ts';
import { auditRecords, type AuditRecord } from './audit.store.ts';

const PAGE = 50;

/** `next` of a page: the instant and id of its last record. */
const place = z
  .string()
  .transform((text) => text.split('/'))
  .pipe(z.tuple([z.string().refine((text) => !Number.isNaN(parseInstant(text))), z.uuid()]))
  .transform(([at, id]) => ({ at: parseInstant(at), id }));

const querySchema = z.object({
  subject: z.string().min(1).optional().describe('Only what was done to this: a scenario, a domain…'),
  before: z
    .string()
    .refine((text) => place.safeParse(text).success, 'must be `next` of the page before')
    .optional()
    .describe('`next` of the page before'),
});

/** What people and the service itself changed (rule S6). */
@ApiTags('audit')
@Controller('api/audit')
export class AuditController {
  constructor(private readonly database: Database) {}

  @Get()
  @Access('admin')
  @ApiOperation({ summary: 'Who changed what, the latest first' })
  @Header('Cache-Control', 'no-store')
  async list(
    @Query({ schema: querySchema }) { subject, before }: z.output<typeof querySchema>,
  ): Promise<{ records: object[]; next: string | null }> {
    const since = before === undefined ? undefined : place.parse(before);
    const found = await auditRecords(this.database, { subject, before: since, most: PAGE });
    const last = found.length === PAGE ? found.at(-1)! : null;
    return {
      records: found.map((record) => ({ ...record, at: formatInstant(record.at) })),
      next: last === null ? null : placeOf(last),
    };
  }
}

const placeOf = ({ at, id }: AuditRecord): string => `${formatInstant(at)}/${id}`;
