import { Body, Controller, Get, Header, Inject, Param, Put, Req } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CLOCK } from '../config/index.ts';
import { normaliseTraits, type OwnChoice } from '../contacts/index.ts';
import { Access, invalidRequest, Problem } from '../http/index.ts';
import { formatInstant, parseInstant, type Clock, type Instant } from '../shared/clock.ts';
import type { Fault } from '../shared/errors.ts';
import { contactIdOf } from '../shared/ids.ts';
import { isOn, stateOf, type Choosable } from './offer.ts';
import { choosableBy, Offers, type Published } from './offers.service.ts';
import { preferencesSchema, type PreferencesCall } from './preferences.schema.ts';
import { PreferencesService, type Standing } from './preferences.service.ts';

/** The preference centre for backends that have a page of their own; what it does is what the page does. */
@ApiTags('preferences')
@Controller('api/contacts/:userId/preferences')
export class PreferencesApiController {
  constructor(
    private readonly preferences: PreferencesService,
    private readonly offers: Offers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ summary: 'What a contact can choose, and has chosen' })
  @ApiParam({ name: 'userId', description: 'What the backend calls the contact' })
  @ApiResponse({ status: 200, description: 'Consents by channel, purpose and brand; limits; language; objection' })
  @ApiResponse({ status: 404, description: 'There is no such contact' })
  @Header('Cache-Control', 'no-store')
  async read(@Param('userId') userId: string): Promise<object> {
    return json(
      userId,
      await this.preferences.standing(contactIdOf(userId)),
      await this.offers.current(),
      this.clock.now(),
    );
  }

  @Put()
  @Access('approver')
  @ApiOperation({
    summary:
      'Saves what a contact chose elsewhere: what is named changes, what is not stays; it acts on what is queued at once',
  })
  @ApiParam({ name: 'userId', description: 'What the backend calls the contact' })
  @ApiResponse({ status: 200, description: 'Committed; as `GET` answers from now on' })
  @ApiResponse({ status: 400, description: 'Every fault with its path; nothing was changed' })
  @ApiResponse({ status: 404, description: 'There is no such contact' })
  @Header('Cache-Control', 'no-store')
  async save(
    @Param('userId') userId: string,
    @Body({ schema: preferencesSchema }) call: PreferencesCall,
    @Req() request: FastifyRequest,
  ): Promise<object> {
    const published = await this.offers.current();
    const standing = await this.preferences.standing(contactIdOf(userId));
    if (standing === null) throw unknownContact();
    const now = this.clock.now();
    const all = choosableBy(standing, published, now);
    const { consents, own } = usable(call, all, now);
    const { reference, text = null, textVersion, ip = null, userAgent = null } = call.source;
    const saved = await this.preferences.save(contactIdOf(userId), { consents, own, stop: call.stop }, all, {
      source: { kind: 'preference-centre', reference },
      words: () => ({ text, textVersion }),
      ip,
      userAgent,
      actor: request.actor ?? 'api',
    });
    return json(userId, saved, published, now);
  }
}

/** What a call says, against what there is to choose. Throws a problem with every fault. */
function usable(
  call: PreferencesCall,
  all: readonly Choosable[],
  now: Instant,
): { consents: { of: Choosable; on: boolean }[]; own: Partial<OwnChoice> } {
  const faults: Fault[] = [];
  const report = (path: string, message: string, hint: string): number =>
    faults.push({ code: 'invalid-preference', severity: 'error', path, message, hint });
  const consents = call.consents.flatMap(({ on, ...named }, index) => {
    const of = all.find(
      ({ channel, purpose, brand }) => channel === named.channel && purpose === named.purpose && brand === named.brand,
    );
    const names = [...new Set(all.map(({ purpose, brand }) => [purpose, brand].filter(Boolean).join(' of ')))];
    if (of === undefined)
      report(
        `consents.${index}`,
        'cannot be chosen: no such purpose on this channel',
        `write one of ${names.join(', ')}`,
      );
    return of === undefined ? [] : [{ of, on }];
  });
  const { maxPerWeek, pauseUntil, language } = call;
  const own: Partial<OwnChoice> = {
    ...(maxPerWeek !== undefined && { maxPerWeek }),
    ...(pauseUntil !== undefined && { pauseUntil: pauseUntil === null ? null : parseInstant(pauseUntil) }),
  };
  if (typeof own.pauseUntil === 'number' && own.pauseUntil <= now)
    report(
      'pauseUntil',
      'is over already: nothing would be held back',
      'write an instant to come, or null to end a pause',
    );
  if (language !== undefined) {
    const { traits, faults: found } = normaliseTraits({ locale: language });
    if (found.length > 0) report('language', 'is not a language', 'write a BCP 47 tag, such as fr or pt-BR');
    else own.language = traits['locale'] as string;
  }
  if (call.stop && call.consents.some(({ on }) => on))
    report('stop', 'goes with no consent that is wanted', 'leave out either of them');
  if (faults.length > 0) throw invalidRequest(faults);
  return { consents, own };
}

const unknownContact = (): Problem => new Problem(404, 'not-found', 'There is no such contact');

function json(userId: string, standing: Standing | null, published: Published, now: Instant): object {
  if (standing === null) throw unknownContact();
  const { own, consents, objects, contact } = standing;
  return {
    userId,
    consents: choosableBy(standing, published, now).map((of) => ({
      channel: of.channel,
      purpose: of.purpose,
      ...(of.brand !== undefined && { brand: of.brand }),
      label: of.label,
      on: !objects && isOn(of, consents),
      state: stateOf(of, consents),
    })),
    maxPerWeek: own.maxPerWeek,
    pauseUntil: own.pauseUntil === null ? null : formatInstant(own.pauseUntil),
    language: contact.locale,
    languages: published.languages,
    objects,
  };
}
