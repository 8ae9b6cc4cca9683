import { localDate } from '../../calendar/index.ts';
import type { Instant } from '../../shared/clock.ts';

const DAY = 86_400_000;

/** The local date of an instant, `2026-03-02`. */
export function dayOf(at: Instant, zone: string): string {
  const { year, month, day } = localDate(at, zone);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Every local date of a period, the last instant not included. */
export function daysOf(from: Instant, until: Instant, zone: string): string[] {
  const last = dayOf(until - 1, zone);
  const days: string[] = [];
  for (let date = dayOf(from, zone); date <= last; date = dayAfter(date)) days.push(date);
  return days;
}

function dayAfter(date: string): string {
  return dayOf(Date.parse(`${date}T00:00:00Z`) + DAY, 'UTC');
}
