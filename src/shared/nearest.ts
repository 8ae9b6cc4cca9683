import { distance } from 'fastest-levenshtein';
import { listed } from './shown.ts';

/** No name is longer, so nothing longer is a slip of one. */
const LONGEST = 200;

/** The candidate a slip of the keyboard away from the text; undefined when none is near. */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  if (text.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const [a, b] = [text.toLowerCase(), candidate.toLowerCase()];
    // Letters in the wrong order are one slip, not the two that the distance counts.
    const steps = a !== b && a.length === b.length && sorted(a) === sorted(b) ? 1 : distance(a, b);
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best !== undefined && least <= Math.max(1, Math.floor(Math.max(text.length, best.length) / 3))
    ? best
    : undefined;
}

const sorted = (text: string): string => text.split('').sort().join('');

/** `did you mean …?` when one is near enough, else all there are. */
export function suggestion(text: string, known: Iterable<string>): { hint?: string } {
  const all = [...new Set(known)];
  const near = nearest(text, all);
  if (near !== undefined) return { hint: `did you mean ${near}?` };
  return all.length === 0 ? {} : { hint: `known here: ${listed(all)}` };
}
