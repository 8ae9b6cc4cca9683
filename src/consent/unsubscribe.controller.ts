import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/index.ts';
import { Database, RetryableDatabaseError } from '../database/index.ts';
import { RequiresCredential } from '../http/index.ts';
import { UserError } from '../shared/errors.ts';
import type { Html } from '../shared/html.ts';
import { laneOf } from '../shared/ids.ts';
import { CONSENT_CATALOGUE, type ConsentCatalogue } from './catalogue.ts';
import { ConsentService } from './consent.service.ts';
import { isOneClick } from './one-click.ts';
import { pageLanguage } from './page-language.ts';
import { linkFacts } from './sql/link-facts.ts';
import { readToken, type LinkToken } from './token.ts';
import { messagePage, unsubscribePage } from './unsubscribe-page.ts';

/** Seconds after which a database that is away may be back. */
const TRY_AGAIN = 30;

/** The way out of every marketing message (rule C5, RFC 8058): no sign-in, no cookie. */
@ApiTags('links')
@Controller('u')
@RequiresCredential('none')
export class UnsubscribeController {
  constructor(
    private readonly consent: ConsentService,
    private readonly database: Database,
    @Inject(CONSENT_CATALOGUE) private readonly catalogue: ConsentCatalogue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get(':token')
  @ApiOperation({ summary: 'A page that asks; mail software and link scanners may open it, it changes nothing' })
  @ApiParam({ name: 'token', description: 'From the message' })
  @ApiResponse({ status: 200, description: 'The page' })
  @ApiResponse({ status: 404, description: 'The link was not made here, or was changed' })
  @ApiResponse({ status: 503, description: 'The database is away' })
  async ask(@Param('token') text: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(text, request, reply, (token) => this.page(token, request, 'asking'));
  }

  @Post(':token')
  @ApiOperation({ summary: 'Unsubscribes at once: the page’s button, and one click of a mailbox (RFC 8058)' })
  @ApiParam({ name: 'token', description: 'From the message' })
  @ApiResponse({ status: 200, description: 'Unsubscribed, now or before' })
  @ApiResponse({ status: 404, description: 'The link was not made here, or was changed' })
  @ApiResponse({ status: 503, description: 'The database is away: nothing was changed' })
  async unsubscribe(
    @Param('token') text: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.answer(text, request, reply, async (token) => {
      const { contactId, channel, purpose, brand, messageId } = token;
      await this.consent.withdraw(contactId, {
        channel,
        purpose,
        brand,
        source: { kind: isOneClick(request.body) ? 'one-click' : 'unsubscribe-page', reference: messageId },
        textVersion: null,
        text: null,
        ip: request.ip,
        userAgent: request.headers['user-agent']?.slice(0, 1_000) ?? null,
      });
      return this.page(token, request, 'done');
    });
  }

  /** Whatever happens, a person reads a page and not a problem document. */
  private async answer(
    text: string,
    request: FastifyRequest,
    reply: FastifyReply,
    work: (token: LinkToken) => Promise<Html>,
  ): Promise<void> {
    const language = pageLanguage(null, request.headers['accept-language']);
    const token = readToken(text, 'unsubscribe', this.config.secret);
    try {
      if (token === null) send(reply, 404, messagePage(language, 'invalid', await this.brand(null)));
      else send(reply, 200, await work(token));
    } catch (error) {
      if (!(error instanceof RetryableDatabaseError)) throw error;
      void reply.header('Retry-After', String(TRY_AGAIN));
      send(reply, 503, messagePage(language, 'away', ''));
    }
  }

  private async page(token: LinkToken, request: FastifyRequest, moment: 'asking' | 'done'): Promise<Html> {
    const { contactId, channel, purpose, brand = '' } = token;
    const [facts] = await this.database.run(linkFacts, [laneOf(contactId), contactId, channel, purpose, brand]);
    const labels = await orElse(this.catalogue.purposes(), new Map<string, string>());
    return unsubscribePage({
      language: pageLanguage(facts!.locale, request.headers['accept-language']),
      brand: await this.brand(token),
      purpose: labels.get(purpose) ?? purpose,
      channel,
      state: moment === 'asking' && facts!.state === 'withdrawn' ? 'already' : moment,
    });
  }

  private brand(token: LinkToken | null): Promise<string> {
    return orElse(this.catalogue.brand(token?.brand), '');
  }
}

/** The way out must work also where the policy cannot be read: the page then names less. */
async function orElse<Value>(asked: Promise<Value>, instead: Value): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof UserError) return instead;
    throw error;
  }
}

function send(reply: FastifyReply, status: number, page: Html): void {
  void reply
    .status(status)
    .header('Cache-Control', 'no-store')
    .header('X-Robots-Tag', 'noindex, nofollow')
    .type('text/html; charset=utf-8')
    .send(page.text);
}
