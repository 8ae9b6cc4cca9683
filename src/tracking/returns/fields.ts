/** The fields of one block of a report, by name in lower case; a field that stands twice keeps its first value. */
export type Fields = ReadonlyMap<string, string>;

/** Enough for any report; more is somebody's attack. */
const MOST_FIELDS = 200;

/**
 * Reads blocks of `Name: value` lines with blank lines between them, as message/delivery-status (RFC 3464, 2.1),
 * message/feedback-report (RFC 5965, 3) and the headers of a returned mail have them. A line that begins with white
 * space goes on with the one before it; lines that are no field are passed over, because servers write such.
 */
export function readFields(text: string): Fields[] {
  const blocks: Map<string, string>[] = [];
  let block: Map<string, string> | null = null;
  let last: string | null = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.trim() === '') {
      block = null;
      last = null;
      continue;
    }
    if (block === null) blocks.push((block = new Map<string, string>()));
    if (/^[ \t]/.test(line)) {
      if (last !== null) block.set(last, `${block.get(last)} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    last = /^[!-9;-~]+$/.test(name) && !block.has(name) && block.size < MOST_FIELDS ? name : null;
    if (last !== null) block.set(last, line.slice(colon + 1).trim());
  }
  return blocks;
}

/** `rfc822; ada@example.com` (RFC 3464, 2.1.2) without its type, angle brackets and comments. */
export function addressIn(value: string | undefined): string | null {
  if (value === undefined) return null;
  const text = value.replace(/^\s*[\w.-]+\s*;/, '').replace(/\([^()]*\)/g, '');
  return /[^\s<>@"]+@[^\s<>@"]+/.exec(text)?.[0] ?? null;
}
