import { RenderError, type RenderData, type Rendered } from './template.ts';

/* What a person sees nothing of: a message without words is never handed over (rule D9). */

/** Blanks, controls, marks and letters that have no shape. */
const SHAPELESS = String.raw`[\s\p{Cc}\p{Cf}\p{Z}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f]`;
const ALL_SHAPELESS = new RegExp(`^${SHAPELESS}*$`, 'u');

/** True for a text of which nothing is seen. */
function isBlank(text: string): boolean {
  return ALL_SHAPELESS.test(text);
}

/** Everything at the beginning of a mail's HTML of which nothing is seen: heads, comments, tags, hidden parts, pixels, blanks. */
const UNSEEN = new RegExp(
  [
    String.raw`(?:<!--[\s\S]*?-->`,
    String.raw`<(head|style|script|title)\b[\s\S]*?<\/\1\s*>`,
    String.raw`<(\w+)\b[^>]*display:\s*none[^>]*>(?:(?:(?!<\2\b)[\s\S])*?<\/\2\s*>)?`,
    String.raw`<img\b[^>]*\bwidth="1"[^>]*>`,
    String.raw`<(?!(?:img|input|video|svg|hr)\b)[^>]*>`,
    String.raw`&(?:nbsp|zwnj|zwj|shy|ensp|emsp|thinsp|lrm|rlm|#847|#160|#173|#820[3-7]|#x(?:a0|ad|200[b-f]));`,
    `${SHAPELESS})*`,
  ].join('|'),
  'iuy',
);

/** True for a mail in which there is neither a word nor a picture. */
function isBlankHtml(html: string): boolean {
  UNSEEN.lastIndex = 0;
  UNSEEN.test(html);
  return UNSEEN.lastIndex === html.length;
}

/** True for a text message that says nothing but how to end them, and who sends it. */
function saysNothing(text: string, sender: Readonly<Record<string, unknown>>): boolean {
  let rest = text;
  for (const own of [sender['name'], sender['sms'], sender['stop']])
    if (typeof own === 'string' && own !== '') rest = rest.replaceAll(own, ' ');
  rest = rest.replaceAll(/\b(?:SMS|STOP|to|at|au|an|al|a|naar|para|in|no|per)\b|\+?\d{3,}/giu, ' ');
  // Without a STOP in it, whatever it says is what it was to say.
  return isBlank(text) || (/\bSTOP\b/i.test(text) && !/[\p{L}\p{N}\p{S}]/u.test(rest));
}

/** Throws `RenderError` for a message of which its person would see nothing, or whose subject is blank (rule D9). */
export function refuseEmpty(rendered: Rendered, { sender }: RenderData): void {
  if (rendered.channel === 'sms') {
    if (saysNothing(rendered.text, sender)) throw new RenderError('the text is empty');
    return;
  }
  if (isBlank(rendered.subject)) throw new RenderError('the subject is empty');
  if (isBlankHtml(rendered.html)) throw new RenderError('the mail is empty');
}
