import type { FastifyRequest } from 'fastify';
import type { Asker } from './request.ts';

/** Whoever is signed in acts for the person who asked. */
export function askerOf(request: FastifyRequest): Asker {
  return { origin: 'api', actor: request.actor ?? 'api' };
}
