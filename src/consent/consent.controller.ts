import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CLOCK } from '../config/index.ts';
import { invalidRequest, RequiresCredential, unavailable } from '../http/index.ts';
import { parseInstant, type Clock } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { contactIdOf } from '../shared/ids.ts';
import { CONSENT_CATALOGUE, type ConsentCatalogue } from './catalogue.ts';
import { consentCallSchema, type ConsentCall } from './consent.schema.ts';
import { ConsentService } from './consent.service.ts';
import type { DoubleOptIn } from './double-opt-in.ts';
import type { Told } from './ledger.store.ts';
import { readConsentCall } from './read-consent.ts';

/** Consent as backends collect it (docs: interfaces, "Events API"). */
@ApiTags('consent')
@ApiSecurity('writeKey')
@ApiSecurity('writeKeyBearer')
@Controller('v1')
@RequiresCredential('write-key')
export class ConsentController {
  constructor(
    private readonly consent: ConsentService,
    @Inject(CONSENT_CATALOGUE) private readonly catalogue: ConsentCatalogue,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('consent')
  @HttpCode(200)
  @ApiOperation({ summary: 'What a person agreed to, refused or withdrew, with the proof' })
  @ApiBody({ schema: z.toJSONSchema(consentCallSchema, { io: 'input' }) as object })
  @ApiResponse({
    status: 200,
    description:
      '`{"success": true}`: committed to the ledger; from now on it holds. A consent that the policy has confirmed first is `pending` until the person has done so',
  })
  @ApiResponse({ status: 400, description: 'Malformed: every fault with its path; nothing stored' })
  @ApiResponse({ status: 401, description: 'Wrong write key' })
  @ApiResponse({
    status: 503,
    description: 'The database or the policy is away: send it again after `Retry-After` seconds',
  })
  async record(@Req() request: FastifyRequest): Promise<{ success: true }> {
    const { purposes, brands, rule } = await this.known();
    const { call, faults } = readConsentCall(request.body, purposes, brands, this.clock.now());
    if (call === undefined) throw invalidRequest(faults);
    await this.consent.record(contactIdOf(call.userId), this.entriesOf(call), rule);
    return { success: true };
  }

  /** Purposes, brands, and what must be confirmed. Without a policy nothing can be checked: no fault of who calls, and not for ever. */
  private async known(): Promise<{
    purposes: ReadonlySet<string>;
    brands: ReadonlySet<string>;
    rule: DoubleOptIn | null;
  }> {
    try {
      return {
        purposes: new Set((await this.catalogue.purposes()).keys()),
        brands: await this.catalogue.brands(),
        rule: await this.catalogue.doubleOptIn(),
      };
    } catch (error) {
      throw error instanceof UserError ? unavailable(error.message) : error;
    }
  }

  private entriesOf(call: ConsentCall): Told[] {
    const now = this.clock.now();
    return call.entries.map(({ channel, purpose, brand, action, at, requestedAt, source, legalBasis }) => ({
      channel,
      purpose,
      brand,
      action,
      // A clock that runs ahead must not make a grant outlive a later withdrawal.
      at: at === undefined || parseInstant(at) >= now ? null : parseInstant(at),
      requestedAt: requestedAt === undefined ? null : parseInstant(requestedAt),
      legalBasis: legalBasis ?? null,
      source: { kind: source.kind, reference: source.reference },
      textVersion: source.textVersion,
      text: source.text ?? null,
      ip: source.ip ?? null,
      userAgent: source.userAgent ?? null,
    }));
  }
}
