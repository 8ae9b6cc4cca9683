import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CLOCK } from '../config/index.ts';
import { Database, Signal } from '../database/index.ts';
import { insertInbox } from '../events/index.ts';
import { Access, Problem } from '../http/index.ts';
import { LibraryService } from '../scenarios/index.ts';
import type { Clock } from '../shared/clock.ts';
import { contactIdOf, laneOf } from '../shared/ids.ts';
import { Sequence } from '../shared/sequence.ts';
import { loadContacts } from './sql/load-contacts.ts';

const bodySchema = z.strictObject({
  userId: z.string().min(1).max(500).describe('What the backend calls the contact'),
  properties: z.record(z.string(), z.unknown()).default({}).describe('What templates see as `event`'),
});

/** Entering a scenario by hand: what `manual: true` is for. */
@ApiTags('scenarios')
@Controller('api/scenarios')
export class EnrolController {
  constructor(
    private readonly database: Database,
    private readonly library: LibraryService,
    private readonly signal: Signal,
    private readonly sequence: Sequence,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':scenario/enrollments')
  @Access('approver')
  @HttpCode(202)
  @ApiOperation({ summary: 'Lets a contact into a scenario; its audience and re-entry rules decide' })
  @ApiResponse({ status: 202, description: 'Taken note of; the engine decides at once' })
  @ApiResponse({ status: 404, description: 'There is no such scenario, or no such contact' })
  async enrol(
    @Param('scenario') scenarioId: string,
    @Body({ schema: bodySchema }) { userId, properties }: z.output<typeof bodySchema>,
  ): Promise<{ accepted: true }> {
    const { live } = await this.library.current();
    if (!live.some(({ id }) => id === scenarioId))
      throw new Problem(404, 'not-found', `No live scenario is called ${scenarioId}`);
    const contactId = contactIdOf(userId);
    const known = await this.database.run(loadContacts, [[laneOf(contactId)], [contactId]]);
    if (known.length === 0) throw new Problem(404, 'not-found', 'There is no such contact: send an `identify` first');
    const receivedAt = this.clock.now();
    const body = { scenarioId, properties };
    await insertInbox(this.database, [{ contactId, seq: this.sequence.next(), receivedAt, kind: 'enrol', body }]);
    this.signal.wake();
    return { accepted: true };
  }
}
