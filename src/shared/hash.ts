import { hash } from 'node:crypto';

/** A number in [0, 1) that depends on the parts alone: the same contact always falls on the same side of a split. */
export function stableFraction(...parts: string[]): number {
  return Number.parseInt(sha256(parts.join('\n')).slice(0, 12), 16) / 2 ** 48;
}

/** SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** JSON with sorted keys, so that equal values have equal text and equal hashes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
