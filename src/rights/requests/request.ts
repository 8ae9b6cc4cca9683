import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

export const REQUEST_KINDS = ['export', 'erasure', 'rectification', 'restriction', 'objection'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

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
  state: 'open' | 'done';
  doneAt: Instant | null;
  doneBy: string | null;
  report: Record<string, unknown>;
}

/** From this day on an open request is reported as late; it leaves five days to answer in the shortest month plus. */
export const ALARM_AFTER_DAYS = 25;

/**
 * When a request must be answered: one calendar month after it came (GDPR Art. 12(3)), counted as Regulation 1182/71
 * (Art. 3) counts months: to the same day of the next, or to its last day where it has none.
 */
export function dueAfter(receivedAt: Instant): Instant {
  const date = new Date(receivedAt);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const sinceMidnight = receivedAt - Date.UTC(year, date.getUTCMonth(), date.getUTCDate());
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) + sinceMidnight;
}
