import type { Instant } from '../shared/clock.ts';
import { frenchSmsHours } from './french-sms.ts';
import type { GateRecord, JudgeFacts, Message } from './message.ts';
import { allOpen, closingOf, isBlackout, nextAllOpen, type Opening } from './openings.ts';
import { placesOf, type Places } from './places.ts';
import { weeklyWindow } from './policy.ts';
import type { CompiledPolicy, PolicyVersion } from './policy.ts';
import { refusal, type Refusal } from './reasons.ts';

/** The hours one message must keep to: the law's, the policy's blackouts and quiet hours, and its own send window. */
export interface Hours {
  legal: readonly Opening[];
  /** Blackouts first. */
  quiet: readonly Opening[];
  window: readonly Opening[];
}

const NONE: readonly Opening[] = [];
const ALWAYS: Hours = { legal: NONE, quiet: NONE, window: NONE };

/** What hours hold for this message and contact. They apply to every category: no flag lifts them. */
export function hoursOf(message: Message, { contact }: JudgeFacts, { policy, compiled }: PolicyVersion): Hours {
  const { quietHours, blackouts } = compiled;
  if (message.window === null && message.channel !== 'sms' && quietHours.length + blackouts.length === 0) return ALWAYS;
  const places = placesOf(contact, policy);
  const { zones } = places;
  return {
    legal: frenchSmsHours(message, contact, places),
    quiet: [...shutDays(message, compiled, places), ...openHours(message, compiled, places)],
    window: message.window === null ? NONE : [{ window: weeklyWindow(message.window), hours: message.window, zones }],
  };
}

/** A blackout of France is one of what is French overseas. */
const concerns = (countries: ReadonlySet<string> | null, places: Places): boolean =>
  countries === null || [...places.countries].some((country) => countries.has(country));

function shutDays({ channel, category }: Message, { blackouts }: CompiledPolicy, places: Places): Opening[] {
  return blackouts
    .filter(
      ({ channels, categories, countries }) =>
        (channels === null || channels.has(channel)) &&
        (categories === null || categories.has(category)) &&
        concerns(countries, places),
    )
    .map(({ shut, blackout }) => ({ shut, blackout, zones: places.zones }));
}

function openHours({ channel }: Message, { quietHours }: CompiledPolicy, { zones, ...places }: Places): Opening[] {
  return quietHours
    .filter(({ channels, countries }) => channels.has(channel) && concerns(countries, { ...places, zones }))
    .flatMap(({ window, hours, closedOnHolidays }) =>
      closedOnHolidays
        ? places.holidays.map((holidays) => ({ window, hours, zones, holidays }))
        : [{ window, hours, zones }],
    );
}

const QUIET_PASSED: GateRecord = { gate: 'quiet-hours', passed: true };
const WINDOW_PASSED: GateRecord = { gate: 'window', passed: true };

/** `shut` are those of which the refusal speaks, `all` those that must open. */
function closed<Of extends 'quiet-hours' | 'window'>(
  gate: Of,
  reason: Refusal<Of>,
  shut: readonly Opening[],
  all: readonly Opening[],
  at: Instant,
): GateRecord {
  const until = nextAllOpen(all, at);
  const closing = closingOf(shut, at, until);
  const told = closing === null ? {} : { closed: closing };
  return until === null ? refusal(gate, 'never-open', told) : refusal(gate, reason, { until, ...told });
}

/** The law first, so that its refusal is named even where the policy is closed too; then what closes the longest. */
export function quietHoursGate({ legal, quiet }: Hours, at: Instant): GateRecord {
  const all = [...legal, ...quiet];
  if (!allOpen(legal, at)) return closed('quiet-hours', 'legal-hours', legal, all, at);
  if (allOpen(quiet, at)) return QUIET_PASSED;
  const blackouts = quiet.filter(isBlackout);
  if (!allOpen(blackouts, at)) return closed('quiet-hours', 'blackout', blackouts, all, at);
  return closed('quiet-hours', 'closed', quiet, all, at);
}

export function windowGate({ window }: Hours, at: Instant): GateRecord {
  return allOpen(window, at) ? WINDOW_PASSED : closed('window', 'closed', window, window, at);
}
