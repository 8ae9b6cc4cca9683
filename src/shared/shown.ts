/** The longest piece of somebody's text that a message repeats. */
const LONGEST = 60;

/** A text short enough for a message: its beginning, when it is longer; line breaks and other controls as escapes. */
export function clipped(text: string, longest = LONGEST): string {
  // Cut first: what is repeated of two megabytes costs what sixty characters do.
  const start = Array.from(text.slice(0, 2 * longest + 2));
  return start.length > longest ? `${start.slice(0, longest - 1).join('')}…` : text;
}

/** A value as people wrote it, in quotes when it is a text, and never longer than a message can hold. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(clipped(value));
  if (typeof value === 'number') return String(value);
  return clipped(JSON.stringify(value) ?? 'nothing');
}

/** Alternatives for a hint, as many as one reads: the rest is counted. */
export function listed(names: Iterable<string>, most = 20): string {
  const all = [...new Set(names)];
  const shown = all.slice(0, most).map((name) => clipped(name, 30));
  const text = shown.join(', ');
  return all.length > most ? `${text} and ${all.length - most} more` : text;
}
