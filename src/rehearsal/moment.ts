import { atLocal, parseDate, parseTimeOfDay } from '../calendar/index.ts';
import { parseInstant, type Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';

/**
 * Reads when somebody means: an instant with its offset, or a date (`2026-03-02`: its first moment) or date and time
 * (`2026-03-02T09:00`) by the contact's clock. `option` is named in the UserError for what is none.
 */
export function readMoment(text: string, zone: string, option: string): Instant {
  const instant = parseInstant(text);
  if (!Number.isNaN(instant)) return instant;
  const [day = '', time = '00:00', ...more] = text.split(/[T ]/);
  const date = parseDate(day);
  const hour = parseTimeOfDay(time);
  if (date !== null && date.year !== null && hour !== null && more.length === 0)
    return atLocal({ ...date, year: date.year }, hour, zone);
  throw new UserError(
    `${option}: ${text} is no date: write 2026-03-02, 2026-03-02T09:00 (by the contact's clock) or 2026-03-02T09:00:00+01:00`,
  );
}
