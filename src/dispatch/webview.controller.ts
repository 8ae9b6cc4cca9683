import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { CONSENT_CATALOGUE, readToken, type ConsentCatalogue } from '../consent/index.ts';
import { RequiresCredential } from '../http/index.ts';
import { answerPage, messagePage, page, pageLanguage, type Look, type PageAnswer } from '../pages/index.ts';
import type { Clock } from '../shared/clock.ts';
import { html, Html } from '../shared/html.ts';
import { RenderError } from '../templates/index.ts';
import { SentMessages } from './sent-messages.service.ts';

/**
 * A mail brings its own looks and pictures; nothing in it runs, sends a form or is shown in another page, and it has none
 * of this site's own rights.
 */
const MAIL_POLICY =
  "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline' https:; font-src https: data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** A message in the browser, for whoever cannot see it in the mailbox. Nothing is counted and nothing changes. */
@ApiTags('links')
@Controller('v')
@RequiresCredential('none')
export class WebviewController {
  constructor(
    private readonly messages: SentMessages,
    @Inject(CONSENT_CATALOGUE) private readonly catalogue: ConsentCatalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':token')
  @ApiOperation({
    summary: 'A message as it was sent, without its pixel and with links that lead straight to their targets',
  })
  @ApiParam({ name: 'token', description: 'From the message' })
  @ApiResponse({ status: 200, description: 'The message' })
  @ApiResponse({ status: 404, description: 'The link was not made here, or was changed' })
  @ApiResponse({ status: 410, description: 'The message is not kept any more' })
  @ApiResponse({ status: 503, description: 'The database is away' })
  async view(@Param('token') text: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = readToken(text, 'webview', this.config.secret);
    const language = pageLanguage(null, request.headers['accept-language']);
    await answerPage(request, reply, this.catalogue.look(token?.brand), async (look) => {
      if (token === null) return { status: 404, page: messagePage(language, 'invalid', look) };
      try {
        const seen = await this.messages.view(token, this.clock.now());
        if (seen !== null) return shown(seen, look, request);
      } catch (error) {
        // What the message was written from is not what it was.
        if (!(error instanceof RenderError)) throw error;
      }
      return { status: 410, page: messagePage(language, 'gone', look) };
    });
  }
}

type Seen = NonNullable<Awaited<ReturnType<SentMessages['view']>>>;

/** A mail is a page of its own; a text stands on one of ours. */
function shown({ rendered, locale }: Seen, look: Look, request: FastifyRequest): PageAnswer {
  if (rendered.channel === 'email') return { status: 200, page: new Html(rendered.html), contentPolicy: MAIL_POLICY };
  const language = pageLanguage(locale, request.headers['accept-language']);
  return page({ language, look, title: look.brand }, html`<p style="white-space: pre-wrap">${rendered.text}</p>`);
}
