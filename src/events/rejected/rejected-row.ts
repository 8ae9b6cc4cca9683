import type { Instant } from '../../shared/clock.ts';
import { sha256 } from '../../shared/hash.ts';
import { anonymousContactIdOf, contactIdOf, derivedId, laneOf, type Id } from '../../shared/ids.ts';
import { isStorable } from '../../shared/storable.ts';
import type { RefusedTrait, RejectedCall } from '../ingest.ts';

/** What is kept of a call, in characters of its JSON. */
const LONGEST_BODY = 2_000;
const LONGEST_VALUE = 200;
const LONGEST_ID = 500;

export interface RejectedRow {
  lane: number;
  id: Id;
  contactId: Id | null;
  userId: string | null;
  receivedAt: Instant;
  type: string | null;
  path: string;
  detail: string;
  body: string;
}

/**
 * The row of a call that was rejected. Its id is made of what was sent, so that the same call sent again is the same row.
 * Where the call does not tell whose it is, no erasure could find it: then only the shape of it is kept.
 */
export function rejectedRow({ path, detail, call }: RejectedCall, receivedAt: Instant): RejectedRow {
  const json = JSON.stringify(call) ?? 'null';
  const fields = isMap(call) ? call : {};
  const [userId, anonymousId] = [idOf(fields['userId']), idOf(fields['anonymousId'])];
  const contactId =
    userId === null ? (anonymousId === null ? null : anonymousContactIdOf(anonymousId)) : contactIdOf(userId);
  const id = derivedId(contactId ?? anonymousContactIdOf(json), 'rejected', sha256(json));
  const { type } = fields;
  return {
    lane: laneOf(id),
    id,
    contactId,
    userId,
    receivedAt,
    type: typeof type === 'string' && /^[a-z]{1,20}$/.test(type) ? type : null,
    path: shortened(path, LONGEST_VALUE),
    detail: shortened(detail, 2 * LONGEST_VALUE),
    body: shortened(contactId === null ? (JSON.stringify(shapeOf(call, 3)) ?? 'null') : json, LONGEST_BODY),
  };
}

export interface RefusedRow {
  lane: number;
  contactId: Id;
  trait: string;
  value: string;
  message: string;
  hint: string;
  at: Instant;
}

export function refusedRow({ contactId, trait, value, message, hint }: RefusedTrait, at: Instant): RefusedRow {
  const kept = shortened(JSON.stringify(value) ?? 'null', LONGEST_VALUE);
  return {
    lane: laneOf(contactId),
    contactId,
    trait,
    value: kept,
    message: shortened(message, LONGEST_VALUE),
    hint,
    at,
  };
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An id as the calls have it; null for what is none. */
function idOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_ID && isStorable(value) ? value : null;
}

/** The names and types of a value, without what stands there. */
function shapeOf(value: unknown, levels: number): unknown {
  if (Array.isArray(value)) return levels === 0 ? 'list' : value.slice(0, 3).map((item) => shapeOf(item, levels - 1));
  if (isMap(value)) {
    if (levels === 0) return 'map';
    return Object.fromEntries(
      Object.entries(value)
        .slice(0, 30)
        .map(([name, inner]) => [name, shapeOf(inner, levels - 1)]),
    );
  }
  return value === null ? null : typeof value === 'string' ? `text of ${value.length}` : typeof value;
}

/** PostgreSQL keeps neither NUL nor halves of surrogate pairs. */
const shortened = (text: string, longest: number): string =>
  (text.length > longest ? `${text.slice(0, longest)}…` : text).replaceAll('\0', '').toWellFormed();
