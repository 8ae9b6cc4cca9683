import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LARGEST_BODY, readBodies } from './body.ts';
import { API_DESCRIPTION, type ApiDescription } from './docs.controller.ts';
import { LOG, type Log } from './log.ts';
import { Metrics } from './metrics.ts';
import { problemOf } from './problem.filter.ts';
import { invalidRequest, problemBody } from './problem.ts';

/** What the server is told of the proxies before it: Fastify's `trustProxy`. */
export type TrustedProxies = boolean | string;

/** The adapter that `NestFactory.create` is given, together with `bodyParser: false`. */
export function createAdapter(trustProxy: TrustedProxies): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_BODY,
    trustProxy,
    // A client that sends its head or body drop by drop does not hold a connection for long.
    requestTimeout: 30_000,
    // Longer than the usual minute of balancers, so that it is never we who close a connection they are about to use.
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    // Mail clients and gateways put a slash behind the links of messages.
    routerOptions: { maxParamLength: 2_048, ignoreTrailingSlash: true },
    // An address that cannot be decoded reaches no route, and so no filter.
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(error);
      void reply
        .status(problem.status)
        .type('application/problem+json')
        .send(JSON.stringify(problemBody(problem)));
    },
  });
  readBodies(adapter);
  closeWhatFallsIdle(adapter.getInstance());
  refuseNul(adapter.getInstance());
  return adapter;
}

/** Where people's links lead: their tokens are read by their signature, and one that is none has a page that says so. */
const LINKS = /^\/(?:[upcv]|t\/[co])\//;

/** A NUL in an address is in no route, id or token, and PostgreSQL refuses it: nothing behind is asked. */
function refuseNul(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, reply, done) => {
    if (!/%00/.test(request.url) || LINKS.test(request.url)) return done();
    const problem = invalidRequest([
      { code: 'invalid-value', severity: 'error', message: 'The address has a NUL (%00).' },
    ]);
    void reply
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemBody(problem)));
  });
}

/** Between two looks at connections while the server closes. */
const LOOK_MS = 50;

/**
 * Fastify closes the connections that are idle when it starts to close. One that is answering then would be kept
 * alive for another minute afterwards, and closing would wait for it.
 */
function closeWhatFallsIdle(instance: FastifyInstance): void {
  instance.addHook('preClose', (done) => {
    const { server } = instance;
    if (server.listening) {
      const timer = setInterval(() => server.closeIdleConnections(), LOOK_MS);
      server.once('close', () => clearInterval(timer));
    }
    done();
  });
}

/** Headers, figures, the log of requests and the API's description: call it before `app.init()`. */
export function configureServer(app: NestFastifyApplication, publicUrl: string): void {
  app.useSecurityHeaders({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: "'none'",
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        formAction: "'self'",
        frameAncestors: "'none'",
        baseUri: "'none'",
      },
    },
    strictTransportSecurity: publicUrl.startsWith('https:'),
    xFrameOptions: { action: 'deny' },
  });
  const log = app.get<Log>(LOG);
  const metrics = app.get(Metrics);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? '(none)';
      metrics.requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
      log.debug(
        { requestId: request.id, method: request.method, route, status: reply.statusCode, ms: reply.elapsedTime },
        'request',
      );
      done();
    });
  let document: OpenAPIObject | undefined;
  app.get<ApiDescription>(API_DESCRIPTION).current = () =>
    (document ??= SwaggerModule.createDocument(app, describe(publicUrl)));
}

const describe = (publicUrl: string): Omit<OpenAPIObject, 'paths'> =>
  new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Relance')
    .setDescription(
      'Events in, decisions and messages out. Errors are RFC 9457 problems with every fault and its path. Under `/api` the names beside a security scheme are the least role of an account and the scope of a key (`x-role`, `x-scope`).',
    )
    .setVersion('1')
    .addServer(publicUrl)
    .addSecurity('session', {
      type: 'apiKey',
      in: 'cookie',
      name: publicUrl.startsWith('https:') ? '__Host-relance_session' : 'relance_session',
      description:
        'People, after /sign-in, on pages of this site; every change shows the token of GET /api/session as X-CSRF-Token',
    })
    .addSecurity('key', { type: 'http', scheme: 'bearer', description: 'Machines: a key with a scope' })
    .addSecurity('account', {
      type: 'http',
      scheme: 'basic',
      description: 'Scripts: email and password of an account. Refused from a browser',
    })
    .addSecurity('writeKey', { type: 'http', scheme: 'basic', description: 'The write key as user name, no password' })
    .addSecurity('writeKeyBearer', { type: 'http', scheme: 'bearer', description: 'The write key' })
    .build();
