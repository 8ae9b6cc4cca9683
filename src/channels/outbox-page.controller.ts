import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../http/index.ts';
import type { Html } from '../shared/html.ts';
import { listPage, messagePage, missingPage } from './outbox-page.ts';
import type { OutboxQuery, OutboxView } from './outbox.schema.ts';
import { outboxQuerySchema, outboxViewSchema } from './outbox.schema.ts';
import { emailSource, lengthOf, OutboxService } from './outbox.service.ts';

/** The pages themselves: styles of their own, one frame of this origin, nothing else. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** A mail in its frame: its pictures and styles, no script, no form, no cookie, links in a new window. */
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline' https:; img-src data: http: https:; font-src https:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

function send(reply: FastifyReply, page: Html, status = 200): void {
  void reply
    .status(status)
    .headers({
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': PAGE_POLICY,
      // The sign-out tells where it comes from.
      'Referrer-Policy': 'same-origin',
    })
    .send(page.text);
}

/** The outbox for people: plain pages that work without scripts. */
@ApiExcludeController()
@Controller('outbox')
export class OutboxPageController {
  constructor(private readonly outbox: OutboxService) {}

  @Get()
  @Access('viewer', { page: true })
  async list(
    @Query({ schema: outboxQuerySchema }) query: OutboxQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(reply, listPage(await this.outbox.list(query), query, request.csrfToken));
  }

  @Get(':id')
  @Access('viewer', { page: true })
  async show(
    @Param('id') id: string,
    @Query({ schema: outboxViewSchema }) { view }: { view: OutboxView },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const message = await this.outbox.find(id);
    if (message === null) return send(reply, missingPage(request.csrfToken), 404);
    const source = message.channel === 'email' && view === 'source' ? await emailSource(message) : '';
    send(reply, messagePage(message, view, source, lengthOf(message), request.csrfToken));
  }

  /** The mail's own HTML, for the frame. */
  @Get(':id/html')
  @Access('viewer', { page: true })
  async html(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const message = await this.outbox.find(id);
    if (message === null || message.html === null) return send(reply, missingPage(), 404);
    const body = /<head\b[^>]*>/i.test(message.html)
      ? message.html.replace(/<head\b[^>]*>/i, (head) => `${head}<base target="_blank">`)
      : `<base target="_blank">${message.html}`;
    void reply
      .headers({
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-store',
        'Content-Security-Policy': MAIL_POLICY,
        'X-Frame-Options': 'SAMEORIGIN',
        'Referrer-Policy': 'no-referrer',
      })
      .send(body);
  }

  /** The mail as a file, for a mail program. */
  @Get(':id/message.eml')
  @Access('viewer', { page: true })
  async download(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const message = await this.outbox.find(id);
    if (message === null || message.channel !== 'email') return send(reply, missingPage(), 404);
    void reply
      .headers({
        'Content-Type': 'message/rfc822',
        'Content-Disposition': `attachment; filename="${message.id}.eml"`,
        'Cache-Control': 'no-store',
      })
      .send(await emailSource(message));
  }
}
