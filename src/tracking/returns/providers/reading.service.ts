import { createHmac, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import { readMoment } from '../../../calendar/index.ts';
import { invalidRequest, Problem } from '../../../http/index.ts';
import type { Instant } from '../../../shared/clock.ts';

/** The call as its schema has it. Throws 400 with every fault and its path. */
export function readCall<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalidRequest(
    result.error.issues.map(({ path, message }) => ({
      code: 'invalid-value',
      severity: 'error',
      path: path.join('.'),
      message,
    })),
  );
}

/** 403: the signature is missing, wrong or too old. */
export const notSigned = (detail: string): Problem =>
  new Problem(403, 'wrong-signature', 'The signature does not hold; nothing was changed', { detail });

/** 401: the credential is missing or wrong. */
export const notAuthenticated = (detail: string, scheme: string): Problem =>
  new Problem(401, 'unauthenticated', 'A credential is needed', { detail, headers: { 'WWW-Authenticate': scheme } });

/** Compares in a time that tells nothing of where two texts differ. */
export function equalTexts(a: string, b: string): boolean {
  const key = 'compared';
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** An instant a provider wrote, with its offset or since 1970; `now` when it cannot be read, and never after it. */
export function instantOf(value: unknown, now: Instant): Instant {
  const moment = readMoment(value);
  return moment?.kind === 'instant' ? Math.min(moment.at, now) : now;
}
