import { durationMs, parseDuration } from '../calendar/index.ts';
import type { WrittenBreakers, WrittenSoftBounces } from './breakers.schema.ts';

/** Shares are fractions: 0.003 is 0.3 %. */
export interface BreakerLimits {
  warn: number;
  stop: number;
}

/** Durations in milliseconds. */
export interface BreakerPolicy {
  window: number;
  minimum: number;
  coolDown: number | null;
  complaints: BreakerLimits;
  bounces: BreakerLimits;
  failures: BreakerLimits;
}

const ms = (text: string): number => durationMs(parseDuration(text)!);
const fractions = ({ warn, stop }: { warn: string; stop: string }): BreakerLimits => ({
  warn: Number.parseFloat(warn) / 100,
  stop: Number.parseFloat(stop) / 100,
});

/** What the schema has accepted, in numbers. */
export function compileBreakers(breakers: WrittenBreakers): BreakerPolicy {
  const { window, minimum, coolDown, complaints, bounces, failures } = breakers;
  return {
    window: ms(window),
    minimum,
    coolDown: coolDown === undefined ? null : ms(coolDown),
    complaints: fractions(complaints),
    bounces: fractions(bounces),
    failures: fractions(failures),
  };
}

export const compileSoftBounces = ({ max, within }: WrittenSoftBounces): { max: number; within: number } => ({
  max,
  within: ms(within),
});
