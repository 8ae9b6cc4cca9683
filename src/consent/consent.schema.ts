import { z } from 'zod';
import { CHANNELS } from '../shared/channel.ts';
import { parseInstant } from '../shared/clock.ts';
import { STORABLE } from '../shared/storable.ts';
import { CONSENT_ACTIONS, LEGAL_BASES } from './state.ts';

/** Nothing is trimmed: the words are the proof. */
const text = (max: number) =>
  z
    .string({ error: 'must be a text' })
    .regex(/\S/, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .regex(...STORABLE);

const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

const instant = z
  .string({ error: 'must be a text such as 2026-03-01T08:00:00Z' })
  .refine((value) => !Number.isNaN(parseInstant(value)), 'must be an RFC 3339 instant such as 2026-03-01T08:00:00Z');

/** Mistyped keys have messages of their own (`readConsentCall`). */
const object = { error: 'must be an object' };

const source = z.strictObject(
  {
    kind: text(64).describe('How it was collected: form, checkout, import, phone…'),
    reference: text(500).describe('Where: the form, the page, the file'),
    textVersion: text(64).describe('Which version of the words the person saw'),
    text: text(10_000).optional().describe('The words themselves'),
    ip: z.union([z.ipv4(), z.ipv6()], { error: 'must be an IP address' }).optional(),
    userAgent: text(1_000).optional(),
  },
  object,
);

const entry = z
  .strictObject(
    {
      channel: oneOf(CHANNELS),
      purpose: text(64).describe('A purpose of the policy'),
      action: oneOf(CONSENT_ACTIONS),
      at: instant.optional().describe('When the person said so; now, when absent'),
      requestedAt: instant
        .optional()
        .describe('Of a double opt-in that was confirmed: when it was asked for; `at` is when it was confirmed'),
      source,
      legalBasis: oneOf(LEGAL_BASES).optional(),
      brand: text(64).optional().describe('The brand it was said to; needed where the policy has brands'),
    },
    object,
  )
  .refine(
    ({ action, source: { kind }, legalBasis }) =>
      kind !== 'referral' || action !== 'granted' || legalBasis === 'legitimate-interest',
    {
      error:
        'must be legitimate-interest for a source of the kind referral: whom a friend named has consented to nothing',
      path: ['legalBasis'],
    },
  );

/** `POST /v1/consent` (docs: interfaces, "Events API"). `userId` is taken to the letter, as the events API takes it. */
export const consentCallSchema = z.strictObject(
  {
    userId: z.union(
      [
        z
          .string()
          .min(1, 'must not be empty')
          .max(500, 'must have at most 500 characters')
          .regex(...STORABLE),
        z.int().transform(String),
      ],
      { error: 'must be a text of 1 to 500 characters, or a whole number' },
    ),
    entries: z
      .array(entry, { error: 'must be a list of entries' })
      .min(1, 'must have at least one entry')
      .max(100, 'must have at most 100 entries'),
    writeKey: z.string({ error: 'must be a text' }).nullish().describe('Instead of the Authorization header'),
  },
  object,
);

export type ConsentCall = z.output<typeof consentCallSchema>;
