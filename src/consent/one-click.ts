/** Of a multipart body, all that can matter; the rest is not searched. */
const MOST_SEARCHED = 4_000;

/** A part named `List-Unsubscribe`, with whatever other headers, whose content is `One-Click`. */
const PART = /^content-disposition:\s*form-data;.*\bname="?List-Unsubscribe"?.*\n(?:.+\n)*\nOne-Click\s*\n--/im;

/**
 * Whether a mailbox posted this, and not the page's button: the form is `List-Unsubscribe=One-Click` (RFC 8058, 3.1),
 * parsed when it came urlencoded, its text when it came as multipart.
 */
export function isOneClick(body: unknown): boolean {
  if (typeof body === 'string') return PART.test(body.slice(0, MOST_SEARCHED).replaceAll('\r\n', '\n'));
  return (
    body !== null && typeof body === 'object' && (body as Record<string, unknown>)['List-Unsubscribe'] === 'One-Click'
  );
}
