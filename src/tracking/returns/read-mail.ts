import PostalMime from 'postal-mime';
import type { MailParts } from './mail-parts.ts';

/** Reports nest a mail in a part in a mail; more is somebody's attack on the reader. */
const DEEPEST = 20;
const LARGEST_HEADERS = 256 * 1024;

/** Takes a mail (RFC 5322, MIME) apart. Returned mails stay text: only their headers are looked at. Throws on broken limits. */
export async function readMail(source: Uint8Array): Promise<MailParts> {
  const mail = await PostalMime.parse(source, {
    forceRfc822Attachments: true,
    attachmentEncoding: 'utf8',
    maxNestingDepth: DEEPEST,
    maxHeadersSize: LARGEST_HEADERS,
  });
  const headers = new Map<string, string>();
  for (const { key, value } of mail.headers) if (!headers.has(key)) headers.set(key, value);
  // As people read it, and not in the form for the wire (RFC 2047).
  if (mail.subject !== undefined) headers.set('subject', mail.subject);
  return {
    headers,
    text: mail.text ?? mail.html?.replace(/<[^<>]*>/g, ' ') ?? '',
    parts: mail.attachments.map(({ mimeType, content }) => ({ type: mimeType, content: String(content) })),
  };
}
