import type { z } from 'zod';
import { normaliseTraits } from '../contacts/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Fault } from '../shared/errors.ts';
import { anonymousContactIdOf, contactIdOf, derivedId, laneOf, type Id } from '../shared/ids.ts';
import {
  batchedCallSchema,
  callSchemas,
  cloudEventSchema,
  envelopeSchema,
  instantOfCall,
  tidied,
  type BatchedCall,
  type CloudEvent,
  type Envelope,
  type JsonObject,
} from './call.schema.ts';
import type { EventType } from './event.ts';
import type { EventRow } from './event-row.ts';
import { storableJson } from './json.ts';

/** The largest event, in bytes of its JSON (interfaces, "Events API"). */
export const LARGEST_EVENT = 32 * 1024;

/** What the moment of arrival adds to a call. */
export interface Arrival {
  receivedAt: Instant;
  /** Bytes of the body as parsed: a body that is small has no event that is too large. */
  bytes: number;
  nextSeq(): number;
  /** A new one, for a call that has none. */
  newMessageId(): string;
}

/** A call of a batch that is not stored, and the first thing that is wrong with it. */
export interface RejectedCall {
  /** Its place in the batch, from 0. */
  index: number;
  path: string;
  detail: string;
  /** As it was sent. */
  call: unknown;
}

/** A reserved trait that cannot be read; the rest of its call counts. */
export interface RefusedTrait {
  contactId: Id;
  trait: string;
  value: unknown;
  message: string;
  hint: string;
}

/** What of one request is stored, or everything that is wrong with it; never both. */
export type Ingested =
  | { outcome: 'read'; rows: EventRow[]; rejected: RejectedCall[]; refused: RefusedTrait[] }
  | { outcome: 'malformed' | 'too-large'; faults: Fault[] };

type Call = BatchedCall & { integrations?: unknown };

/** The row of one call, or what is wrong with it. */
type Read = { row: EventRow; refused: RefusedTrait[] } | { outcome: 'malformed' | 'too-large'; faults: Fault[] };

/** What calls have in common that do not say it themselves. */
interface Setting {
  sentAt?: Envelope['sentAt'];
  context?: Envelope['context'];
  /** `/v1/import`: history unless it says otherwise, and sent long after: no clock is corrected. */
  imported?: boolean;
}

/** Reads the body of `POST /v1/<type>`. */
export function readCall(type: EventType, body: unknown, arrival: Arrival): Ingested {
  return ofOne(
    readOne(callSchemas[type] as z.ZodType<object>, body, (call) => ({ ...call, type }) as Call, {}, arrival),
  );
}

/** Reads the body of `POST /v1/batch`, call by call. `sentAt` and `context` of the batch hold for calls without their own. */
export function readBatch(body: unknown, arrival: Arrival, imported = false): Ingested {
  const parsed = envelopeSchema.safeParse(tidied(body));
  if (!parsed.success) return malformed(parsed.error);
  const { batch, sentAt, context } = parsed.data;
  return ofMany(batch, (call) => readOne(batchedCallSchema, call, asItIs, { sentAt, context, imported }, arrival));
}

const asItIs = (call: BatchedCall): Call => call;

/** Reads the body of `POST /v1/cloudevents`: one event, or a list of which all are stored or none. Each becomes a tracked event. */
export function readCloudEvents(body: unknown, arrival: Arrival): Ingested {
  const read = (event: unknown): Read => readOne(cloudEventSchema, event, trackedEvent, {}, arrival);
  if (!Array.isArray(body)) return ofOne(read(body));
  const results = body.map(read);
  const faults = results.flatMap((result, index) =>
    'row' in result
      ? []
      : result.faults.map((fault) => ({ ...fault, path: [index, fault.path].filter(isNamed).join('.') })),
  );
  const outcome = results.some((result) => 'outcome' in result && result.outcome === 'too-large')
    ? 'too-large'
    : 'malformed';
  if (faults.length > 0) return { outcome, faults };
  return {
    outcome: 'read',
    rows: results.flatMap((result) => ('row' in result ? result.row : [])),
    rejected: [],
    refused: [],
  };
}

const isNamed = (part: unknown): boolean => part !== '' && part !== undefined;

/** `subject` is the user, `type` the name; `source` and `id` together are the key (CloudEvents 1.0, 3.1.1). */
function trackedEvent(event: CloudEvent): Call {
  return {
    type: 'track',
    event: event.type,
    userId: event.subject,
    messageId: `${event.source} ${event.id}`,
    timestamp: event.time,
    properties: event.data,
    context: { source: event.source },
  };
}

const ofOne = (read: Read): Ingested =>
  'row' in read ? { outcome: 'read', rows: [read.row], rejected: [], refused: read.refused } : read;

/** One bad call loses only itself: clients throw a whole batch away when it is refused. */
function ofMany(calls: readonly unknown[], read: (call: unknown) => Read): Ingested {
  const ingested: Ingested = { outcome: 'read', rows: [], rejected: [], refused: [] };
  calls.forEach((call, index) => {
    const result = read(call);
    if ('row' in result) {
      ingested.rows.push(result.row);
      ingested.refused.push(...result.refused);
      return;
    }
    const [{ path = '', message, hint }] = result.faults as [Fault];
    const detail = hint === undefined ? message : `${message} ${hint}`;
    ingested.rejected.push({ index, path, detail, call });
  });
  return ingested;
}

function readOne<T>(
  schema: z.ZodType<T>,
  sent: unknown,
  callOf: (parsed: T) => Call,
  setting: Setting,
  arrival: Arrival,
): Read {
  if (arrival.bytes > LARGEST_EVENT) {
    const fault = sizeFault(sent);
    if (fault !== null) return fault;
  }
  const parsed = schema.safeParse(tidied(sent));
  return parsed.success ? readEvent(callOf(parsed.data), setting, arrival) : malformed(parsed.error);
}

function readEvent(call: Call, setting: Setting, arrival: Arrival): Read {
  const faults: Fault[] = [];
  const userId = call.userId === undefined || call.userId === null ? null : String(call.userId);
  const contactId = userId === null ? anonymousContactIdOf(String(call.anonymousId)) : contactIdOf(userId);
  const context = call.context ?? setting.context ?? null;
  const { name, properties, refused } = content(call, contactId);
  const stored = jsonOf(properties, contentField(call.type), faults);
  const storedContext = jsonOf(contextOf(call, context), 'context', faults);
  const at = happenedAt(call, setting.imported === true ? null : setting.sentAt, arrival.receivedAt, setting.imported);
  if (at < EARLIEST_EVENT) faults.push(tooEarly(call));
  if (stored === null || faults.length > 0) return { outcome: 'malformed', faults };
  const row: EventRow = {
    lane: laneOf(contactId),
    id: derivedId(contactId, 'event', call.messageId ?? arrival.newMessageId()),
    contactId,
    userId,
    seq: arrival.nextSeq(),
    type: call.type,
    name,
    at,
    receivedAt: arrival.receivedAt,
    properties: stored,
    context: storedContext,
    historical: call.context?.historical ?? setting.context?.historical ?? setting.imported ?? false,
    active: context?.active !== false,
  };
  return { row, refused };
}

interface Content {
  name: string;
  properties: JsonObject;
  refused: RefusedTrait[];
}

/** The event's name and its properties, as `CustomerEvent` says (event.ts). */
function content(call: Call, contactId: Id): Content {
  switch (call.type) {
    case 'track':
      return { name: call.event, properties: call.properties ?? {}, refused: [] };
    case 'identify': {
      const { traits, faults } = normaliseTraits(call.traits ?? {});
      const refused = faults.map(({ path: trait = '', message, hint = '' }): RefusedTrait => {
        return { contactId, trait, value: call.traits![trait], message, hint };
      });
      return { name: 'Identified', properties: traits, refused };
    }
    case 'page':
    case 'screen': {
      const properties = { ...call.properties, ...given({ name: call.name, category: call.category }) };
      return { name: call.type === 'page' ? 'Page Viewed' : 'Screen Viewed', properties, refused: [] };
    }
    case 'group':
      return { name: 'Group Joined', properties: { ...call.traits, groupId: String(call.groupId) }, refused: [] };
    case 'alias':
      return { name: 'Alias Created', properties: { previousId: String(call.previousId) }, refused: [] };
  }
}

const contentField = (type: EventType): string => (type === 'identify' || type === 'group' ? 'traits' : 'properties');

/** A call that names both ids tells that they are one person; the anonymous one is kept beside, for merging. */
function contextOf(call: Call, context: JsonObject | null): JsonObject | null {
  const anonymousId = call.userId === undefined || call.userId === null ? null : (call.anonymousId ?? null);
  return anonymousId === null ? context : { ...context, anonymousId: String(anonymousId) };
}

function jsonOf(value: JsonObject | null, path: string, faults: Fault[]): string | null {
  if (value === null) return null;
  const json = storableJson(value);
  if ('text' in json) return json.text;
  faults.push({ code: 'unstorable', severity: 'error', path, ...json });
  return null;
}

interface Stated {
  originalTimestamp?: string | number | null;
  timestamp?: string | number | null;
  sentAt?: string | number | null;
}

/**
 * When it happened, by our clock: `receivedAt - (sentAt - originalTimestamp)`, which removes whatever the sender's
 * clock is off. Without `sentAt`, or for what is `imported`, the sender's word is taken; without a time at all it
 * happened on arrival. Never after `receivedAt`.
 */
export function happenedAt(
  call: Stated,
  batchSentAt: string | number | null | undefined,
  receivedAt: Instant,
  imported = false,
): Instant {
  const stated = call.originalTimestamp ?? call.timestamp;
  if (stated === undefined || stated === null) return receivedAt;
  const sentAt = imported ? null : (call.sentAt ?? batchSentAt);
  const at =
    sentAt === undefined || sentAt === null
      ? instantOfCall(stated)
      : receivedAt - (instantOfCall(sentAt) - instantOfCall(stated));
  return Math.min(at, receivedAt);
}

/** The schema has held what was stated to it; a correction can lead before it. */
const EARLIEST_EVENT = Date.UTC(1900, 0, 1);

const tooEarly = ({ sentAt }: Stated): Fault => ({
  code: 'invalid-value',
  severity: 'error',
  path: sentAt === undefined || sentAt === null ? 'timestamp' : 'sentAt',
  message: 'The time between timestamp and sentAt leads to before the year 1900.',
  hint: 'send both by the same clock',
});

const given = (fields: Record<string, unknown>): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));

function sizeFault(sent: unknown): { outcome: 'too-large'; faults: Fault[] } | null {
  const bytes = Buffer.byteLength(JSON.stringify(sent) ?? '');
  if (bytes <= LARGEST_EVENT) return null;
  const fault: Fault = {
    code: 'event-too-large',
    severity: 'error',
    path: '',
    message: `The event has ${bytes} bytes.`,
    hint: `an event has at most ${LARGEST_EVENT} bytes of JSON: keep large content elsewhere and send a reference to it`,
  };
  return { outcome: 'too-large', faults: [fault] };
}

function malformed(error: z.ZodError): { outcome: 'malformed'; faults: Fault[] } {
  const faults = error.issues.map((issue): Fault => {
    const path = issue.path.map(String).join('.');
    return {
      code: 'invalid-value',
      severity: 'error',
      path,
      message: `${path === '' ? 'The body' : path} ${issue.message}.`,
    };
  });
  return { outcome: 'malformed', faults };
}
