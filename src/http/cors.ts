import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

/** Seconds for which a browser remembers what it may send. */
const REMEMBERED = 86_400;

/**
 * Lets pages of these origins post to the events API from a browser, and nothing else: no other route tells a page of
 * another origin anything. No cookie is taken along; the write key is what is asked for. Clients send headers of their own
 * (RudderStack's `AnonymousId`): whichever a browser asks for may be sent.
 */
export function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const allowed = {
    origin: [...origins],
    methods: ['POST'],
    exposedHeaders: ['retry-after'],
    credentials: false,
    maxAge: REMEMBERED,
    strictPreflight: false,
  };
  const delegator = (request: FastifyRequest, done: (error: null, options: object) => void): void =>
    done(null, request.url.startsWith('/v1/') ? allowed : { origin: false });
  app.enableCors({ delegator });
}
