import type { GateRecord } from '../gate/index.ts';
import { formatInstant } from '../shared/clock.ts';

/** A gate's answer as it leaves the program: instants in RFC 3339. */
export function gateJson({ until, counters, ...rest }: GateRecord): object {
  return {
    ...rest,
    ...(until !== undefined && { until: formatInstant(until) }),
    ...(counters !== undefined && {
      counters: counters.map(({ taken, ...counter }) => ({
        ...counter,
        ...(taken !== undefined && { taken: taken.map(({ at, ...send }) => ({ ...send, at: formatInstant(at) })) }),
      })),
    }),
  };
}
