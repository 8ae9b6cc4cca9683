import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { classify, RetryableDatabaseError } from '../database/index.ts';
import { NothingPublished, UserError } from '../shared/errors.ts';
import { LOG, type Log } from './log.ts';
import { Problem, problemBody, unavailable } from './problem.ts';

/** Answers every error as RFC 9457 `application/problem+json`. What went wrong inside is logged, never sent. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const problem = problemOf(error);
    if (problem.status >= 500) {
      const route = request.routeOptions?.url ?? '(unknown)';
      // An outage is loud where it is noticed first (readiness); here it would be one line a request.
      if (problem.status === 503)
        this.log.warn({ requestId: request.id, route, reason: messageOf(error) }, 'answered 503');
      else this.log.error({ requestId: request.id, route, err: error }, 'request failed');
    }
    if (reply.sent) return;
    const { retryAfter, headers } = problem.options;
    if (retryAfter !== undefined) void reply.header('Retry-After', String(retryAfter));
    if (headers !== undefined) void reply.headers(headers);
    void reply
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemBody(problem)));
  }
}

/** The problem an error is to a client. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const cause = classify(error);
  if (cause instanceof RetryableDatabaseError)
    return unavailable('The database cannot be used now. Send the request again.');
  if (isUnkeepable(cause)) {
    const message =
      'A value of the request cannot be kept: it has a NUL, broken Unicode, or a number or date out of range.';
    return new Problem(400, 'invalid-request', 'The request is malformed', { detail: message });
  }
  if (error instanceof NothingPublished) return new Problem(409, 'nothing-published', error.message);
  if (error instanceof UserError) {
    return new Problem(400, 'invalid-request', error.message, { faults: error.faults });
  }
  const { statusCode } = error as { statusCode?: unknown };
  if (error instanceof HttpException) return knownProblem(error.getStatus(), error.message);
  // Fastify's own refusals: body too large, media type, header errors.
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return knownProblem(statusCode, messageOf(error));
  return new Problem(500, 'internal-error', 'Something went wrong here', {
    detail: 'It was logged. Send the request again; if it fails again, tell who runs this service.',
  });
}

/**
 * What PostgreSQL says of a value that a caller sent and no schema caught: a NUL or broken Unicode (22021, 22P05), a number
 * (22003) or a date (22007, 22008) out of range, an id that is none (22P02).
 */
const UNKEEPABLE = new Set(['22021', '22P05', '22003', '22007', '22008', '22P02']);
const isUnkeepable = (error: unknown): boolean => UNKEEPABLE.has(String((error as { code?: unknown } | null)?.code));

const TITLES: Record<number, [code: string, title: string]> = {
  400: ['invalid-request', 'The request is malformed'],
  401: ['unauthenticated', 'A credential is needed'],
  403: ['forbidden', 'This credential may not do that'],
  404: ['not-found', 'Nothing is found at this address'],
  405: ['method-not-allowed', 'This address does not take this method'],
  408: ['request-timeout', 'The request took too long to arrive'],
  409: ['conflict', 'It conflicts with what is there'],
  413: ['too-large', 'The request is too large'],
  415: ['unsupported-media-type', 'The body is of a kind that is not read here'],
  429: ['too-many-requests', 'Too many requests'],
  503: ['unavailable', 'Not available at the moment'],
};

function knownProblem(status: number, detail: string): Problem {
  const [code, title] = TITLES[status] ?? ['refused', 'The request was refused'];
  return new Problem(status, code, title, { detail });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
