import type { z } from 'zod';
import { parseInstant, type Instant } from '../shared/clock.ts';
import type { Fault } from '../shared/errors.ts';
import { consentCallSchema, type ConsentCall } from './consent.schema.ts';

/**
 * Reads the body of `POST /v1/consent`: the call, or everything that is wrong with it. `purposes` are those of the
 * policy: a mistyped one would be a consent that no message ever asks for. `brands` likewise; empty where there is only one.
 * `now` is when an entry without `at` was said.
 */
export function readConsentCall(
  body: unknown,
  purposes: ReadonlySet<string>,
  brands: ReadonlySet<string>,
  now: Instant,
): { call: ConsentCall; faults?: never } | { call?: never; faults: Fault[] } {
  const parsed = consentCallSchema.safeParse(body);
  const faults = parsed.success ? [] : parsed.error.issues.flatMap(explain);
  const found = new Set(faults.map(({ path }) => path));
  faults.push(
    ...[...unknownPurposes(body, purposes), ...wrongBrands(body, brands), ...askedTooLate(body, now)].filter(
      ({ path }) => !found.has(path),
    ),
  );
  return parsed.success && faults.length === 0 ? { call: parsed.data } : { faults };
}

function explain(issue: z.core.$ZodIssue): Fault[] {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => fault([...at, key].join('.'), 'is not a field that is known here'));
  }
  return [fault(at.join('.'), issue.message)];
}

/** Looked for in what arrived, not in what was read: one answer names every fault, also when others are there. */
function entriesIn(body: unknown): Record<string, unknown>[] {
  const { entries } = (body ?? {}) as { entries?: unknown };
  return Array.isArray(entries) ? entries.map((entry: unknown) => (entry ?? {}) as Record<string, unknown>) : [];
}

function unknownPurposes(body: unknown, purposes: ReadonlySet<string>): Fault[] {
  return entriesIn(body).flatMap(({ purpose }, index) => {
    if (typeof purpose !== 'string' || purposes.has(purpose)) return [];
    const message = `is ${JSON.stringify(purpose)}, which is no purpose of the policy`;
    return [fault(`entries.${index}.purpose`, message, `use one of ${[...purposes].join(', ')}`)];
  });
}

/** Consent to nobody in particular would open no brand, and consent to a brand nothing where there are none. */
function wrongBrands(body: unknown, brands: ReadonlySet<string>): Fault[] {
  return entriesIn(body).flatMap(({ brand }, index) => {
    const path = `entries.${index}.brand`;
    if (brands.size === 0)
      return brand === undefined ? [] : [fault(path, 'is given, and the policy has no brands', 'leave it out')];
    if (typeof brand === 'string' && brands.has(brand)) return [];
    const message = brand === undefined ? 'is missing' : `is ${JSON.stringify(brand)}, which is no brand of the policy`;
    return [fault(path, message, `use one of ${[...brands].join(', ')}`)];
  });
}

/** A confirmation answers a request made before it: the other way round proves nothing (law L22). `at` is now when absent. */
function askedTooLate(body: unknown, now: Instant): Fault[] {
  return entriesIn(body).flatMap(({ at, requestedAt }, index) => {
    if (typeof requestedAt !== 'string' || (at !== undefined && typeof at !== 'string')) return [];
    const confirmed = at === undefined ? now : parseInstant(at);
    // An instant that cannot be read is a fault of its own, and compares as false.
    if (!(parseInstant(requestedAt) > confirmed)) return [];
    const than = at === undefined ? 'now, which is when the entry says it was confirmed' : '`at`';
    return [
      fault(
        `entries.${index}.requestedAt`,
        `is later than ${than}`,
        'write in `requestedAt` when the double opt-in was asked for, and in `at` when the person confirmed it',
      ),
    ];
  });
}

function fault(path: string, message: string, hint?: string): Fault {
  return {
    code: 'invalid-value',
    severity: 'error',
    path,
    message: `${path === '' ? 'The body' : path} ${message}.`,
    hint,
  };
}
