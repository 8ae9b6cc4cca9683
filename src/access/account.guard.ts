import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { CREDENTIAL, Problem, type Credential } from '../http/index.ts';
import { AccessService, WRITE_KEYS, type Account, type WriteKeys } from './access.service.ts';
import { readAuthorization, writeKeyOf } from './authorization.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, on routes that need an account. */
    account?: Account;
    /** The write key, on routes that need one. */
    writeKey?: string;
  }
}

const unauthenticated = (detail: string, realm: string): Problem =>
  new Problem(401, 'unauthenticated', 'A credential is needed', {
    detail,
    headers: { 'WWW-Authenticate': `Basic realm="${realm}", charset="UTF-8"` },
  });

/** Holds every route to what it asks for; a route that says nothing asks for an account (rule S1). */
@Injectable()
export class AccountGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly access: AccessService,
    @Inject(WRITE_KEYS) private readonly writeKeys: WriteKeys,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const credential =
      this.reflector.getAllAndOverride<Credential | undefined>(CREDENTIAL, [
        context.getHandler(),
        context.getClass(),
      ]) ?? 'account';
    if (credential === 'none') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return credential === 'write-key' ? this.admitMachine(request) : this.admitPerson(request);
  }

  private async admitMachine(request: FastifyRequest): Promise<boolean> {
    const key = writeKeyOf(request.headers.authorization, request.body);
    if (key === null) {
      throw unauthenticated(
        'Send the write key as user name of HTTP Basic, as Bearer token, or as writeKey in the body.',
        'Relance events',
      );
    }
    if (!(await this.writeKeys.accepts(key)))
      throw unauthenticated('This write key is not known or was revoked.', 'Relance events');
    request.writeKey = key;
    return true;
  }

  private async admitPerson(request: FastifyRequest): Promise<boolean> {
    const shown = readAuthorization(request.headers.authorization);
    if (shown?.scheme !== 'basic')
      throw unauthenticated('Sign in with HTTP Basic: email and password of an account.', 'Relance');
    const account = await this.access.signIn(shown.user, shown.password, request.ip);
    if (account === null) throw unauthenticated('Email or password is wrong.', 'Relance');
    request.account = account;
    return true;
  }
}
