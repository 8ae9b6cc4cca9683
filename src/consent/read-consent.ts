import type { z } from 'zod';
import type { Fault } from '../shared/errors.ts';
import { consentCallSchema, type ConsentCall } from './consent.schema.ts';

/**
 * Reads the body of `POST /v1/consent`: the call, or everything that is wrong with it. `purposes` are those of the
 * policy: a mistyped one would be a consent that no message ever asks for.
 */
export function readConsentCall(
  body: unknown,
  purposes: ReadonlySet<string>,
): { call: ConsentCall; faults?: never } | { call?: never; faults: Fault[] } {
  const parsed = consentCallSchema.safeParse(body);
  const faults = parsed.success ? [] : parsed.error.issues.flatMap(explain);
  const found = new Set(faults.map(({ path }) => path));
  faults.push(...unknownPurposes(body, purposes).filter(({ path }) => !found.has(path)));
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
function unknownPurposes(body: unknown, purposes: ReadonlySet<string>): Fault[] {
  const { entries } = (body ?? {}) as { entries?: unknown };
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown, index) => {
    const { purpose } = (entry ?? {}) as { purpose?: unknown };
    if (typeof purpose !== 'string' || purposes.has(purpose)) return [];
    const message = `is ${JSON.stringify(purpose)}, which is no purpose of the policy`;
    return [fault(`entries.${index}.purpose`, message, `use one of ${[...purposes].join(', ')}`)];
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
