import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CLOCK, CONFIG, type Config } from '../../config/index.ts';
import { RetryableDatabaseError } from '../../database/index.ts';
import { Problem, RequiresCredential, unavailable } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { PROVIDERS } from './providers/all.service.ts';
import type { ProviderAdapter } from './providers/adapter.ts';
import { Returns } from './returns.service.ts';

/** Injection token of how a text is got over HTTPS. */
export const FETCH_TEXT = Symbol('FETCH_TEXT');

/** What providers tell of messages afterwards (docs: interfaces, "People's links"); each shows who it is in its own way. */
@ApiTags('webhooks')
@Controller('webhooks')
@RequiresCredential('none')
export class WebhooksController {
  constructor(
    private readonly returns: Returns,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(FETCH_TEXT) private readonly fetchText: (url: string) => Promise<string>,
  ) {}

  @Post(':channel/:provider')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Delivery reports, bounces and complaints of a provider, with its own signature or credential',
  })
  @ApiParam({ name: 'channel', enum: ['email', 'sms'] })
  @ApiParam({ name: 'provider', enum: PROVIDERS.map(({ name }) => name) })
  @ApiResponse({ status: 200, description: 'Committed, known before, or about nothing that is known' })
  @ApiResponse({ status: 400, description: 'Malformed: every fault with its path; nothing was changed' })
  @ApiResponse({ status: 401, description: 'Wrong credential; nothing was changed' })
  @ApiResponse({ status: 403, description: 'Wrong or outdated signature; nothing was changed' })
  @ApiResponse({ status: 404, description: 'No such provider, or its setting is missing' })
  @ApiResponse({ status: 503, description: 'The database is away: send it again after `Retry-After` seconds' })
  async take(
    @Param('channel') channel: string,
    @Param('provider') provider: string,
    @Req() request: FastifyRequest,
  ): Promise<{ taken: number }> {
    const settings = { ...this.config.webhooks, smsToken: this.config.sms?.token };
    const adapter = adapterOf(channel, provider);
    if (!adapter.isConfigured(settings))
      throw new Problem(404, 'not-configured', `Reports of ${provider} are not taken here`, {
        detail: `Set ${adapter.setting}, without which nobody can know ${provider}.`,
      });
    const call = {
      headers: request.headers,
      body: request.body,
      url: `${this.config.publicUrl}${request.url}`,
      query: request.query as Record<string, unknown>,
    };
    const now = this.clock.now();
    const reports = await adapter.read(call, { settings, now, fetchText: this.fetchText });
    try {
      return { taken: (await this.returns.take(reports)).length };
    } catch (error) {
      if (error instanceof RetryableDatabaseError) throw error;
      throw error instanceof UserError ? unavailable(error.message) : error;
    }
  }
}

function adapterOf(channel: string, provider: string): ProviderAdapter {
  const found = PROVIDERS.find((adapter) => adapter.channel === channel && adapter.name === provider);
  if (found !== undefined) return found;
  const known = PROVIDERS.map((adapter) => `/webhooks/${adapter.channel}/${adapter.name}`).join(', ');
  throw new Problem(404, 'not-found', 'There is no such provider', { detail: `There are ${known}.` });
}
