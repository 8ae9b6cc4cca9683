import { contactZones } from '../calendar/index.ts';
import type { Instant } from '../shared/clock.ts';
import { frenchSmsHours } from './french-sms.ts';
import type { GateRecord, JudgeFacts, Message } from './message.ts';
import { allOpen, closingOf, nextAllOpen } from './openings.ts';
import type { Opening } from './openings.ts';
import { weeklyWindow } from './policy.ts';
import type { PolicyVersion } from './policy.ts';
import { refusal, type Refusal } from './reasons.ts';

/** The hours one message must keep to: the law's, the policy's quiet hours, and its own send window. */
export interface Hours {
  legal: readonly Opening[];
  quiet: readonly Opening[];
  window: readonly Opening[];
}

const NONE: readonly Opening[] = [];

/** What hours hold for this message and contact. They apply to every category: no flag lifts them. */
export function hoursOf(message: Message, { contact }: JudgeFacts, policy: PolicyVersion): Hours {
  const country = contact.country ?? policy.policy.country;
  const entries = policy.compiled.quietHours.filter(
    (hours) => hours.channels.has(message.channel) && (hours.countries === null || hours.countries.has(country)),
  );
  const legal = frenchSmsHours(message, contact, policy);
  if (entries.length === 0 && message.window === null) return { legal, quiet: NONE, window: NONE };

  const zones = contactZones(contact, policy.policy.timezone);
  return {
    legal,
    quiet: entries.map(({ window, hours, closedOnHolidays }) => ({
      window,
      hours,
      zones,
      ...(closedOnHolidays && { holidays: { country } }),
    })),
    window: message.window === null ? NONE : [{ window: weeklyWindow(message.window), hours: message.window, zones }],
  };
}

const QUIET_PASSED: GateRecord = { gate: 'quiet-hours', passed: true };
const WINDOW_PASSED: GateRecord = { gate: 'window', passed: true };

function closed<Of extends 'quiet-hours' | 'window'>(
  gate: Of,
  reason: Refusal<Of>,
  openings: readonly Opening[],
  at: Instant,
): GateRecord {
  const until = nextAllOpen(openings, at);
  const shut = closingOf(openings, at, until);
  const told = shut === null ? {} : { closed: shut };
  return until === null ? refusal(gate, 'never-open', told) : refusal(gate, reason, { until, ...told });
}

/** The law first, so that its refusal is named even where the policy is closed too. */
export function quietHoursGate({ legal, quiet }: Hours, at: Instant): GateRecord {
  const lawful = allOpen(legal, at);
  if (lawful && allOpen(quiet, at)) return QUIET_PASSED;
  return closed('quiet-hours', lawful ? 'closed' : 'legal-hours', [...legal, ...quiet], at);
}

export function windowGate({ window }: Hours, at: Instant): GateRecord {
  return allOpen(window, at) ? WINDOW_PASSED : closed('window', 'closed', window, at);
}
