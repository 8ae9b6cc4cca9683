/** Deeper than any event is meant to be, and far from what PostgreSQL's own parser refuses. */
const DEEPEST = 32;
/** An escape that PostgreSQL's jsonb refuses: NUL, or half a surrogate pair. A backslash that is itself escaped is none. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** The JSON text of an object to be stored as jsonb, or what keeps it from being stored. */
export function storableJson(value: Record<string, unknown>): { text: string } | { message: string; hint: string } {
  if (isDeeper(value, DEEPEST)) {
    return { message: `Nested deeper than ${DEEPEST} levels.`, hint: 'flatten it' };
  }
  const text = JSON.stringify(value);
  // JSON.stringify writes everything but control characters and broken Unicode as it is, so this is rarely true.
  if (text.includes('\\u') && UNSTORABLE.test(text)) {
    return { message: 'Contains NUL or broken Unicode.', hint: 'remove \\u0000 and unpaired surrogates' };
  }
  return { text };
}

function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  for (const name in value) {
    const inner = (value as Record<string, unknown>)[name];
    if (typeof inner === 'object' && inner !== null && isDeeper(inner, levels - 1)) return true;
  }
  return false;
}
