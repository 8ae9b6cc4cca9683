import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CLOCK, CONFIG, type Config } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { RequiresCredential } from '../http/index.ts';
import { answerPage, messagePage, pageLanguage, unlessUnread, type Look, type PageAnswer } from '../pages/index.ts';
import type { Clock } from '../shared/clock.ts';
import { laneOf } from '../shared/ids.ts';
import { CONSENT_CATALOGUE, type ConsentCatalogue } from './catalogue.ts';
import { confirmPage } from './confirm-page.ts';
import { ConsentService } from './consent.service.ts';
import { standingOf, type Confirmation, type LinkStanding, type RequestStanding } from './double-opt-in.ts';
import { confirmFacts } from './sql/confirm-facts.ts';
import { statesOf } from './sql/append-entries.ts';
import type { ConsentState } from './state.ts';
import { readToken, type LinkToken } from './token.ts';

/** A link that confirms, as its token says it. */
type ConfirmToken = LinkToken & { addressMark: string };

/** Who opened a link, and where what it asks about stands. */
interface Visit {
  token: ConfirmToken;
  locale: string | null;
  /** By the states given: those under the lock may be newer. */
  standing: (states: readonly ConsentState[]) => LinkStanding;
  link: Confirmation;
  states: readonly ConsentState[];
}

const STATUS: Readonly<Record<RequestStanding, number>> = {
  open: 200,
  confirmed: 200,
  expired: 410,
  'taken-back': 409,
};

/** The second half of a double opt-in (rule C4, law L22): no sign-in, no cookie. */
@ApiTags('links')
@Controller('c')
@RequiresCredential('none')
export class ConfirmController {
  constructor(
    private readonly consent: ConsentService,
    private readonly database: Database,
    @Inject(CONSENT_CATALOGUE) private readonly catalogue: ConsentCatalogue,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':token')
  @ApiOperation({
    summary: 'A page that asks for a confirmation; mail software and link scanners change nothing by it',
  })
  @ApiParam({ name: 'token', description: 'From the message' })
  @ApiResponse({ status: 200, description: 'The page: it may be confirmed, or is' })
  @ApiResponse({ status: 404, description: 'The link was not made here for this, or was changed' })
  @ApiResponse({ status: 409, description: 'The person has said no since' })
  @ApiResponse({ status: 410, description: 'The time to confirm is over, or a newer request has taken its place' })
  @ApiResponse({ status: 503, description: 'The database is away' })
  async ask(@Param('token') text: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answer(text, request, reply, (visit) => Promise.resolve(visit.standing(visit.states)));
  }

  @Post(':token')
  @ApiOperation({ summary: 'Confirms: the page’s button' })
  @ApiParam({ name: 'token', description: 'From the message' })
  @ApiResponse({ status: 200, description: 'Confirmed, now or before' })
  @ApiResponse({ status: 404, description: 'The link was not made here for this, or was changed' })
  @ApiResponse({ status: 409, description: 'The person has said no since: nothing was changed' })
  @ApiResponse({ status: 410, description: 'The time to confirm is over: nothing was changed' })
  @ApiResponse({ status: 503, description: 'The database is away: nothing was changed' })
  async confirm(
    @Param('token') text: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.answer(text, request, reply, async ({ token, link, standing, states }) => {
      const before = standing(states);
      if (before.standing !== 'open') return before;
      const seen = { ip: request.ip, userAgent: request.headers['user-agent']?.slice(0, 1_000) ?? null };
      return this.consent.confirm(token.contactId, link, seen, standing);
    });
  }

  private async answer(
    text: string,
    request: FastifyRequest,
    reply: FastifyReply,
    work: (visit: Visit) => Promise<LinkStanding>,
  ): Promise<void> {
    const token = readToken(text, 'confirm', this.config.secret);
    await answerPage(request, reply, this.catalogue.look(token?.brand), async (look) => {
      const accepted = request.headers['accept-language'];
      if (token?.addressMark === undefined)
        return { status: 404, page: messagePage(pageLanguage(null, accepted), 'invalid', look) };
      const visit = await this.visit({ ...token, addressMark: token.addressMark });
      return this.shown(visit, await work(visit), look, accepted);
    });
  }

  private async visit(token: ConfirmToken): Promise<Visit> {
    const { contactId } = token;
    const now = this.clock.now();
    const [person] = await this.database.run(confirmFacts, [laneOf(contactId), contactId]);
    const { locale, ...facts } = person ?? { locale: null, email: null, objects: false };
    const { channel, purpose, also = [], brand, messageId, addressMark } = token;
    const link = { channel, purposes: [purpose, ...also], brand, messageId, addressMark };
    return {
      token,
      locale,
      link,
      standing: (states) => standingOf(contactId, link, states, facts, now),
      states: await this.database.run(statesOf, [[laneOf(contactId)], [contactId]]),
    };
  }

  private async shown(
    { locale }: Visit,
    { standing, purposes }: LinkStanding,
    look: Look,
    accepted: string | undefined,
  ): Promise<PageAnswer> {
    const labels = await unlessUnread(this.catalogue.purposes(), new Map<string, string>());
    const language = pageLanguage(locale, accepted);
    return {
      status: STATUS[standing],
      page: confirmPage({ language, look, purposes: purposes.map((each) => labels.get(each) ?? each), standing }),
    };
  }
}
