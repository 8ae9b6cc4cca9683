import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequiresCredential } from '../http/index.ts';
import { answerPage, messagePage, pageLanguage } from '../pages/index.ts';
import { CONSENT_CATALOGUE, type ConsentCatalogue } from './catalogue.ts';

/** A message's link that lost its token on the way: for whoever opens it, a link that is broken like any other. */
@ApiExcludeController()
@Controller()
@RequiresCredential('none')
export class BareLinkController {
  constructor(@Inject(CONSENT_CATALOGUE) private readonly catalogue: ConsentCatalogue) {}

  @All(['u', 'p', 'c', 'v', 't', 't/c'])
  async broken(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const language = pageLanguage(null, request.headers['accept-language']);
    await answerPage(request, reply, this.catalogue.look(), (look) =>
      Promise.resolve({ status: 404, page: messagePage(language, 'invalid', look) }),
    );
  }
}
