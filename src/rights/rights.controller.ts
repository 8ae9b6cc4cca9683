import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Put, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { normaliseTraits } from '../contacts/index.ts';
import { Access, invalidRequest, Problem } from '../http/index.ts';
import { contactIdOf } from '../shared/ids.ts';
import type { ErasureReport } from './erasure/erasure.store.ts';
import { askerOf } from './requests/asker-of.ts';
import { RightsService } from './rights.service.ts';

const erasureQuery = z.object({
  dryRun: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .describe('true: only tells what would be erased'),
});

const traitsSchema = z.strictObject({
  traits: z
    .record(z.string().min(1), z.unknown(), { error: 'must be an object of traits, as in `identify`' })
    .refine((traits) => Object.keys(traits).length > 0, 'must name at least one trait')
    .describe('What is right: as the traits of `identify`; null clears'),
});

/** A person's data, out and gone (GDPR Art. 15, 17, 20; rule C8). */
@ApiTags('rights')
@Controller('api/contacts')
export class RightsController {
  constructor(private readonly rights: RightsService) {}

  @Get(':userId/export')
  // The request for it is written down.
  @Access('admin', { changes: true })
  @ApiOperation({ summary: 'Everything that is kept of a contact, as one JSON document (GDPR Art. 15 and 20)' })
  @ApiResponse({ status: 404, description: 'Nothing is kept of this contact' })
  @Header('Cache-Control', 'no-store')
  async export(@Param('userId') userId: string, @Req() request: FastifyRequest): Promise<object> {
    const found = await this.rights.export(userId, askerOf(request));
    if (found === null) throw new Problem(404, 'not-found', 'Nothing is kept of this contact');
    return found;
  }

  @Patch(':userId')
  @Access('admin')
  @HttpCode(202)
  @ApiOperation({ summary: 'Corrects a contact; what hangs on a corrected date is rescheduled (GDPR Art. 16)' })
  @ApiResponse({
    status: 202,
    description: 'Committed, as an event of the contact; the engine takes note of it at once',
  })
  @ApiResponse({ status: 400, description: 'Every fault with its path; nothing was changed' })
  @ApiResponse({ status: 404, description: 'There is no such contact' })
  async rectify(
    @Param('userId') userId: string,
    @Body({ schema: traitsSchema }) { traits }: z.output<typeof traitsSchema>,
    @Req() request: FastifyRequest,
  ): Promise<{ accepted: true }> {
    const normalised = normaliseTraits(traits);
    if (normalised.faults.length > 0)
      throw invalidRequest(normalised.faults.map((fault) => ({ ...fault, path: `traits.${fault.path}` })));
    if (!(await this.rights.rectify(userId, normalised.traits, askerOf(request))))
      throw new Problem(404, 'not-found', 'There is no such contact');
    return { accepted: true };
  }

  @Post(':userId/objection')
  @Access('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stops direct marketing on every channel, whatever was consented to (GDPR Art. 21)' })
  async object(@Param('userId') userId: string, @Req() request: FastifyRequest): Promise<{ objects: boolean }> {
    await this.rights.object(contactIdOf(userId), 'objects', askerOf(request));
    return { objects: true };
  }

  @Delete(':userId/objection')
  @Access('admin')
  @ApiOperation({ summary: 'The person takes the objection back; consent is asked as before' })
  async takeBack(@Param('userId') userId: string, @Req() request: FastifyRequest): Promise<{ objects: boolean }> {
    await this.rights.object(contactIdOf(userId), 'takes-back', askerOf(request));
    return { objects: false };
  }

  @Put(':userId/restriction')
  @Access('admin')
  @ApiOperation({ summary: 'Freezes a contact: kept, and nothing else done with it, until the lift (GDPR Art. 18)' })
  @ApiResponse({ status: 404, description: 'There is no such contact' })
  restrict(@Param('userId') userId: string, @Req() request: FastifyRequest): Promise<{ restricted: boolean }> {
    return this.setRestriction(userId, 'restricts', request);
  }

  @Delete(':userId/restriction')
  @Access('admin')
  @ApiOperation({
    summary: 'Lifts the restriction: what arrived and fell due meanwhile is taken note of, in its order',
  })
  @ApiResponse({ status: 404, description: 'There is no such contact' })
  lift(@Param('userId') userId: string, @Req() request: FastifyRequest): Promise<{ restricted: boolean }> {
    return this.setRestriction(userId, 'lifts', request);
  }

  private async setRestriction(
    userId: string,
    said: 'restricts' | 'lifts',
    request: FastifyRequest,
  ): Promise<{ restricted: boolean }> {
    if (!(await this.rights.restrict(userId, said, askerOf(request))))
      throw new Problem(404, 'not-found', 'There is no such contact');
    return { restricted: said === 'restricts' };
  }

  @Delete(':userId')
  @Access('admin')
  @ApiOperation({ summary: 'Erases a contact: only salted hashes stay, which refuse it at re-import (GDPR Art. 17)' })
  @ApiResponse({
    status: 200,
    description: 'What was erased, in rows by table, and who is to be told; the second time, nothing',
  })
  async erase(
    @Param('userId') userId: string,
    @Query({ schema: erasureQuery }) { dryRun }: z.output<typeof erasureQuery>,
    @Req() request: FastifyRequest,
  ): Promise<ErasureReport> {
    return dryRun === 'true' ? this.rights.previewErasure(userId) : this.rights.erase(userId, askerOf(request));
  }
}
