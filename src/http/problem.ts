import type { Fault } from '../shared/errors.ts';

export interface ProblemOptions {
  /** What happened this time and what to do about it. */
  detail?: string;
  faults?: readonly Fault[];
  /** Seconds after which it is worth trying again. */
  retryAfter?: number;
  headers?: Readonly<Record<string, string>>;
}

/** What a client is told when a request cannot be done: thrown anywhere below a controller, answered as RFC 9457. */
export class Problem extends Error {
  readonly status: number;
  /** Stable, kebab-case; the last part of the problem's `type`. */
  readonly code: string;
  readonly title: string;
  readonly options: ProblemOptions;

  constructor(status: number, code: string, title: string, options: ProblemOptions = {}) {
    super(title);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.title = title;
    this.options = options;
  }
}

/** 400 with every fault of the request and its path. */
export const invalidRequest = (faults: readonly Fault[]): Problem =>
  new Problem(400, 'invalid-request', 'The request is malformed; nothing of it was stored', { faults });

/** 503: a part this needs is away; nothing was changed, and the same request may be sent again. */
export const unavailable = (detail: string, retryAfter = 5): Problem =>
  new Problem(503, 'unavailable', 'Not available at the moment', { detail, retryAfter });

/** 429. `retryAfter` in seconds. */
export const tooManyRequests = (detail: string, retryAfter: number): Problem =>
  new Problem(429, 'too-many-requests', 'Too many requests', {
    detail,
    retryAfter: Math.max(1, Math.ceil(retryAfter)),
  });

/** Faults that are named in one answer: a request with more is wrong as a whole, and its answer must not outgrow it. */
const MOST_FAULTS = 100;
const LONGEST_TEXT = 500;

const shortened = (text: string): string => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);

/** The body of an `application/problem+json` answer. */
export interface ProblemBody {
  /** An absolute, stable name (RFC 9457, 3.1.1), not an address. */
  type: string;
  title: string;
  status: number;
  detail?: string;
  /** Every fault, with its field path. */
  errors?: { code: string; path: string; message: string; hint?: string }[];
  /** How many there are, where that is more than are named. */
  errorsTotal?: number;
}

export function problemBody(problem: Problem): ProblemBody {
  const { detail, faults } = problem.options;
  return {
    type: `urn:relance:problem:${problem.code}`,
    title: problem.title,
    status: problem.status,
    ...(detail === undefined ? {} : { detail }),
    ...(faults === undefined
      ? {}
      : {
          errors: faults.slice(0, MOST_FAULTS).map(({ code, path = '', message, hint }) => ({
            code,
            path: shortened(path),
            message: shortened(message),
            ...(hint === undefined ? {} : { hint }),
          })),
          ...(faults.length > MOST_FAULTS && { errorsTotal: faults.length }),
        }),
  };
}
