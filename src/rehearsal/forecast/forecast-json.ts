import { formatInstant } from '../../shared/clock.ts';
import type { Forecast } from './forecast.ts';

/** A forecast as JSON: the shape of `Forecast`, instants as RFC 3339, sums rounded (docs: scenarios, "Forecast"). */
export function forecastJson(forecast: Forecast): object {
  return rounded({
    ...forecast,
    from: formatInstant(forecast.from),
    until: formatInstant(forecast.until),
    input: {
      ...forecast.input,
      since: forecast.input.since === null ? null : formatInstant(forecast.input.since),
    },
    policies: forecast.policies.map((policy) => ({
      ...policy,
      busiestMinute:
        policy.busiestMinute === null ? null : { ...policy.busiestMinute, at: formatInstant(policy.busiestMinute.at) },
    })),
  }) as object;
}

/** Estimates are not exact to the hundredth; money is. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value * 100) / 100;
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
}
