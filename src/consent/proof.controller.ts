import { Controller, Get, Header, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { CLOCK } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { Access } from '../http/index.ts';
import { formatInstant, parseInstant, type Clock } from '../shared/clock.ts';
import { contactIdOf } from '../shared/ids.ts';
import { ledgerOf, ledgerPage } from './ledger.store.ts';
import { addressWithdrawalJson, entryJson, ledgerQuery, standingJson, standingsQuery } from './proof.schema.ts';
import { standingsAt } from './standing.ts';
import { addressWithdrawalsOf } from './withdrawn-address.store.ts';

/** Proof of what a contact consented to (GDPR Art. 7(1); law L7). */
@ApiTags('consent')
@Controller('api/contacts/:userId/consents')
export class ConsentProofController {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({
    summary: 'What a contact had consented to at an instant: the words shown, when, where, and the hash',
  })
  @ApiParam({ name: 'userId', description: 'What the backend calls the contact' })
  @ApiResponse({
    status: 200,
    description:
      'By channel, purpose and brand; what is not there is unknown. `withdrawnAtAddress` is closed to the mailbox or number, whoever has it',
  })
  @Header('Cache-Control', 'no-store')
  async standings(
    @Param('userId') userId: string,
    @Query({ schema: standingsQuery }) query: z.output<typeof standingsQuery>,
  ): Promise<{ userId: string; at: string; consents: object[]; withdrawnAtAddress: object[] }> {
    const at = query.at === undefined ? this.clock.now() : parseInstant(query.at);
    const contactId = contactIdOf(userId);
    const ledger = await ledgerOf(this.database, contactId);
    const closed = await addressWithdrawalsOf(this.database, contactId, at);
    return {
      userId,
      at: formatInstant(at),
      consents: standingsAt(ledger, at).map(standingJson),
      withdrawnAtAddress: closed.map(addressWithdrawalJson),
    };
  }

  @Get('ledger')
  @Access('viewer')
  @ApiOperation({ summary: 'A contact’s whole ledger, first entry first, each chained by its hash to the one before' })
  @ApiParam({ name: 'userId', description: 'What the backend calls the contact' })
  @ApiResponse({ status: 200, description: 'A page; `next` is null on the last one' })
  @Header('Cache-Control', 'no-store')
  async ledger(
    @Param('userId') userId: string,
    @Query({ schema: ledgerQuery }) { after, limit }: z.output<typeof ledgerQuery>,
  ): Promise<{ entries: object[]; next: number | null }> {
    const entries = await ledgerPage(this.database, contactIdOf(userId), after, limit);
    return { entries: entries.map(entryJson), next: entries.length === limit ? entries.at(-1)!.ordinal : null };
  }
}
