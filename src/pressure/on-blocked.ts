import { parseDuration, type Duration } from '../calendar/index.ts';
import type { Channel } from '../shared/channel.ts';
import type { PressureRule } from './rule.schema.ts';

/**
 * What becomes of a message the rule has no room for. `hold` counts from the instant it was planned; `hold-until-stale`
 * waits for as long as the message is good for by its own `expires`, and drops one that does not say.
 */
export type OnBlocked =
  | { kind: 'drop' }
  | { kind: 'exit' }
  | { kind: 'hold'; atMost: Duration }
  | { kind: 'switch'; channel: Channel }
  | { kind: 'hold-until-stale' };

/** A duration that the schema has accepted already. */
export function duration(text: string): Duration {
  const parsed = parseDuration(text);
  if (parsed === null) throw new TypeError(`not a duration: ${text}`);
  return parsed;
}

/** Parses what becomes of a message that is refused. */
export function compileOnBlocked(onBlocked: PressureRule['onBlocked']): OnBlocked {
  if (typeof onBlocked === 'string') return { kind: onBlocked };
  if ('switch' in onBlocked) return { kind: 'switch', channel: onBlocked.switch };
  return { kind: 'hold', atMost: duration(onBlocked.hold) };
}
