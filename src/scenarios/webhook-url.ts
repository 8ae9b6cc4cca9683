import { PLACEHOLDER } from './placeholder-pattern.ts';

/** Scheme and authority, then the rest. */
export const URL_PARTS = /^(https?:\/\/[^/?#\\]+)([^?#]*)(\?[^#]*)?$/i;

/** What is wrong with the URL of a `webhook` step, and what to write instead; null when nothing is. */
export function urlFault(url: string): { message: string; hint: string } | null {
  const hint = 'write an absolute address, such as https://crm.example.com/hooks/{{contact.userId}}';
  const parts = URL_PARTS.exec(url);
  if (parts === null) return { message: 'not an address that can be called', hint };
  const origin = parts[1]!;
  if (/[{}]/.test(origin))
    return { message: 'a host cannot be filled in', hint: 'write the host as it is; {{…}} may stand behind it' };
  if (origin.includes('@'))
    return { message: 'credentials do not belong into an address', hint: 'send them in headers' };
  const bare = url.replaceAll(PLACEHOLDER, 'x');
  if (!URL.canParse(bare) || /\s/.test(bare)) return { message: 'not an address that can be called', hint };
  return null;
}

/** The host of a URL that has no fault, with the rest left out. */
export function hostOf(url: string): URL {
  return new URL(URL_PARTS.exec(url)![1]!);
}
