import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contactZone } from '../calendar/index.ts';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { readToken, type LinkToken } from '../consent/index.ts';
import { lookOf } from '../gate/index.ts';
import { RequiresCredential } from '../http/index.ts';
import { answerPage, messagePage, pageLanguage, type Look, type PageAnswer } from '../pages/index.ts';
import type { Clock } from '../shared/clock.ts';
import { sha256 } from '../shared/hash.ts';
import type { Html } from '../shared/html.ts';
import { fieldsOf, readForm } from './form.ts';
import { offerOf, type Choosable } from './offer.ts';
import { choosableBy, Offers, type Published } from './offers.service.ts';
import { preferencesPage, wordsOf, type PreferencesPage } from './preferences-page.ts';
import { PreferencesService, type Standing, type Voice } from './preferences.service.ts';

/** What one request is about. */
interface Asked {
  token: LinkToken;
  published: Published;
  standing: Standing;
  look: Look;
  /** All that the person can choose, of every brand, and what of it this page offers. */
  all: Choosable[];
  offered: Choosable[];
  request: FastifyRequest;
}

/** The preference centre behind a message's link: no sign-in, no cookie, no script (docs: interfaces, "People's links"). */
@ApiTags('links')
@Controller('p')
@RequiresCredential('none')
export class PreferencesController {
  constructor(
    private readonly preferences: PreferencesService,
    private readonly offers: Offers,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get(':token')
  @ApiOperation({ summary: 'What a person receives, how often and in which language; looking changes nothing' })
  @ApiParam({ name: 'token', description: 'From the message' })
  @ApiResponse({ status: 200, description: 'The page' })
  @ApiResponse({ status: 404, description: 'The link was not made here, or was changed' })
  @ApiResponse({ status: 410, description: 'Nothing is kept of the person any more' })
  @ApiResponse({ status: 503, description: 'The database is away' })
  async ask(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(token, request, reply, (asked) => Promise.resolve(this.page(asked, 'asking')));
  }

  @Post(':token')
  @ApiOperation({ summary: 'Saves what a person chooses, or stops everything; it acts on what is queued at once' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['form', 'do'],
      properties: {
        form: { type: 'string', enum: ['preferences'] },
        do: { type: 'string', enum: ['save', 'stop'] },
        week: { type: 'string', description: 'Messages in any seven days, 1 to 7; empty for no limit' },
        pause: { type: 'string', enum: ['', '2w', '1m', '3m', 'lift'] },
        language: { type: 'string', description: 'One of those the templates are written in' },
      },
      description: 'And `on.<channel>.<purpose>` for each box that is ticked',
    },
  })
  @ApiParam({ name: 'token', description: 'From the message' })
  @ApiResponse({ status: 200, description: 'Saved; saving the same again changes nothing' })
  @ApiResponse({ status: 400, description: 'A field cannot be used: the page names it and keeps what was typed' })
  @ApiResponse({ status: 404, description: 'The link was not made here, or was changed' })
  @ApiResponse({ status: 410, description: 'Nothing is kept of the person any more' })
  @ApiResponse({ status: 503, description: 'The database is away: nothing was changed' })
  async save(@Param('token') token: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(token, request, reply, async (asked) => {
      const { published, standing, offered } = asked;
      const zone = contactZone(standing.contact, published.policy.policy.timezone);
      const { wish, faults } = readForm(request.body, offered, published.languages, this.clock.now(), zone);
      if (wish === undefined) {
        const typed = fieldsOf(request.body);
        const page = this.page(asked, 'fault', { faults, ...(typed['form'] === 'preferences' && { typed }) });
        return { status: 400, page };
      }
      const saved = await this.preferences.save(standing.contact.id, wish, asked.all, this.voice(asked));
      if (saved === null) return this.gone(request, asked.look);
      return this.page({ ...asked, standing: saved }, wish.stop ? 'stopped' : 'saved');
    });
  }

  private async answer(
    text: string,
    request: FastifyRequest,
    reply: FastifyReply,
    work: (asked: Asked) => Promise<PageAnswer>,
  ): Promise<void> {
    const token = readToken(text, 'preferences', this.config.secret);
    const asked = this.offers.current().then(({ policy }) => lookOf(policy.policy, token?.brand));
    await answerPage(request, reply, asked, async (look) => {
      const language = pageLanguage(null, request.headers['accept-language']);
      if (token === null) return { status: 404, page: messagePage(language, 'invalid', look) };
      const standing = await this.preferences.standing(token.contactId);
      if (standing === null) return this.gone(request, look);
      const published = await this.offers.current();
      const all = choosableBy(standing, published, this.clock.now());
      const offered = offerOf(all, published.policy.policy, token.brand);
      return work({ token, published, standing, look, request, all, offered });
    });
  }

  private gone(request: FastifyRequest, look: Look): PageAnswer {
    const language = pageLanguage(null, request.headers['accept-language']);
    return { status: 410, page: messagePage(language, 'gone', look) };
  }

  private page(
    { look, offered, published, standing, request }: Asked,
    moment: PreferencesPage['moment'],
    fault: Pick<PreferencesPage, 'faults' | 'typed'> = {},
  ): Html {
    return preferencesPage({
      language: pageLanguage(standing.contact.locale, request.headers['accept-language']),
      look,
      offered,
      languages: published.languages,
      standing,
      now: this.clock.now(),
      zone: contactZone(standing.contact, published.policy.policy.timezone),
      moment,
      ...fault,
    });
  }

  private voice({ token, standing, request }: Asked): Voice {
    const language = pageLanguage(standing.contact.locale, request.headers['accept-language']);
    return {
      source: { kind: 'preference-centre', reference: token.messageId },
      words: (of) => {
        const text = wordsOf(of, language);
        // The words tell their version: other words are another one.
        return { text, textVersion: `${language}-${sha256(text).slice(0, 12)}` };
      },
      ip: request.ip,
      userAgent: request.headers['user-agent']?.slice(0, 1_000) ?? null,
    };
  }
}
