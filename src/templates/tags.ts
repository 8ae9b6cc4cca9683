/** One `{{…}}` of a Handlebars source, by its place in the text. */
export interface Tag {
  start: number;
  end: number;
}

/** Where the tag that opens at `start` ends; the end of the text when nothing closes it. */
function endOf(source: string, start: number): number {
  const comment = /^\{\{~?!(--)?/.exec(source.slice(start, start + 6));
  if (comment) {
    const close = comment[1] === undefined ? /~?\}\}/g : /--~?\}\}/g;
    close.lastIndex = start + comment[0].length;
    return close.exec(source) ? close.lastIndex : source.length;
  }
  const close = source.startsWith('{{{', start) || source.startsWith('{{~{', start) ? /\}~?\}\}/y : /\}\}/y;
  let quote = '';
  for (let at = start + 2; at < source.length; at++) {
    const char = source[at]!;
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '[') quote = ']';
    else {
      close.lastIndex = at;
      if (close.test(source)) return close.lastIndex;
    }
  }
  return source.length;
}

/** Finds every tag of a source that Handlebars accepts; an escaped `\{{` is none. */
export function tagsOf(source: string): Tag[] {
  const tags: Tag[] = [];
  let start = source.indexOf('{{');
  while (start >= 0) {
    const escaped = source[start - 1] === '\\' && source[start - 2] !== '\\';
    const end = endOf(source, start);
    if (!escaped) tags.push({ start, end });
    start = source.indexOf('{{', end);
  }
  return tags;
}

/** A source whose tags are words, so that tools that know HTML alone leave them whole. */
export interface Lifted {
  text: string;
  /** Puts the tags back, as often as their words occur. */
  restore(text: string): string;
  /** Matches one word. */
  readonly word: RegExp;
}

/**
 * Replaces every tag by a word of lower-case letters and digits: no parser of XML, HTML, CSS or URLs changes such a
 * word. Comments are dropped, their line breaks kept.
 */
export function liftTags(source: string): Lifted {
  let stem = 'hbsx';
  while (source.includes(stem)) stem += 'q';
  const texts: string[] = [];
  let text = '';
  let from = 0;
  for (const tag of tagsOf(source)) {
    text += source.slice(from, tag.start);
    from = tag.end;
    const written = source.slice(tag.start, tag.end);
    if (/^\{\{~?!/.test(written)) {
      text += '\n'.repeat(written.split('\n').length - 1);
      continue;
    }
    text += `${stem}${texts.length}x`;
    texts.push(written);
  }
  text += source.slice(from);
  const word = new RegExp(`${stem}(\\d+)x`, 'g');
  return { text, word, restore: (changed) => changed.replace(word, (_word, index: string) => texts[Number(index)]!) };
}

/** Escapes the text around the tags for HTML, and leaves the tags as they are. */
export function escapeAroundTags(source: string): string {
  const lifted = liftTags(source);
  return lifted.restore(lifted.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
}
