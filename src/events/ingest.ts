import type { z } from 'zod';
import { normaliseTraits } from '../contacts/index.ts';
import { parseInstant, type Instant } from '../shared/clock.ts';
import type { Fault } from '../shared/errors.ts';
import { anonymousContactIdOf, contactIdOf, derivedId, laneOf } from '../shared/ids.ts';
import {
  batchSchema,
  callSchemas,
  cloudEventSchema,
  type BatchedCall,
  type CloudEvent,
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

/** The events of one request, or everything that is wrong with it; never both. */
export type Ingested = { outcome: 'read'; rows: EventRow[] } | { outcome: 'malformed' | 'too-large'; faults: Fault[] };

type Call = BatchedCall & { integrations?: unknown };

/** Reads the body of `POST /v1/<type>`. */
export function readCall(type: EventType, body: unknown, arrival: Arrival): Ingested {
  const parsed = callSchemas[type].safeParse(body);
  if (!parsed.success) return malformed(parsed.error);
  return collect([{ ...parsed.data, type } as Call], [body], undefined, '', arrival);
}

/** Reads the body of `POST /v1/batch`. `sentAt` and `context` of the batch hold for calls without their own. */
export function readBatch(body: unknown, arrival: Arrival): Ingested {
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success) return malformed(parsed.error);
  const { batch, sentAt, context } = parsed.data;
  const raw = (body as { batch: unknown[] }).batch;
  return collect(batch, raw, { sentAt, context }, 'batch.', arrival);
}

/** Reads the body of `POST /v1/cloudevents`: one event or a list of them. Each becomes a tracked event. */
export function readCloudEvents(body: unknown, arrival: Arrival): Ingested {
  const many = Array.isArray(body);
  const parsed = many ? cloudEventSchema.array().safeParse(body) : cloudEventSchema.safeParse(body);
  if (!parsed.success) return malformed(parsed.error);
  const events = (many ? parsed.data : [parsed.data]) as CloudEvent[];
  return collect(events.map(trackedEvent), many ? body : [body], undefined, '', arrival);
}

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

function collect(
  calls: readonly Call[],
  raw: readonly unknown[],
  envelope: { sentAt?: string | null; context?: JsonObject | null } | undefined,
  prefix: string,
  arrival: Arrival,
): Ingested {
  const rows: EventRow[] = [];
  const faults: Fault[] = [];
  const tooLarge: Fault[] = [];
  calls.forEach((call, i) => {
    const path = calls.length === 1 && prefix === '' ? '' : `${prefix}${i}`;
    if (arrival.bytes > LARGEST_EVENT) {
      const bytes = Buffer.byteLength(JSON.stringify(raw[i]));
      if (bytes > LARGEST_EVENT) tooLarge.push(tooLargeFault(bytes, path));
    }
    const row = readEvent(call, envelope, path === '' ? '' : `${path}.`, arrival, faults);
    if (row !== null) rows.push(row);
  });
  if (tooLarge.length > 0) return { outcome: 'too-large', faults: tooLarge };
  return faults.length > 0 ? { outcome: 'malformed', faults } : { outcome: 'read', rows };
}

/** The row of one call; null when something kept it from being one, which is then added to `faults`. */
function readEvent(
  call: Call,
  envelope: { sentAt?: string | null; context?: JsonObject | null } | undefined,
  prefix: string,
  arrival: Arrival,
  faults: Fault[],
): EventRow | null {
  const userId = call.userId === undefined || call.userId === null ? null : String(call.userId);
  const contactId = userId === null ? anonymousContactIdOf(String(call.anonymousId)) : contactIdOf(userId);
  const context = call.context ?? envelope?.context ?? null;
  const [name, properties] = content(call, prefix, faults);
  const stored = jsonOf(properties, `${prefix}${contentField(call.type)}`, faults);
  const storedContext = jsonOf(contextOf(call, context), `${prefix}context`, faults);
  if (stored === null) return null;
  return {
    lane: laneOf(contactId),
    id: derivedId(contactId, 'event', call.messageId ?? arrival.newMessageId()),
    contactId,
    userId,
    seq: arrival.nextSeq(),
    type: call.type,
    name,
    at: happenedAt(call, envelope?.sentAt, arrival.receivedAt),
    receivedAt: arrival.receivedAt,
    properties: stored,
    context: storedContext,
    historical: context?.historical === true,
    active: context?.active !== false,
  };
}

/** The event's name and its properties, as `CustomerEvent` says (event.ts). */
function content(call: Call, prefix: string, faults: Fault[]): [string, JsonObject] {
  switch (call.type) {
    case 'track':
      return [call.event, call.properties ?? {}];
    case 'identify': {
      const normalised = normaliseTraits(call.traits ?? {});
      for (const fault of normalised.faults) faults.push({ ...fault, path: `${prefix}traits.${fault.path}` });
      return ['Identified', normalised.traits];
    }
    case 'page':
    case 'screen':
      return [
        call.type === 'page' ? 'Page Viewed' : 'Screen Viewed',
        { ...call.properties, ...given({ name: call.name, category: call.category }) },
      ];
    case 'group':
      return ['Group Joined', { ...call.traits, groupId: String(call.groupId) }];
    case 'alias':
      return ['Alias Created', { previousId: String(call.previousId) }];
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

/**
 * When it happened, by our clock: `receivedAt - (sentAt - originalTimestamp)`, which removes whatever the sender's
 * clock is off. Without `sentAt` the sender's word is taken; without a time at all it happened on arrival.
 * Never after `receivedAt`.
 */
export function happenedAt(
  call: { originalTimestamp?: string | null; timestamp?: string | null; sentAt?: string | null },
  batchSentAt: string | null | undefined,
  receivedAt: Instant,
): Instant {
  const stated = call.originalTimestamp ?? call.timestamp;
  if (stated === undefined || stated === null) return receivedAt;
  const sentAt = call.sentAt ?? batchSentAt;
  const at =
    sentAt === undefined || sentAt === null
      ? parseInstant(stated)
      : receivedAt - (parseInstant(sentAt) - parseInstant(stated));
  return Math.min(at, receivedAt);
}

const given = (fields: Record<string, unknown>): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));

const tooLargeFault = (bytes: number, path: string): Fault => ({
  code: 'event-too-large',
  severity: 'error',
  path,
  message: `The event has ${bytes} bytes.`,
  hint: `an event has at most ${LARGEST_EVENT} bytes of JSON: keep large content elsewhere and send a reference to it`,
});

function malformed(error: z.ZodError): Ingested {
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
