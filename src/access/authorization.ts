/** What a request shows of itself in its `Authorization` header; null when it has none that can be read. */
export type Shown = { scheme: 'basic'; user: string; password: string } | { scheme: 'bearer'; token: string } | null;

/** Reads RFC 7617 (Basic, UTF-8) and RFC 6750 (Bearer). */
export function readAuthorization(header: string | undefined): Shown {
  const shape = /^(basic|bearer) +([\w+/=.~-]+) *$/i.exec(header ?? '');
  if (shape === null) return null;
  if (shape[1]!.toLowerCase() === 'bearer') return { scheme: 'bearer', token: shape[2]! };
  const text = Buffer.from(shape[2]!, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0
    ? { scheme: 'basic', user: text, password: '' }
    : { scheme: 'basic', user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** The write key: Basic user name (what Segment's clients send), Bearer token, or `writeKey` in the body, in this order. */
export function writeKeyOf(header: string | undefined, body: unknown): string | null {
  const shown = readAuthorization(header);
  if (shown !== null) return (shown.scheme === 'basic' ? shown.user : shown.token) || null;
  if (header !== undefined || typeof body !== 'object' || body === null) return null;
  const { writeKey } = body as { writeKey?: unknown };
  return typeof writeKey === 'string' && writeKey !== '' ? writeKey : null;
}
