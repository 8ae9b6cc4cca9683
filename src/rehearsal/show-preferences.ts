import { formatInstant } from '../shared/clock.ts';
import type { TestLine } from './test-file.schema.ts';

/** What a contact chooses, in a line: `at most 1 a week, paused until 2026-04-01T00:00:00Z, language fr`. */
export function showPreferences({ maxPerWeek, pauseUntil, language }: NonNullable<TestLine['preferences']>): string {
  const parts = [
    maxPerWeek !== undefined && (maxPerWeek === null ? 'no limit a week' : `at most ${maxPerWeek} a week`),
    pauseUntil !== undefined && (pauseUntil === null ? 'no pause' : `paused until ${formatInstant(pauseUntil)}`),
    language !== undefined && `language ${language}`,
  ];
  return parts.filter((part) => part !== false).join(', ');
}
