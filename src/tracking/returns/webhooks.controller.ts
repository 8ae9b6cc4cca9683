import { Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CLOCK, CONFIG, type Config } from '../../config/index.ts';
import { RetryableDatabaseError } from '../../database/index.ts';
import { Problem, RequiresCredential, unavailable } from '../../http/index.ts';
import type { Clock } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { PROVIDERS } from './providers/all.service.ts';
import type { ProviderAdapter, Told } from './providers/adapter.ts';
import { TokenSpent, type OneTimeToken } from './spent-token.store.ts';
import { Intake, type TakenCall } from './intake.service.ts';

/** Injection token of how a text is got over HTTPS. */
export const FETCH_TEXT = Symbol('FETCH_TEXT');

/** What providers tell of messages afterwards (docs: interfaces, "People's links"); each shows who it is in its own way. */
@ApiTags('webhooks')
@Controller('webhooks')
@RequiresCredential('none')
export class WebhooksController {
  constructor(
    private readonly intake: Intake,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(FETCH_TEXT) private readonly fetchText: (url: string) => Promise<string>,
  ) {}

  @Post(':channel/:provider')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Delivery reports, bounces, complaints and texts of people, with the provider’s own signature or credential',
  })
  @ApiParam({ name: 'channel', enum: ['email', 'sms'] })
  @ApiParam({ name: 'provider', enum: PROVIDERS.map(({ name }) => name) })
  @ApiResponse({
    status: 200,
    description: 'Committed, known before, or about nothing that is known; TwiML to texts that Twilio passes on',
  })
  @ApiResponse({ status: 400, description: 'Malformed: every fault with its path; nothing was changed' })
  @ApiResponse({ status: 401, description: 'Wrong credential; nothing was changed' })
  @ApiResponse({ status: 403, description: 'Wrong or outdated signature; nothing was changed' })
  @ApiResponse({ status: 404, description: 'No such provider, or its setting is missing' })
  @ApiResponse({ status: 406, description: 'The token of the signature was used before; nothing was changed' })
  @ApiResponse({ status: 503, description: 'The database is away: send it again after `Retry-After` seconds' })
  async take(
    @Param('channel') channel: string,
    @Param('provider') provider: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) response: FastifyReply,
  ): Promise<{ taken: number } | string> {
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
    const told = await adapter.read(call, { settings, now, fetchText: this.fetchText });
    const { taken, replies } = await this.settle(told, adapter.once?.(call) ?? null);
    if (adapter.answer === undefined || !told.some(({ kind }) => kind === 'inbound')) {
      await this.intake.send(replies);
      return { taken: taken.length };
    }
    const answer = adapter.answer(replies.map(({ text }) => text));
    response.type(answer.type);
    return answer.body;
  }

  private async settle(told: readonly Told[], once: OneTimeToken | null): Promise<TakenCall> {
    try {
      return await this.intake.take(told, once);
    } catch (error) {
      if (error instanceof TokenSpent)
        throw new Problem(406, 'replayed', 'This call was taken before; nothing was changed', {
          detail: 'Its token has been used. Nothing is to be sent again.',
        });
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
