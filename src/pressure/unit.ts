import { durationMs, parseDuration } from '../calendar/index.ts';
import type { PressureRule } from './rule.schema.ts';
import type { ScopeSubject } from './send.ts';

/** In what a rule counts. `halfLife` in milliseconds; a channel without a weight weighs nothing. */
export type Unit =
  | { kind: 'messages' }
  | { kind: 'sms-parts' }
  | { kind: 'score'; weights: Readonly<Record<string, number>>; halfLife: number };

/**
 * A message's weight is gone for good after so many half-lives, when less than a millionth of it is left. That is part of
 * what a score is, so that a score is exact though nothing older is looked at.
 */
export const FADED = 20;

/** Parses a unit once. */
export function compileUnit(unit: PressureRule['unit']): Unit {
  if (unit === undefined || typeof unit === 'string') return { kind: unit ?? 'messages' };
  const { weights, halfLife } = unit.score;
  return { kind: 'score', weights, halfLife: durationMs(parseDuration(halfLife)!) };
}

/** What one message adds, at the instant at which it is sent. */
export function weightOf(unit: Unit, { channel, parts }: Pick<ScopeSubject, 'channel' | 'parts'>): number {
  switch (unit.kind) {
    case 'messages':
      return 1;
    case 'sms-parts':
      return channel === 'sms' ? parts : 0;
    case 'score':
      return unit.weights[channel] ?? 0;
  }
}

/** To a billionth, so that the order in which a score was added up decides nothing. */
export function rounded(score: number): number {
  return Math.round(score * 1e9) / 1e9;
}
