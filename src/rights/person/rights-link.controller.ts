import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access, Problem } from '../../http/index.ts';
import { formatInstant } from '../../shared/clock.ts';
import { OwnData } from './own-data.service.ts';

/** Has a person mailed the link to their own data. Nobody but whoever reads that mailbox gets to see it. */
@ApiTags('rights')
@Controller('api/contacts')
export class RightsLinkController {
  constructor(private readonly own: OwnData) {}

  @Post(':userId/rights-link')
  @Access('admin')
  @HttpCode(202)
  @ApiOperation({ summary: 'Mails the contact a link to their own data: copy, correction, objection, freeze, erasure' })
  @ApiResponse({ status: 202, description: 'Handed over; `expiresAt` is when the link runs out' })
  @ApiResponse({ status: 404, description: 'There is no such contact' })
  @ApiResponse({ status: 409, description: 'It has no email address, or the mail could not be handed over' })
  async mail(@Param('userId') userId: string): Promise<{ mailed: true; expiresAt: string }> {
    const until = await this.own.mailTo(userId);
    if (until === undefined) throw new Problem(404, 'not-found', 'There is no such contact');
    if (until === null)
      throw new Problem(
        409,
        'conflict',
        'The link could not be mailed: the contact needs an email address, the policy a sender of mail',
      );
    return { mailed: true, expiresAt: formatInstant(until) };
  }
}
