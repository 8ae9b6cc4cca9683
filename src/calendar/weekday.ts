const NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const LONG_NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Reads `Mon` or `Monday` in any case: 1 Monday to 7 Sunday, null when it is no weekday. */
export function parseWeekday(text: string): number | null {
  const name = text.trim().toLowerCase();
  const index = Math.max(NAMES.indexOf(name), LONG_NAMES.indexOf(name));
  return index < 0 ? null : index + 1;
}
