/** What a server said, on one line, with no address in it: reasons are stored and logged (rule S5). At most 300 characters. */
export function withoutAddresses(said: string): string {
  return said
    .replace(/\s+/g, ' ')
    .replace(/<?[^\s<>@:;"'()]+@[^\s<>@:;"'()]+>?/g, '<address>')
    .trim()
    .slice(0, 300);
}
