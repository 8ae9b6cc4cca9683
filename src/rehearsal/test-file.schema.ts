import { z } from 'zod';
import { parseDate } from '../calendar/index.ts';
import { CONSENT_ACTIONS, LEGAL_BASES } from '../consent/index.ts';
import { GATES, policySchema } from '../gate/index.ts';
import { IN_FLIGHT } from '../scenarios/index.ts';
import { CHANNELS } from '../shared/channel.ts';
import { parseInstant } from '../shared/clock.ts';

const instant = z.string().transform((text, context) => {
  const day = /^(\d{4}-\d{2}-\d{2})T/.exec(text)?.[1];
  const parsed = parseInstant(text);
  if (!Number.isNaN(parsed) && (day === undefined || parseDate(day) !== null)) return parsed;
  const exists = day === undefined || parseDate(day) !== null;
  context.addIssue({
    code: 'custom',
    message: exists ? 'is not an instant' : 'is on a day that the calendar does not have',
    params: { hint: 'write it with its offset, such as 2026-03-02T09:00:00+01:00' },
  });
  return z.NEVER;
});

const name = z.string().trim().min(1);
const map = z.record(z.string(), z.unknown());

const consent = z
  .strictObject({
    channel: z.enum(CHANNELS),
    purpose: name,
    action: z.enum(CONSENT_ACTIONS),
    at: instant.optional(),
    legalBasis: z.enum(LEGAL_BASES).optional(),
    /** Of a double opt-in that was confirmed elsewhere: when it was asked for; `at` is when it was confirmed. */
    requestedAt: instant.optional(),
    brand: name.optional(),
    /** As `POST /v1/consent` takes it; a rehearsal keeps no proof. */
    source: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ at, requestedAt }) => at === undefined || requestedAt === undefined || requestedAt <= at, {
    error:
      'is later than `at`: write in `requestedAt` when the double opt-in was asked for, and in `at` when it was confirmed',
    path: ['requestedAt'],
  });

const contact = z.strictObject({
  userId: name,
  email: z.unknown().optional(),
  phone: z.unknown().optional(),
  firstName: z.unknown().optional(),
  lastName: z.unknown().optional(),
  birthday: z.unknown().optional(),
  locale: z.unknown().optional(),
  timezone: z.unknown().optional(),
  country: z.unknown().optional(),
  createdAt: z.unknown().optional(),
  traits: map.optional(),
  consents: z.array(consent).default([]),
});

const contactReference = z.union([name, contact], { error: 'must be the name of a contact above, or a contact' });

const earlierSend = z.strictObject({
  contact: name.optional(),
  at: instant,
  channel: z.enum(CHANNELS),
  category: name,
  template: name.optional(),
  scenario: name.optional(),
  programme: name.optional(),
  campaign: name.optional(),
  sender: name.optional(),
  purpose: name.optional(),
  /** Of a text message. */
  parts: z.int().min(1).optional(),
});

const preferences = z
  .strictObject({
    maxPerWeek: z.int().min(1).max(7).nullable().optional(),
    pauseUntil: instant.nullable().optional(),
    language: name.optional(),
  })
  .refine((chosen) => Object.keys(chosen).length > 0, 'must choose `maxPerWeek`, `pauseUntil` or `language`');

const KINDS = [
  'track',
  'identify',
  'consent',
  'confirm',
  'preferences',
  'click',
  'open',
  'reply',
  'restrict',
  'publish',
] as const;

const line = z
  .strictObject({
    at: instant,
    contact: name.optional(),
    /** When it happened, if that was before it arrived. */
    timestamp: instant.optional(),
    track: name.optional(),
    properties: map.optional(),
    context: z
      .strictObject({
        historical: z.boolean().optional(),
        active: z.boolean().optional(),
        timezone: z.string().optional(),
        locale: z.string().optional(),
      })
      .optional(),
    identify: map.optional(),
    consent: consent.optional(),
    /** The contact confirms, by the link of the latest mail that asked for it (the policy's `doubleOptIn`). */
    confirm: z.strictObject({ channel: z.enum(CHANNELS), purpose: name, brand: name.optional() }).optional(),
    /** What the contact chooses in the preference centre; what is not named stays, null lifts. */
    preferences: preferences.optional(),
    /** The contact follows a link of the latest mail of this template. */
    click: name.optional(),
    /** Which link; any without it. */
    url: z.url().optional(),
    /** The contact opens the latest mail of this template. */
    open: name.optional(),
    /** The contact answers a text: STOP, START, or anything else. */
    reply: z.string().max(1_600).optional(),
    /** Which sender it writes to; without it, that of the latest text. */
    to: name.optional(),
    /** Nothing is done with the contact from here on (GDPR Art. 18), or the lift of that. */
    restrict: z.boolean().optional(),
    publish: name.optional(),
    /** What becomes of those inside when a version is published. */
    inFlight: z.enum(IN_FLIGHT).default('finish'),
    /** With `migrate`: where those go on who stand in a step, `old: new` or `old: stop`. */
    map: z.record(z.string(), name).optional(),
  })
  .refine(
    ({ map: steps, publish, inFlight }) => steps === undefined || (publish !== undefined && inFlight === 'migrate'),
    {
      error: 'is for a `publish` line with `inFlight: migrate`',
      path: ['map'],
    },
  )
  .refine(({ to, reply }) => to === undefined || reply !== undefined, { error: 'is for a `reply` line', path: ['to'] })
  .refine(({ url, click }) => url === undefined || click !== undefined, {
    error: 'is for a `click` line',
    path: ['url'],
  })
  .refine((entry) => KINDS.filter((kind) => entry[kind] !== undefined).length === 1, {
    error: `must have exactly one of ${KINDS.join(', ')}`,
  });

/**
 * Lines may be written contact by contact; at one instant they keep their order. `position` is where a line stands in
 * the file; null for one that stands in none.
 */
const timeline = z
  .array(line)
  .transform((lines) =>
    lines.map((each, position) => ({ ...each, position: position as number | null })).toSorted((a, b) => a.at - b.at),
  );

const OUTCOMES = ['sent', 'blocked', 'expired', 'cancelled', 'holdout', 'held'] as const;
const STATUSES = ['active', 'waiting', 'completed', 'converted', 'exited', 'stopped'] as const;

const expectedMessage = z.strictObject({
  contact: name.optional(),
  at: instant.optional(),
  heldUntil: instant.optional(),
  channel: z.enum(CHANNELS).optional(),
  template: name.optional(),
  scenario: name.optional(),
  step: name.optional(),
  category: name.optional(),
  outcome: z.enum(OUTCOMES).optional(),
  gate: z.enum(GATES).optional(),
  reason: name.optional(),
  rule: name.optional(),
});

const expectedEnrollment = z.strictObject({
  contact: name.optional(),
  scenario: name.optional(),
  status: z.enum(STATUSES).optional(),
  key: z.union([z.string(), z.number().transform(String)]).optional(),
  step: name.optional(),
  reason: name.optional(),
});

const CALL_OUTCOMES = ['done', 'failed', 'cancelled', 'holdout'] as const;

const expectedCall = z.strictObject({
  contact: name.optional(),
  at: instant.optional(),
  scenario: name.optional(),
  step: name.optional(),
  method: name.optional(),
  url: name.optional(),
  body: z.unknown().optional(),
  outcome: z.enum(CALL_OUTCOMES).optional(),
  reason: name.optional(),
});

/** What the receiver of a `webhook` step's calls says; without one it takes them. */
const answer = z.strictObject({ scenario: name.optional(), step: name, outcome: z.enum(['done', 'failed']) });

const attributes = z.record(z.string(), z.unknown());

const expected = z.strictObject({
  messages: z.array(expectedMessage).optional(),
  enrollments: z.array(expectedEnrollment).optional(),
  /** The calls of `webhook` steps. */
  webhooks: z.array(expectedCall).optional(),
  /** Of the one contact; with several by contact, `{ ada: { tier: customer } }`, or a list that names theirs, `{ contact: ada, … }`. */
  attributes: z.union([attributes, z.array(attributes)]).optional(),
});

const test = z
  .strictObject({
    name,
    contact: contactReference.optional(),
    contacts: z.array(contactReference).min(1).optional(),
    start: instant.optional(),
    until: instant.optional(),
    sent: z.array(earlierSend).default([]),
    webhooks: z.array(answer).default([]),
    timeline: timeline.default([]),
    expect: expected,
  })
  .refine((entry) => (entry.contact === undefined) !== (entry.contacts === undefined), {
    error: 'must name one `contact`, or several `contacts`',
  })
  .refine((entry) => entry.start !== undefined || entry.timeline.length > 0, {
    error: 'must say when it begins: with a `timeline`, or with `start`',
  })
  .refine((entry) => entry.start === undefined || entry.timeline.every(({ at }) => at >= entry.start!), {
    error: 'must not begin before `start`',
    path: ['timeline'],
  });

/** `<scenario>.test.yaml` (docs: language, "Scenario test"). Instants are epoch milliseconds once read. */
export const testFileSchema = z.strictObject({
  scenario: name,
  with: z.array(name).default([]),
  policy: policySchema.optional(),
  contacts: z.record(z.string(), contact).default({}),
  tests: z.array(test).min(1),
});

/** A contact in a file, for `relance rehearse --contact FILE`: as in a test, with its history and what happens to it. */
export const contactFileSchema = z.strictObject({
  ...contact.shape,
  sent: z.array(earlierSend).default([]),
  timeline: timeline.default([]),
});

/** What happens to the contact of a rehearsal, in a file of its own. */
export const timelineFileSchema = z.strictObject({ timeline });

export type TestFile = z.output<typeof testFileSchema>;
export type ScenarioTest = z.output<typeof test>;
export type TestContact = z.output<typeof contact>;
export type TestLine = z.output<typeof timeline>[number];
export type EarlierSend = z.output<typeof earlierSend>;
export type ExpectedMessage = z.output<typeof expectedMessage>;
export type ExpectedCall = z.output<typeof expectedCall>;
export type ExpectedEnrollment = z.output<typeof expectedEnrollment>;
