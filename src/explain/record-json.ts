import type { Counter, Felt, GateRecord } from '../gate/index.ts';
import { formatInstant } from '../shared/clock.ts';

/** A gate's answer as it leaves the program: instants in RFC 3339. */
export function gateJson({ until, counters, ...rest }: GateRecord): object {
  return {
    ...rest,
    ...(until !== undefined && { until: formatInstant(until) }),
    ...(counters !== undefined && {
      counters: counters.map(({ taken, keptFor, lowered, ...counter }) => ({
        ...counter,
        ...(lowered !== undefined && { lowered: loweredJson(lowered) }),
        ...(keptFor !== undefined && {
          keptFor: keptFor.map(({ at, ...send }) => ({ ...send, at: formatInstant(at) })),
        }),
        ...(taken !== undefined && { taken: taken.map(({ at, ...send }) => ({ ...send, at: formatInstant(at) })) }),
      })),
    }),
  };
}

/** By which reactions a maximum was lowered, and from what. */
export function loweredJson({ from, by }: NonNullable<Counter['lowered']>): {
  from: number;
  by: (Omit<Felt, 'at'> & { at: string })[];
} {
  return { from, by: by.map((felt) => ({ ...felt, at: formatInstant(felt.at) })) };
}
