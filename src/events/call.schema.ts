import { z } from 'zod';
import { readMoment } from '../calendar/index.ts';
import { parseInstant, type Instant } from '../shared/clock.ts';
import { STORABLE } from '../shared/storable.ts';

/**
 * The calls of Segment's tracking spec (https://segment.com/docs/connections/spec/) and of CloudEvents 1.0, as far as
 * they are read here; what else a client sends is let pass unread. Measured: 1.7 µs an event, less than JSON.parse.
 */

const text = (max: number) =>
  z
    .string({ error: 'must be a text' })
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .regex(...STORABLE);

/** Numbers are what many backends have for ids; they are kept as their text. */
const userId = z.union([text(500), z.int()], { error: 'must be a text of 1 to 500 characters, or a whole number' });

/** An instant as clients write it; what is nearly always sent is read first. NaN for what is none (rule T9). */
export function instantOfCall(value: string | number): Instant {
  const at = typeof value === 'string' ? parseInstant(value) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const moment = readMoment(value);
  return moment?.kind === 'instant' ? moment.at : Number.NaN;
}

/** Nobody's clock is so wrong, and no event so old: what lies outside is a slip, and would be another date in the database. */
const [EARLIEST, LATEST] = [Date.UTC(1900, 0, 1), Date.UTC(2200, 0, 1)];

const instant = z
  .union([z.string(), z.number()], { error: 'must be a text such as 2026-03-01T08:00:00Z' })
  .refine((value) => !Number.isNaN(instantOfCall(value)), 'must be an RFC 3339 instant such as 2026-03-01T08:00:00Z')
  .refine((value) => {
    const at = instantOfCall(value);
    return Number.isNaN(at) || (at >= EARLIEST && at < LATEST);
  }, 'must lie between the years 1900 and 2199');

export type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a map is meant; PHP writes an empty one as a list. */
const MAPS = ['properties', 'traits', 'context', 'integrations'];
/** Where an empty text says that there is nothing. */
const OPTIONAL = 'userId anonymousId messageId timestamp originalTimestamp sentAt name category'.split(' ');

/** A call as the schemas have it: what clients write for "nothing" and "empty" is taken for that. The argument is not changed. */
export function tidied(call: unknown): unknown {
  if (!isObject(call)) return call;
  let tidy: JsonObject | undefined;
  for (const field of MAPS) {
    const value = call[field];
    if (Array.isArray(value) && value.length === 0) (tidy ??= { ...call })[field] = {};
  }
  for (const field of OPTIONAL) if (call[field] === '') (tidy ??= { ...call })[field] = null;
  return tidy ?? call;
}

/** Any JSON object. Not `z.record`, which would copy every property of every event. */
const object = z
  .any()
  .refine(isObject, 'must be an object')
  .meta({ type: 'object' }) as unknown as z.ZodType<JsonObject>;

const context = z
  .looseObject(
    {
      active: z
        .boolean({ error: 'must be true or false' })
        .nullish()
        .describe('false: does not count as activity of the contact'),
      historical: z
        .boolean({ error: 'must be true or false' })
        .nullish()
        .describe('true: counts in conditions, triggers nothing'),
    },
    { error: 'must be an object' },
  )
  .nullish();

const common = {
  userId: userId.nullish().describe('What you call this person; this or anonymousId is needed'),
  anonymousId: userId.nullish().describe('What you call a visitor you do not know yet'),
  messageId: text(255).nullish().describe('Makes the call repeatable: seen again, it changes nothing'),
  timestamp: instant.nullish().describe('When it happened, by the clock of who sends'),
  originalTimestamp: instant.nullish().describe('As timestamp, and preferred to it'),
  sentAt: instant.nullish().describe('When it was sent, by the same clock: corrects that clock'),
  context,
  integrations: z.unknown().optional(),
  writeKey: z.string().nullish().describe('Instead of the Authorization header'),
};

const who = (call: unknown): boolean => !isObject(call) || (call.userId ?? call.anonymousId ?? null) !== null;
/** Also told when other fields are at fault, so that one answer names every fault. */
const whoMissing = { path: ['userId'], error: 'is needed, or anonymousId', when: () => true };

const track = {
  ...common,
  event: text(200).describe('Its name, such as Order Completed'),
  properties: object.nullish(),
};
const identify = {
  ...common,
  traits: object
    .nullish()
    .describe(
      'email, phone, firstName, lastName, birthday, locale, timezone, country and createdAt are checked; null clears',
    ),
};
const page = { ...common, name: text(200).nullish(), category: text(200).nullish(), properties: object.nullish() };
const group = { ...common, groupId: userId, traits: object.nullish() };
const alias = { ...common, userId, previousId: userId };

const call = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.object(shape, { error: 'must be an object' }).refine(who, whoMissing);

/** One call a route; the type is in the address. */
export const callSchemas = {
  track: call(track),
  identify: call(identify),
  page: call(page),
  screen: call(page),
  group: call(group),
  alias: call(alias),
};

const typed = <Type extends keyof typeof callSchemas, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) =>
  z.object({ type: z.literal(type), ...shape }).refine(who, whoMissing);

/** One call of a batch; it says its type itself. */
export const batchedCallSchema = z.discriminatedUnion(
  'type',
  [
    typed('track', track),
    typed('identify', identify),
    typed('page', page),
    typed('screen', page),
    typed('group', group),
    typed('alias', alias),
  ],
  { error: 'must be an object with a type of track, identify, page, screen, group or alias' },
);
export type BatchedCall = z.output<typeof batchedCallSchema>;

const envelope = {
  sentAt: common.sentAt,
  context,
  integrations: z.unknown().optional(),
  writeKey: common.writeKey,
};

/** A batch as it is described; its calls are read one by one. */
export const batchSchema = z.object({ batch: z.array(batchedCallSchema), ...envelope });

/** A batch, whatever its calls are. */
export const envelopeSchema = z.object(
  { batch: z.array(z.unknown(), { error: 'must be a list of calls' }), ...envelope },
  { error: 'must be an object' },
);
export type Envelope = Omit<z.output<typeof envelopeSchema>, 'batch'>;

/** CloudEvents 1.0, JSON format (structured content mode). */
export const cloudEventSchema = z.object(
  {
    specversion: z.literal('1.0', { error: 'must be "1.0"' }),
    id: text(255).describe('With source, makes the event repeatable: seen again, it changes nothing'),
    source: text(500),
    type: text(200).describe('The name of the event'),
    subject: text(500).describe('What you call this person'),
    time: instant.nullish(),
    datacontenttype: z
      .string()
      .regex(/^application\/([\w.-]+\+)?json\b/i, 'must be a JSON media type')
      .nullish(),
    data: object.nullish(),
    data_base64: z.undefined({ error: 'is not supported: put a JSON object into data' }).optional(),
  },
  { error: 'must be an object' },
);
export type CloudEvent = z.output<typeof cloudEventSchema>;
/** A batch (`application/cloudevents-batch+json`) or one event. */
export const cloudEventsSchema = z.union([z.array(cloudEventSchema), cloudEventSchema]);
