import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { UserError } from '../shared/errors.ts';

/** Injection token of {@link Log}. */
export const LOG = Symbol('LOG');
/**
 * The log: one JSON object a line on standard output. `error` means that a person must act. No personal data at
 * `info` or above (rule S5): no bodies, no addresses of people, no path of a request (tokens are in it), only its route.
 */
export type Log = Pick<Logger, 'error' | 'warn' | 'info' | 'debug' | 'trace'>;

/** `level` is one of pino's, or `silent`. */
export function createLog(level: string): Logger {
  const options = {
    level,
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    // Not pino's own: it copies every field of an error, and PostgreSQL's carry the values of the row.
    serializers: { err: describeError },
  };
  // At once: lines are few, the last ones before a crash matter most, and a start ends with what a person is told.
  return pino(options, pino.destination({ dest: 1, sync: true }));
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** Lets Nest write into our log. What it reports of its own start is of use to developers only. */
export class NestLog implements LoggerService {
  private readonly target: Log;

  constructor(target: Log) {
    this.target = target;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  /** Nest puts the name of the class that speaks last. */
  private write(level: 'debug' | 'warn' | 'error', message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1);
    const err = [message, ...rest].find((part) => part instanceof Error);
    // Whoever started the program tells the person.
    if (err instanceof UserError) return;
    this.target[level]({ context, err }, message instanceof Error ? message.message : String(message));
  }
}
