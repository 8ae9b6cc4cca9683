import { z } from 'zod';
import { CHANNELS } from '../shared/channel.ts';
import { parseInstant } from '../shared/clock.ts';
import { STORABLE } from '../shared/storable.ts';

const text = (max: number) =>
  z
    .string()
    .regex(/\S/, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .regex(...STORABLE);

const consent = z.strictObject({
  channel: z.enum(CHANNELS),
  purpose: text(64).describe('A purpose of the policy that does not rest on a contract'),
  brand: text(64).optional().describe('Needed where the policy has brands'),
  on: z.boolean().describe('Whether the person wants it'),
});

const source = z.strictObject({
  reference: text(500).describe('Where the person said so: the page, the call'),
  textVersion: text(64).describe('Which version of the words the person saw'),
  text: text(10_000).optional().describe('The words themselves'),
  ip: z.union([z.ipv4(), z.ipv6()], { error: 'must be an IP address' }).optional(),
  userAgent: text(1_000).optional(),
});

/** `PUT /api/contacts/:userId/preferences`: what is not named stays as it is. */
export const preferencesSchema = z.strictObject({
  source: source.describe('The proof: who hosts the page tells what the person saw'),
  consents: z.array(consent).max(100, 'must have at most 100 entries').default([]),
  maxPerWeek: z
    .int()
    .min(1, 'must be 1 to 7, or null for no limit')
    .max(7, 'must be 1 to 7, or null for no limit')
    .nullable()
    .optional()
    .describe('Messages in any seven days'),
  pauseUntil: z
    .string()
    .refine((value) => !Number.isNaN(parseInstant(value)), 'must be an RFC 3339 instant such as 2026-03-01T08:00:00Z')
    .nullable()
    .optional(),
  language: text(35).optional().describe('BCP 47; from then on the locale of the contact'),
  stop: z.boolean().default(false).describe('Withdraws everything on every channel, and objects (GDPR Art. 21)'),
});

export type PreferencesCall = z.output<typeof preferencesSchema>;
