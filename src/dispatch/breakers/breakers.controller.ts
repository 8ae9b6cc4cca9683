import { Controller, Get, Header, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CLOCK } from '../../config/index.ts';
import { Signal } from '../../database/index.ts';
import { Access, Problem } from '../../http/index.ts';
import { formatInstant, type Clock } from '../../shared/clock.ts';
import { Breakers, type WatchedDomain } from './breakers.service.ts';
import { rateOf } from './breaker.ts';

/** Whether marketing leaves, by sending domain (law L19). */
@ApiTags('breakers')
@Controller('api/breakers')
export class BreakersController {
  constructor(
    private readonly breakers: Breakers,
    private readonly signal: Signal,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({
    summary: 'Every sending domain and sender of texts with its rates, and whether marketing is stopped',
  })
  @Header('Cache-Control', 'no-store')
  async list(): Promise<{ breakers: object[] }> {
    return { breakers: (await this.breakers.list(this.clock.now())).map(breakerJson) };
  }

  @Post(':domain/lift')
  @Access('approver')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lets marketing leave again; counting begins anew with the next hour' })
  @ApiParam({ name: 'domain', description: 'Such as example.com, or sms:NAME for the texts of a sender' })
  @ApiResponse({ status: 200, description: '`{"lifted": true}`' })
  @ApiResponse({ status: 404, description: 'The domain is not stopped' })
  async lift(@Param('domain') domain: string, @Req() request: FastifyRequest): Promise<{ lifted: true }> {
    if (!(await this.breakers.lift(domain, request.actor!, this.clock.now())))
      throw new Problem(404, 'not-stopped', 'This domain is not stopped', {
        detail: 'GET /api/breakers lists the domains and their states.',
      });
    this.signal.wake();
    return { lifted: true };
  }
}

export function breakerJson({ breaker, deliveries }: WatchedDomain): object {
  const { domain, state, cause, since } = breaker;
  return {
    domain,
    state,
    cause,
    since: formatInstant(since),
    ...deliveries,
    rates: {
      complaints: rateOf(deliveries, 'complaints'),
      bounces: rateOf(deliveries, 'bounces'),
      failures: rateOf(deliveries, 'failures'),
    },
  };
}
