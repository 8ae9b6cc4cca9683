import { monthOf, type Instant } from '../../shared/clock.ts';

const DAY = 86_400_000;
/** Complaints come for months, and a signature without a date holds for ever; what is older than this is not looked for. */
const REMEMBERED_MONTHS = 13;

/** The months in which something that is told now may have been planned or told before, the latest first. */
export function monthsUpTo(now: Instant): string[] {
  const months: string[] = [];
  // A process whose clock runs ahead may have planned it in the month that is about to begin.
  for (let month = monthOf(now + DAY); months.length < REMEMBERED_MONTHS + 1; month = monthOf(Date.parse(month) - DAY))
    months.push(month);
  return months;
}
