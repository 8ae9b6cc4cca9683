import { z } from 'zod';
import { formatInstant, parseInstant } from '../shared/clock.ts';
import type { LedgerEntry } from './entry.ts';
import type { AddressWithdrawal } from './sql/withdrawn-address.ts';
import type { Standing } from './standing.ts';

const PAGE = 100;

export const standingsQuery = z.object({
  at: z
    .string()
    .refine((text) => !Number.isNaN(parseInstant(text)), 'must be an RFC 3339 instant such as 2026-03-01T00:00:00Z')
    .optional()
    .describe('As of when; now, when absent'),
});

export const ledgerQuery = z.object({
  after: z.coerce
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .min(0, 'must not be negative')
    .max(2_147_483_647, 'is beyond every entry')
    .default(0)
    .describe('`next` of the page before'),
  limit: z.coerce
    .number({ error: 'must be a whole number' })
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(1_000, 'must be at most 1000')
    .default(PAGE),
});

/** An entry of the ledger as it leaves the program: instants as RFC 3339. */
export function entryJson({
  contactId: _contact,
  at,
  recordedAt,
  requestedAt,
  expiresAt,
  ...entry
}: LedgerEntry): object {
  return {
    ...entry,
    at: formatInstant(at),
    recordedAt: formatInstant(recordedAt),
    ...(typeof requestedAt === 'number' && { requestedAt: formatInstant(requestedAt) }),
    ...(typeof expiresAt === 'number' && { expiresAt: formatInstant(expiresAt) }),
  };
}

/** How things stood for one channel, purpose and brand, with its proof. */
export function standingJson({ state, since, proof }: Standing): object {
  const { channel, purpose, brand, legalBasis, text, textVersion, source, ip, userAgent, hash } = proof;
  const { at, recordedAt, requestedAt, expiresAt, ordinal } = entryJson(proof) as Record<string, unknown>;
  return {
    channel,
    purpose,
    ...(typeof brand === 'string' && { brand }),
    state,
    since: formatInstant(since),
    // Of a double opt-in that waits: until when it can be confirmed.
    ...(state === 'pending' && expiresAt !== undefined && { expiresAt }),
    legalBasis,
    text,
    textVersion,
    source,
    ip,
    userAgent,
    entry: { ordinal, at, recordedAt, ...(requestedAt !== undefined && { requestedAt }), hash },
  };
}

/** What is closed to an address of the contact, through whichever contact it was said (rule C5a). */
export function addressWithdrawalJson({ channel, purpose, brand, at }: AddressWithdrawal): object {
  return { channel, purpose, ...(brand !== null && { brand }), since: formatInstant(at) };
}
