import type { MailParts } from '../mail-parts.ts';

/** Subjects of automatic answers of programs that put no header for it, in the languages they are used in here. */
const SUBJECT =
  /^\s*(?:(?:re|aw|tr|rif|antw?)\s*:\s*)?(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response|responder)|out of (?:the )?office|away from (?:the|my) office|on vacation|absence du bureau|absent du bureau|reponse automatique|message d'absence|abwesenheits|abwesend|automatische antwort|fuera de (?:la )?oficina|respuesta automatica|fuori sede|risposta automatica|assente dall'ufficio|afwezig|automatisch antwoord|resposta automatica|ausencia|read:|lu\s*:|gelesen:|not read:)/;

/**
 * Whether a machine wrote a mail, or a person to many: automatic answers (RFC 3834, 5, and what came before it), receipts
 * (RFC 8098), mailing lists (RFC 2919) and what has no sender to answer to. None is a sign of life.
 */
export function isAutomatic({ headers, parts }: Pick<MailParts, 'headers' | 'parts'>): boolean {
  return isMarkedAutomatic(headers) || isByItsForm({ headers, parts });
}

/** RFC 3834, 5, and what came before it. */
export function isMarkedAutomatic(headers: ReadonlyMap<string, string>): boolean {
  const submitted = headers.get('auto-submitted')?.trim().toLowerCase();
  if (submitted !== undefined && !/^no\b/.test(submitted)) return true;
  if (/^(bulk|junk|auto_reply|list)$/i.test(headers.get('precedence')?.trim() ?? '')) return true;
  return ['x-autoreply', 'x-autorespond', 'x-auto-response-suppress'].some((name) => headers.has(name));
}

/** It says of itself that it answers by machine (RFC 3834, 5.2): an out of office, and no request. */
export const isAutoReplied = (headers: ReadonlyMap<string, string>): boolean =>
  /^auto-replied\b/i.test(headers.get('auto-submitted')?.trim() ?? '');

function isByItsForm({ headers, parts }: Pick<MailParts, 'headers' | 'parts'>): boolean {
  if (parts.some(({ type }) => type === 'message/disposition-notification')) return true;
  if (headers.has('list-id') || headers.get('return-path')?.trim() === '<>') return true;
  if (/\b(?:mailer-?daemon|no-?reply|donotreply)\b/i.test(headers.get('from') ?? '')) return true;
  const subject = (headers.get('subject') ?? '').normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return SUBJECT.test(subject);
}
