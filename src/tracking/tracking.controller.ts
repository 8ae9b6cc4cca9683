import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/index.ts';
import { readTracking } from '../dispatch/index.ts';
import { LOG, RequiresCredential, type Log } from '../http/index.ts';
import { machineRequest } from './classify-request.ts';
import { HitRecorder } from './hit-recorder.service.ts';

/** One transparent point. */
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Where links and pixels of mails lead: no sign-in, no cookie, and nothing of the request is kept but that it was. */
@ApiTags('links')
@Controller('t')
@RequiresCredential('none')
export class TrackingController {
  constructor(
    private readonly recorder: HitRecorder,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Get('c/:token')
  @ApiOperation({ summary: 'Leads to the address that the template wrote, which the token holds' })
  @ApiParam({ name: 'token', description: 'From the message' })
  @ApiResponse({ status: 302, description: 'To the address' })
  @ApiResponse({ status: 404, description: 'The link was not made here, or was changed' })
  async click(@Param('token') text: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { secret } = this.config;
    const click = readTracking(text, 'click', secret);
    const token = click ?? readTracking(text, 'trap', secret);
    quiet(reply);
    if (token === null) {
      void reply.status(404).type('text/plain; charset=utf-8').send('This link was not made here, or was changed.\n');
      return;
    }
    await this.keep(() => this.recorder.record(token, click === null ? 'trap' : 'click', machineRequest(request)));
    // In the spelling that a header can hold.
    void reply.status(302).header('Location', new URL(token.url).href).send();
  }

  @Get('o/:token')
  @ApiOperation({ summary: 'The pixel of a mail; an opening is kept only while the person allows it' })
  @ApiParam({ name: 'token', description: 'From the message, with `.gif` at its end' })
  @ApiResponse({ status: 200, description: 'A picture of one point, whatever the token says' })
  async open(@Param('token') text: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = readTracking(text.replace(/\.gif$/, ''), 'open', this.config.secret);
    if (token !== null) await this.keep(() => this.recorder.record(token, 'open', machineRequest(request)));
    quiet(reply);
    void reply.status(200).type('image/gif').send(GIF);
  }

  /** A person goes on their way also when it could not be kept. */
  private async keep(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.log.warn({ err: error }, 'a click or opening was not recorded');
    }
  }
}

function quiet(reply: FastifyReply): void {
  void reply
    .header('Cache-Control', 'no-store')
    .header('Referrer-Policy', 'no-referrer')
    .header('X-Robots-Tag', 'noindex, nofollow');
}
