import { addDuration, parseDuration } from '../../calendar/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Fault } from '../../shared/errors.ts';
import type { ParsedScenario } from '../parse.ts';
import { faultAt, type LintRule } from './rule.ts';

const HOUR = 3_600_000;
/** After this a day has ended in every zone, counted from its midnight in UTC. */
const DAY_EVERYWHERE = 36 * HOUR;

/** A review that names its day (`review: 2026-09-01`) is overdue once that day is over everywhere. */
export const reviewOverdue: LintRule = (subject) => {
  const { review } = subject.scenario;
  if (review === undefined || parseDuration(review) !== null) return [];
  return subject.library.now < Date.parse(review) + DAY_EVERYWHERE ? [] : [overdue(subject, `was due on ${review}`)];
};

/**
 * A review that names a span (`review: 3mo`) is overdue when the newest version has been live for longer: whoever
 * published it has looked at it. `zone` is that of the company's calendar.
 */
export function reviewSince(
  subject: ParsedScenario,
  { publishedAt, now, zone }: { publishedAt: Instant; now: Instant; zone: string },
): Fault[] {
  const after = parseDuration(subject.scenario.review ?? '');
  if (after === null) return [];
  const due = addDuration(publishedAt, after, zone);
  if (now < due) return [];
  const since = `${subject.scenario.review} after it was published on ${day(publishedAt)}`;
  return [overdue(subject, `was due on ${day(due)}, ${since}`)];
}

const day = (at: Instant): string => new Date(at).toISOString().slice(0, 10);

function overdue(subject: ParsedScenario, when: string): Fault {
  return faultAt(subject, ['review'], {
    code: 'review-overdue',
    severity: 'warning',
    message: `the review of ${subject.scenario.scenario} ${when}`,
    hint: 'see whom it reaches and whether its aim still holds, then write when to look again, and publish it',
  });
}
