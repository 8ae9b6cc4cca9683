import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

export const REQUEST_KINDS = ['export', 'erasure', 'rectification', 'restriction', 'objection'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** Why an answer may take two months longer (GDPR Art. 12(3)): the request is complex, or there are many. */
export const EXTENSIONS = ['complex', 'many'] as const;
export type Extension = (typeof EXTENSIONS)[number];

/** How a request ends that is not answered by what it asks for: in another way, by a refusal (Art. 12(5)), or taken back. */
export const ENDINGS = ['answered', 'refused', 'withdrawn'] as const;
export type Ending = (typeof ENDINGS)[number];

/** Who brings a request, and who answers it. */
export interface Asker {
  origin: 'api' | 'cli' | 'person';
  /** The account's email, `cli`, or `person`. */
  actor: string;
}

/** A request as people read it. */
export interface RightsRequest {
  id: Id;
  kind: RequestKind;
  reference: string;
  origin: Asker['origin'];
  receivedAt: Instant;
  dueAt: Instant;
  extendedAt: Instant | null;
  extendedBecause: Extension | null;
  state: 'open' | 'done';
  doneAt: Instant | null;
  doneBy: string | null;
  report: Record<string, unknown>;
}

const DAY = 86_400_000;
/** From this day on an open request is reported as late; it leaves three days to answer in the shortest month. */
export const ALARM_AFTER = 25 * DAY;
/** An extended one is late so long before its term. */
export const ALARM_BEFORE = 5 * DAY;
const EXTENDED_TO_MONTHS = 3;

/**
 * When a request must be answered: one calendar month after it came (GDPR Art. 12(3)), counted as Regulation 1182/71
 * (Art. 3) counts months: to the same day, or to the last day of a month that has none.
 */
export function dueAfter(receivedAt: Instant, months = 1): Instant {
  const date = new Date(receivedAt);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const sinceMidnight = receivedAt - Date.UTC(year, date.getUTCMonth(), date.getUTCDate());
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) + sinceMidnight;
}

/** The term of a request that was extended, which the law allows once: two months more. */
export const extendedDue = (receivedAt: Instant): Instant => dueAfter(receivedAt, EXTENDED_TO_MONTHS);

/** Whether a text can be a request's id; what cannot is not asked for in the database. */
export const isRequestId = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** How urgent a request is. `late`: past its 25th day, or its last five when it was extended. */
export function stageOf(
  { state, receivedAt, dueAt, extendedAt }: Pick<RightsRequest, 'state' | 'receivedAt' | 'dueAt' | 'extendedAt'>,
  now: Instant,
): 'done' | 'open' | 'late' | 'overdue' {
  if (state === 'done') return 'done';
  if (now >= dueAt) return 'overdue';
  const lateAt = extendedAt === null ? receivedAt + ALARM_AFTER : dueAt - ALARM_BEFORE;
  return now >= lateAt ? 'late' : 'open';
}
