import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CLOCK, CONFIG, type Config } from '../../config/index.ts';
import { CONSENT_CATALOGUE, type ConsentCatalogue } from '../../consent/index.ts';
import { normaliseTraits } from '../../contacts/index.ts';
import { RequiresCredential } from '../../http/index.ts';
import {
  answerPage,
  messagePage,
  pageLanguage,
  type Look,
  type PageAnswer,
  type PageLanguage,
} from '../../pages/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Asker } from '../requests/request.ts';
import { RightsService } from '../rights.service.ts';
import type { PersonRow } from '../sql/person.ts';
import { OwnData } from './own-data.service.ts';
import { askedPage, askPage, CORRECTED, donePage, eraseNowPage, expiredPage, homePage } from './person-pages.ts';
import { readRightsToken } from './rights-token.ts';

const PERSON: Asker = { origin: 'person', actor: 'person' };

interface Visit {
  language: PageLanguage;
  look: Look;
  person: PersonRow;
}

/** A person's own way to their data, by a link that was mailed to them (rule C8, GDPR Art. 15 to 21). */
@ApiTags('links')
@Controller('r')
@RequiresCredential('none')
export class OwnDataController {
  constructor(
    private readonly own: OwnData,
    private readonly rights: RightsService,
    @Inject(CONSENT_CATALOGUE) private readonly catalogue: ConsentCatalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'A page that asks for an email address, to mail a link to one’s own data' })
  @ApiResponse({ status: 200, description: 'The page' })
  ask(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.show(request, reply, (shown) => Promise.resolve(askPage(shown)));
  }

  @Post()
  @ApiOperation({ summary: 'Mails the link when the address is known; the answer is the same in any case' })
  @ApiResponse({ status: 200, description: 'The page' })
  @ApiResponse({ status: 429, description: 'Too many asked from there' })
  @ApiResponse({ status: 503, description: 'The database is away: nothing was written down' })
  async asked(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.show(request, reply, async (shown) => {
      const allowed = await this.own.ask(textOf(body, 'email'), request.ip);
      if (!allowed) void reply.header('Retry-After', '3600');
      return { status: allowed ? 200 : 429, page: askedPage(shown) };
    });
  }

  @Get(':token')
  @ApiOperation({ summary: 'What a person can do about their data; changes nothing' })
  @ApiParam({ name: 'token', description: 'From the message' })
  @ApiResponse({ status: 200, description: 'The page' })
  @ApiResponse({ status: 404, description: 'The link was not made here, was changed, or nothing is kept any more' })
  @ApiResponse({ status: 410, description: 'The link has run out' })
  home(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.visit(token, request, reply, (visit) => Promise.resolve(homePage(visit, token, visit.person)));
  }

  @Post(':token/copy')
  @ApiOperation({ summary: 'Everything that is kept of the person, as one JSON document, at once' })
  @ApiParam({ name: 'token', description: 'From the message' })
  async copy(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const read = readRightsToken(token, this.config.secret, this.clock.now());
    const person = read === null || read.expired ? null : await this.own.person(read.contactId);
    // Says what is wrong with the link.
    if (person === null) return this.home(token, request, reply);
    const found = await this.rights.export(person.userId, PERSON);
    void reply
      .header('Cache-Control', 'no-store')
      .header('Content-Disposition', 'attachment; filename="my-data.json"')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(found, null, 2));
  }

  @Post(':token/correct')
  @ApiOperation({ summary: 'Corrects what the person wrote' })
  @ApiParam({ name: 'token', description: 'From the message' })
  @ApiResponse({ status: 400, description: 'The page again, with what cannot be saved' })
  async correct(
    @Param('token') token: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.visit(token, request, reply, async (visit) => {
      const { person } = visit;
      const written = CORRECTED.map((name) => [name, textOf(body, name).trim() || null] as const);
      const changed = Object.fromEntries(written.filter(([name, value]) => value !== person[name]));
      const { traits, faults } = normaliseTraits(changed);
      if (faults.length > 0) {
        const wrong = faults.map(({ path, message }) => `${path} ${message}`);
        const asWritten = { ...person, ...Object.fromEntries(written) };
        return { status: 400, page: homePage(visit, `../${token}`, asWritten, wrong) };
      }
      if (Object.keys(changed).length > 0) await this.rights.rectify(person.userId, traits, PERSON);
      return donePage(visit, token, 'correct');
    });
  }

  @Post(':token/:what')
  @ApiOperation({ summary: 'object, take-back, restrict, lift, or erase, which asks once more' })
  @ApiParam({ name: 'token', description: 'From the message' })
  async act(
    @Param('token') token: string,
    @Param('what') what: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.visit(token, request, reply, async (visit) => {
      const { id, userId } = visit.person;
      switch (what) {
        case 'object':
        case 'take-back':
          await this.rights.object(id, what === 'object' ? 'objects' : 'takes-back', PERSON);
          break;
        case 'restrict':
        case 'lift':
          await this.rights.restrict(userId, what === 'restrict' ? 'restricts' : 'lifts', PERSON);
          break;
        case 'erase':
          if (textOf(body, 'confirm') !== 'yes') return eraseNowPage(visit, token);
          await this.rights.erase(userId, PERSON);
          break;
        default:
          return { status: 404, page: messagePage(visit.language, 'invalid', visit.look) };
      }
      return donePage(visit, token, what);
    });
  }

  private show(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (shown: { language: PageLanguage; look: Look }) => Promise<PageAnswer>,
  ): Promise<void> {
    const plain = withoutSlash(request.url);
    if (plain !== null) {
      void reply.redirect(plain, 308);
      return Promise.resolve();
    }
    const language = pageLanguage(null, request.headers['accept-language']);
    return answerPage(request, reply, this.catalogue.look(), (look) => work({ language, look }));
  }

  /** Lets in whoever shows a link that is good. */
  private async visit(
    token: string,
    request: FastifyRequest,
    reply: FastifyReply,
    work: (visit: Visit) => Promise<PageAnswer>,
  ): Promise<void> {
    const read = readRightsToken(token, this.config.secret, this.clock.now());
    await this.show(request, reply, async ({ language, look }) => {
      if (read === null) return { status: 404, page: messagePage(language, 'invalid', look) };
      if (read.expired) return { status: 410, page: expiredPage({ language, look }) };
      const person = await this.own.person(read.contactId);
      if (person === null) return { status: 404, page: messagePage(language, 'gone', look) };
      return work({ language: pageLanguage(person.locale, request.headers['accept-language']), look, person });
    });
  }
}

/**
 * Where a URL with a slash at its end leads: the buttons of these pages are relative (a proxy may serve them below a path),
 * and would lead elsewhere from there. 308, so that what was posted is posted again (RFC 9110, 15.4.9).
 */
function withoutSlash(url: string): string | null {
  const last = /^[^?]*?([^/?]+)\/(?:\?|$)/.exec(url);
  return last === null ? null : `../${last[1]}`;
}

function textOf(body: unknown, name: string): string {
  const value = (body as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'string' ? value.slice(0, 500) : '';
}
