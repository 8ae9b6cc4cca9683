import { isWhole, tagsOf } from '../templates/index.ts';
import { compileInto, type PlaceholderData } from './placeholders.ts';
import { partsOf } from './webhook-url.ts';

/** The longest URL that is called, filled in. */
const LONGEST = 4_000;

/** A URL with its placeholders filled in, or what one of them lacks. */
export type FilledUrl = { url: string; fault: null } | { url: string; fault: string };

/**
 * Prepares the URL of a `webhook` step. What is filled in is percent-encoded, so that it stays where it stands: it makes
 * no further segment, parameter or host. A part of the path that would be empty is a fault, for the call would
 * reach something else than was meant (`DELETE /customers/`).
 */
export function compileUrl(url: string): (data: PlaceholderData) => FilledUrl {
  const { origin, path, query } = partsOf(url)!;
  const fillPath = compileInto(path, encode);
  const fillQuery = compileInto(query, encode);
  const placeholders = tagsOf(path)
    .map(({ start, end }) => path.slice(start, end))
    .filter(isWhole)
    .map((text) => [text, compileInto(text, (value) => value)] as const);
  return (data) => {
    const filled = `${origin}${fillPath(data)}${fillQuery(data)}`;
    const empty = placeholders.find(([, read]) => /^\.{0,2}$/.test(read(data).trim()));
    if (empty !== undefined) return { url: filled, fault: `nothing to put for ${empty[0]} into the path` };
    if (filled.length > LONGEST) return { url: filled.slice(0, LONGEST), fault: 'the address is too long' };
    return { url: filled, fault: null };
  };
}

const encode = (text: string): string => encodeURIComponent(text.toWellFormed());
