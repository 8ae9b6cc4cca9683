import { instantOf, readMoment } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';

/**
 * Reads when somebody means: an instant with its offset, or a date (`2026-03-02`: its first moment) or date and time
 * (`2026-03-02T09:00`) by the contact's clock. `option` is named in the UserError for what is none.
 */
export function readMomentOption(text: string, zone: string, option: string): Instant {
  const moment = readMoment(text);
  const at = moment && instantOf(moment, zone);
  if (at !== null) return at;
  throw new UserError(
    `${option}: ${text} is no date: write 2026-03-02, 2026-03-02T09:00 (by the contact's clock) or 2026-03-02T09:00:00+01:00`,
  );
}
