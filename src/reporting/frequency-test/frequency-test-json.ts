import { formatInstant } from '../../shared/clock.ts';
import type { TestResults } from './frequency-tests.store.ts';
import type { TestRun } from './test-run.ts';

/** A test as it leaves the program: instants in RFC 3339, rules as they are written. */
export function runJson({ from, until, shares: _shares, ...rest }: TestRun): object {
  return { ...rest, from: formatInstant(from), until: formatInstant(until) };
}

/** A test with its results. */
export function resultsJson({ countedUntil, contacts, figures, ...run }: TestResults): object {
  return { ...runJson(run), countedUntil: formatInstant(countedUntil), contacts, figures };
}
