import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/index.ts';
import { covers, CREDENTIAL, mayAs, Problem, type AccountNeed, type Credential } from '../http/index.ts';
import type { Account } from './accounts.store.ts';
import { readAuthorization, writeKeyOf } from './authorization.ts';
import { KeyRing, WRITE_KEYS, type WriteKeys } from './key-ring.service.ts';
import { browserMark, isForeign, isJson, isNavigation, wantsPage } from './own-origin.ts';
import { csrfTokenOf, isCsrfToken } from './session.ts';
import { Sessions } from './sessions.service.ts';
import { SignIn } from './sign-in.service.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, as the audit log names them, on routes that need an account or key: an email, or `key:` and a name. */
    actor?: string;
    /** The account, where a person or a script of theirs asks. */
    account?: Account;
    /** What a page of the session shows with every change; absent where no browser is signed in. */
    csrfToken?: string;
    /** The write key, on routes that need one. */
    writeKey?: string;
  }
}

/** The header of the page's token. */
export const CSRF_HEADER = 'x-csrf-token';

/**
 * 401. Never a challenge of HTTP Basic: a browser would ask for the password, keep it, and show it with whatever other sites
 * make it send. Of the schemes that stand in `WWW-Authenticate` browsers pass over Bearer.
 */
const unauthenticated = (detail: string, realm = 'Relance'): Problem =>
  new Problem(401, 'unauthenticated', 'A credential is needed', {
    detail,
    headers: { 'WWW-Authenticate': `Bearer realm="${realm}"` },
  });

const forbidden = (code: string, detail: string): Problem => new Problem(403, code, 'This is not allowed', { detail });

const SAFE_METHODS = ['GET', 'HEAD'];

/**
 * Holds every route to what it asks for (rule S1): people with a session, scripts with HTTP Basic, machines with a key; by
 * role and scope; and nobody by a page of another site.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly keyRing: KeyRing,
    @Inject(WRITE_KEYS) private readonly writeKeys: WriteKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const credential = this.reflector.getAllAndOverride<Credential | undefined>(CREDENTIAL, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (credential === 'none') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (credential === 'write-key') return this.admitEvents(request);
    if (credential === undefined) throw new Error(`${context.getClass().name}: a route says nothing of who may use it`);
    return this.admit(credential, request, context.switchToHttp().getResponse<FastifyReply>());
  }

  private async admitEvents(request: FastifyRequest): Promise<boolean> {
    const key = writeKeyOf(request.headers.authorization, request.body);
    const realm = 'Relance events';
    if (key === null) {
      throw unauthenticated(
        'Send the write key as user name of HTTP Basic, as Bearer token, or as writeKey in the body.',
        realm,
      );
    }
    if (!(await this.writeKeys.accepts(key)))
      throw unauthenticated('This write key is not known or was revoked.', realm);
    request.writeKey = key;
    return true;
  }

  private async admit(need: AccountNeed, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const { headers } = request;
    const changes = need.changes ?? !SAFE_METHODS.includes(request.method);
    const isLinked = need.page && !changes && isNavigation(headers);
    if (!isLinked && isForeign(headers, { host: request.host, publicUrl: this.config.publicUrl }))
      throw forbidden(
        'foreign-origin',
        'The request comes from a page of another site: only pages of this one may ask.',
      );
    const type = headers['content-type'];
    if (changes && type !== undefined && !isJson(type))
      throw new Problem(415, 'unsupported-media-type', 'The body is of a kind that is not read here', {
        detail: 'Send JSON, with `Content-Type: application/json`.',
      });
    if (headers.authorization !== undefined) return this.admitShown(need, request, headers.authorization);

    const session = await this.sessions.find(headers.cookie);
    if (session === null) {
      if (!need.page || !wantsPage(headers)) throw unauthenticated(HOW);
      void reply.header('Cache-Control', 'no-store').redirect(`/sign-in?to=${encodeURIComponent(request.url)}`, 303);
      return false;
    }
    if (changes && !isCsrfToken(headers[CSRF_HEADER], session.token))
      throw forbidden(
        'csrf-token',
        `Send the token of the page with every change, as ${CSRF_HEADER}; GET /api/session tells it to pages of this site.`,
      );
    request.csrfToken = csrfTokenOf(session.token);
    return this.admitPerson(need, request, session.account);
  }

  private async admitShown(need: AccountNeed, request: FastifyRequest, header: string): Promise<boolean> {
    const shown = readAuthorization(header);
    if (shown === null) throw unauthenticated(HOW);
    if (shown.scheme === 'bearer') return this.admitKey(need, request, shown.token);
    const mark = browserMark(request.headers);
    if (mark !== undefined)
      throw forbidden(
        'basic-of-a-browser',
        `HTTP Basic is for scripts, and this request comes from a browser (it has ${mark}). Sign in at /sign-in instead.`,
      );
    const account = await this.signIn.signIn(shown.user, shown.password, request.ip);
    if (account === null) throw unauthenticated('Email or password is wrong.');
    return this.admitPerson(need, request, { email: account.email, role: account.role });
  }

  private async admitKey(need: AccountNeed, request: FastifyRequest, token: string): Promise<boolean> {
    const key = await this.keyRing.find(token);
    if (key === null) throw unauthenticated('This key is not known or was revoked.');
    if (!covers(key.scope, need.scope))
      throw forbidden(
        'scope',
        need.scope === null
          ? 'No key may do this: sign in, or use HTTP Basic with the account of an admin.'
          : `This key has the scope ${key.scope}, and this needs ${need.scope}.`,
      );
    request.actor = `key:${key.name}`;
    return true;
  }

  private admitPerson(need: AccountNeed, request: FastifyRequest, account: Account): true {
    if (!mayAs(account.role, need.role))
      throw forbidden('role', `This account has the role ${account.role}, and this needs ${need.role}.`);
    request.account = account;
    request.actor = account.email;
    return true;
  }
}

const HOW =
  'Sign in at /sign-in with a browser; send HTTP Basic with the email and password of an account from a script, or a key as Bearer token from a machine.';
