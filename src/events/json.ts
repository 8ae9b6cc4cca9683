/** Deeper than any event is meant to be, and far from what PostgreSQL's own parser refuses. */
const DEEPEST = 32;
/** An escape that PostgreSQL's jsonb refuses: NUL, or half a surrogate pair. A backslash that is itself escaped is none. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

/** The JSON text of an object to be stored as jsonb, or what keeps it from being stored. */
export function storableJson(value: Record<string, unknown>): { text: string } | { message: string; hint: string } {
  const wrong = lookThrough(value, DEEPEST);
  if (wrong === 'deep') return { message: `Nested deeper than ${DEEPEST} levels.`, hint: 'flatten it' };
  if (wrong === 'infinite')
    return { message: 'Contains a number that no computer keeps.', hint: 'send it as a text, or write a smaller one' };
  const text = JSON.stringify(value);
  // JSON.stringify writes everything but control characters and broken Unicode as it is, so this is rarely true.
  if (text.includes('\\u') && UNSTORABLE.test(text)) {
    return { message: 'Contains NUL or broken Unicode.', hint: 'remove \\u0000 and unpaired surrogates' };
  }
  return { text };
}

/** JSON knows numbers such as 1e400, which JavaScript reads as infinity and would write as null. */
function lookThrough(value: object, levels: number): 'deep' | 'infinite' | null {
  if (levels === 0) return 'deep';
  for (const name in value) {
    const inner = (value as Record<string, unknown>)[name];
    if (typeof inner === 'number' && !Number.isFinite(inner)) return 'infinite';
    if (typeof inner !== 'object' || inner === null) continue;
    const wrong = lookThrough(inner, levels - 1);
    if (wrong !== null) return wrong;
  }
  return null;
}
