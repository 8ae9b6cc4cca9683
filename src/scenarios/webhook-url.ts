import { liftTags } from '../templates/index.ts';

/** Scheme and authority, then the rest. */
const URL_PARTS = /^(https?:\/\/[^/?#\\]+)([^?#]*)(\?[^#]*)?$/i;

/** A URL in its parts, whatever characters the `{{…}}` in it have; null when it is none. */
export function partsOf(url: string): { origin: string; path: string; query: string } | null {
  const lifted = liftTags(url);
  const parts = URL_PARTS.exec(lifted.text);
  if (parts === null) return null;
  const [, origin = '', path = '', query = ''] = parts;
  return { origin: lifted.restore(origin), path: lifted.restore(path), query: lifted.restore(query) };
}

/** What is wrong with the URL of a `webhook` step, and what to write instead; null when nothing is. */
export function urlFault(url: string): { message: string; hint: string } | null {
  const hint = 'write an absolute address, such as https://crm.example.com/hooks/{{contact.userId}}';
  const parts = partsOf(url);
  if (parts === null) return { message: 'not an address that can be called', hint };
  const { origin } = parts;
  if (/[{}]/.test(origin))
    return { message: 'a host cannot be filled in', hint: 'write the host as it is; {{…}} may stand behind it' };
  if (origin.includes('@'))
    return { message: 'credentials do not belong into an address', hint: 'send them in headers' };
  // With a word for each tag it must be an address as it stands.
  const bare = liftTags(url).text;
  if (!URL.canParse(bare) || /[\s{}]/.test(bare)) return { message: 'not an address that can be called', hint };
  return null;
}

/** The host of a URL that has no fault, with the rest left out. */
export function hostOf(url: string): URL {
  return new URL(partsOf(url)!.origin);
}
