import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { RequiresCredential } from '../http/index.ts';
import { answerPage, messagePage, pageLanguage, unlessUnread, type Look } from '../pages/index.ts';
import type { Html } from '../shared/html.ts';
import { laneOf } from '../shared/ids.ts';
import { CONSENT_CATALOGUE, type ConsentCatalogue } from './catalogue.ts';
import { ConsentService } from './consent.service.ts';
import { isOneClick } from './one-click.ts';
import { linkFacts } from './sql/link-facts.ts';
import { readToken, type LinkToken } from './token.ts';
import { unsubscribePage } from './unsubscribe-page.ts';

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
    await this.answer(text, request, reply, (token, look) => this.page(token, request, look, 'asking'));
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
    await this.answer(text, request, reply, async (token, look) => {
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
      return this.page(token, request, look, 'done');
    });
  }

  private async answer(
    text: string,
    request: FastifyRequest,
    reply: FastifyReply,
    work: (token: LinkToken, look: Look) => Promise<Html>,
  ): Promise<void> {
    const token = readToken(text, 'unsubscribe', this.config.secret);
    await answerPage(request, reply, this.catalogue.look(token?.brand), async (look) => {
      if (token !== null) return work(token, look);
      const language = pageLanguage(null, request.headers['accept-language']);
      return { status: 404, page: messagePage(language, 'invalid', look) };
    });
  }

  /** The way out works also where the policy cannot be read: the page then names less. */
  private async page(token: LinkToken, request: FastifyRequest, look: Look, moment: 'asking' | 'done'): Promise<Html> {
    const { contactId, channel, purpose, brand = '' } = token;
    const [facts] = await this.database.run(linkFacts, [laneOf(contactId), contactId, channel, purpose, brand]);
    const labels = await unlessUnread(this.catalogue.purposes(), new Map<string, string>());
    return unsubscribePage({
      language: pageLanguage(facts!.locale, request.headers['accept-language']),
      look,
      purpose: labels.get(purpose) ?? purpose,
      channel,
      state: moment === 'asking' && facts!.state === 'withdrawn' ? 'already' : moment,
    });
  }
}
