import { Controller, Get, Header, Headers, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CLOCK } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { Access, Problem } from '../http/index.ts';
import type { Clock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { absenceJson } from './absence/absence-json.ts';
import { contactAbsence } from './absence/absence.store.ts';
import { languageSchema } from './language.schema.ts';
import { languageAsked } from './language.ts';
import { outlookJson } from './outlook/outlook-json.ts';
import { contactOutlook } from './outlook/outlook.store.ts';
import { contactProfile } from './profile/profile.store.ts';

const name = z.string().min(1).optional();
const outlookQuery = z.object({
  category: name.describe('Of the message thought of; `marketing` without it'),
  programme: name.describe('Without it, rules of certain programmes are told beside and not counted into `earliest`'),
  scenario: name.describe('The same, of scenarios'),
  sender: name.describe('The same, of senders; the first that has the channel without it'),
  lang: languageSchema,
});

const whyQuery = z.object({
  scenario: z.string().min(1).describe('Id of the scenario'),
  lang: languageSchema,
});

/** What may be sent to a contact, and why nothing was. */
@ApiTags('contacts')
@Controller('api/contacts')
export class ContactsController {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':userId')
  @Access('viewer')
  @ApiOperation({
    summary: 'A contact as it is known',
    description:
      'Its fields and attributes, and under `refused` the latest value of each field that was sent and could not be read (`value`, `message`, `hint`, `at`): the field has kept what it had.',
  })
  @ApiResponse({ status: 404, description: 'There is no such contact' })
  @Header('Cache-Control', 'no-store')
  async profile(@Param('userId') userId: string): Promise<object> {
    const profile = await contactProfile(this.database, userId);
    if (profile === null) throw new Problem(404, 'not-found', 'There is no such contact');
    return profile;
  }

  @Get(':userId/pressure')
  @Access('viewer')
  @ApiOperation({
    summary: 'How much room each pressure rule leaves for a contact, and what it was sent and feels',
    description:
      'Room by rule, now and on the next 14 days, by what was sent (also to others with one of the addresses: `sharedSends`) and what waits; `kept` and `keptFor` tell what is kept for planned messages of higher priority, and the contact’s own limits are among the rules. `sent` is objective pressure: sends by channel and span. `felt` is felt pressure: each complaint, withdrawal, STOP and mail of a run without a click with its date and what it weighs now, the level, what that takes from which rule (`lowered`), and when it is given back (`rises`, `recovers`). `channels` tells the earliest instant at which hours and pressure would let an advertising mail or text pass, and when today is open; `exclusive` that a programme keeps it away until the contact leaves. Consent is not asked.',
  })
  @ApiResponse({ status: 404, description: 'There is no such contact' })
  @Header('Cache-Control', 'no-store')
  async pressure(
    @Param('userId') userId: string,
    @Query({ schema: outlookQuery }) { lang, ...asked }: z.output<typeof outlookQuery>,
    @Headers('accept-language') accepted?: string,
  ): Promise<object> {
    const found = await contactOutlook(this.database, userId, asked, this.clock.now());
    if (found === null) throw new Problem(404, 'not-found', 'There is no such contact');
    return outlookJson(userId, found.outlook, found.policy, languageAsked(lang, accepted));
  }

  @Get(':userId/why')
  @Access('viewer')
  @ApiOperation({
    summary: 'Why a contact is not in a scenario, or got nothing from it',
    description:
      'Told from what is kept: its events, its passages, what was planned for it. Conditions are asked of the contact as it is now.',
  })
  @ApiResponse({ status: 404, description: 'There is no such contact, or the scenario was never published' })
  @Header('Cache-Control', 'no-store')
  async why(
    @Param('userId') userId: string,
    @Query({ schema: whyQuery }) { scenario, lang }: z.output<typeof whyQuery>,
    @Headers('accept-language') accepted?: string,
  ): Promise<object> {
    try {
      const found = await contactAbsence(this.database, userId, scenario, this.clock.now());
      if (found === null) throw new Problem(404, 'not-found', 'There is no such contact');
      return absenceJson(userId, found, languageAsked(lang, accepted));
    } catch (error) {
      if (error instanceof UserError) throw new Problem(404, 'not-found', error.message);
      throw error;
    }
  }
}
