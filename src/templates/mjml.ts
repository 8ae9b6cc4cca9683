import type { Fault } from '../shared/errors.ts';
import { liftTags } from './tags.ts';

/** Elements whose content MJML copies as it is. */
const COPIED = [
  'mj-text',
  'mj-button',
  'mj-raw',
  'mj-table',
  'mj-style',
  'mj-preview',
  'mj-title',
  'mj-navbar-link',
  'mj-social-element',
  'mj-accordion-text',
  'mj-accordion-title',
].join('|');
const ATTRIBUTES = `(?:"[^"]*"|'[^']*'|[^>"'])*?`;

/** What may hold a tag without any harm to it, or, last, a tag that stands between elements, where MJML would drop it. */
const piece = (word: RegExp): RegExp =>
  new RegExp(
    `<!--[\\s\\S]*?-->|<(${COPIED})\\b${ATTRIBUTES}(?:/>|>[\\s\\S]*?</\\1\\s*>)|<${ATTRIBUTES}>|(?<between>${word.source})`,
    'g',
  );

interface MjmlError {
  line: number;
  message: string;
  tagName: string;
}

/**
 * Turns MJML with Handlebars tags into HTML with the same tags, wherever they stand: in text, in attributes and
 * URLs, and between elements. Faults name the line in `file`. No file is read and no address is fetched (rule S4).
 */
export async function compileMjml(
  source: string,
  file: string,
  language: string | null,
): Promise<{ html: string; faults: Fault[] }> {
  // About 0.4 s and 40 MB: only those pay who compile.
  const { default: mjml2html } = await import('mjml');
  const lifted = liftTags(source);
  const prepared = lifted.text.replace(piece(lifted.word), (whole, ...rest) => {
    const groups = rest.at(-1) as { between?: string };
    return groups.between === undefined ? whole : `<mj-raw>${whole}</mj-raw>`;
  });
  const faults: Fault[] = [];
  const include = /<mj-include\b/.exec(prepared);
  if (include) {
    const line = prepared.slice(0, include.index).split('\n').length;
    faults.push({
      code: 'template-include',
      severity: 'error',
      message: 'mj-include is not allowed: a template is whole by itself',
      file,
      line,
    });
  }
  try {
    const result = (await mjml2html(prepared, { validationLevel: 'soft', keepComments: false, fonts: {} })) as {
      html: string;
      errors: MjmlError[];
    };
    for (const { line, message, tagName } of result.errors) {
      // A colour may come from data; a size may not, because MJML computes with it.
      if (/for type Color/.test(message) && lifted.word.test(message)) continue;
      faults.push({
        code: 'template-mjml',
        severity: 'error',
        message: lifted.restore(`<${tagName}>: ${message.trim()}`),
        file,
        line,
      });
    }
    const html = language === null ? result.html : result.html.replaceAll(' lang="und"', ` lang="${language}"`);
    return { html: lifted.restore(html), faults };
  } catch (error) {
    const message = lifted.restore((error as Error).message.split('\n')[0]!);
    return { html: '', faults: [...faults, { code: 'template-mjml', severity: 'error', message, file, line: 1 }] };
  }
}
