import { Body, Controller, Get, Header, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/index.ts';
import { Access, Problem, RequiresCredential } from '../http/index.ts';
import { pageLanguage } from '../pages/index.ts';
import { isForeign, ownPath } from './own-origin.ts';
import { isCsrfToken } from './session.ts';
import { Sessions } from './sessions.service.ts';
import { signInPage, type Refusal, type SignInForm } from './sign-in-page.ts';
import { SignIn } from './sign-in.service.ts';

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Signing in and out with a browser, until the console does it. */
@ApiTags('access')
@Controller()
export class SessionController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('api/session')
  @Access('viewer', { machines: false })
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Who is signed in, and the token that pages send as `X-CSRF-Token` with every change' })
  current(@Req() request: FastifyRequest): object {
    return { account: request.account, csrfToken: request.csrfToken ?? null };
  }

  @Get('sign-in')
  @RequiresCredential('none')
  @ApiExcludeEndpoint()
  page(@Query('to') to: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.show(request, reply, 200, { to: ownPath(to) });
  }

  @Post('sign-in')
  @RequiresCredential('none')
  @ApiExcludeEndpoint()
  async enter(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const to = ownPath(textOf(body, 'to'));
    const email = textOf(body, 'email');
    const again = (status: number, refusal: Refusal): void => this.show(request, reply, status, { to, email, refusal });
    // A page of another site would sign its visitor in as somebody else.
    if (this.isForeign(request)) return again(403, 'foreign');
    try {
      const account = await this.signIn.signIn(email, textOf(body, 'password'), request.ip);
      if (account === null) return again(401, 'wrong');
      void reply
        .headers({
          'Set-Cookie': await this.sessions.begin(account, request.headers.cookie),
          'Cache-Control': 'no-store',
        })
        .redirect(to, 303);
    } catch (error) {
      if (!(error instanceof Problem) || (error.status !== 429 && error.status !== 503)) throw error;
      void reply.header('Retry-After', String(error.options.retryAfter));
      again(error.status, error.status === 429 ? 'later' : 'busy');
    }
  }

  @Post('sign-out')
  @RequiresCredential('none')
  @ApiExcludeEndpoint()
  async leave(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const refused = (): Problem =>
      new Problem(403, 'csrf-token', 'This is not allowed', { detail: 'Sign out by the button of a page.' });
    // Before the session is looked at: a page of another site sends none, and its answer would take the cookie away.
    if (this.isForeign(request)) throw refused();
    const session = await this.sessions.find(request.headers.cookie);
    if (session !== null && !isCsrfToken(textOf(body, 'csrf'), session.token)) throw refused();
    void reply
      .headers({ 'Set-Cookie': await this.sessions.end(request.headers.cookie), 'Cache-Control': 'no-store' })
      .redirect('/sign-in', 303);
  }

  private isForeign(request: FastifyRequest): boolean {
    return isForeign(request.headers, { host: request.host, publicUrl: this.config.publicUrl });
  }

  private show(request: FastifyRequest, reply: FastifyReply, status: number, form: Omit<SignInForm, 'language'>): void {
    const language = pageLanguage(null, request.headers['accept-language']);
    void reply
      .status(status)
      .headers({
        'Cache-Control': 'no-store',
        'Content-Security-Policy': POLICY,
        'Referrer-Policy': 'same-origin',
        'X-Robots-Tag': 'noindex, nofollow',
      })
      .type('text/html; charset=utf-8')
      .send(signInPage({ language, ...form }).text);
  }
}

function textOf(body: unknown, name: string): string {
  const value = (body as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}
