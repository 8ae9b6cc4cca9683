/** What tells where a request came from; names in lower case, as Node has them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Sent by browsers with every request, and by nobody else. */
const BROWSER_ONLY = ['sec-fetch-site', 'sec-fetch-dest', 'sec-fetch-user', 'origin', 'cookie', 'referer'] as const;

/**
 * The header by which a request betrays a browser; undefined when nothing does. `Sec-Fetch-Mode` alone does not: Node's
 * own `fetch` sends it.
 */
export const browserMark = (headers: RequestHeaders): string | undefined =>
  BROWSER_ONLY.find((name) => headers[name] !== undefined);

/** Where the service is, as browsers know it. */
export interface OwnPlace {
  /** `Host` of the request, or what a trusted proxy says it was. */
  host: string;
  publicUrl: string;
}

/**
 * Whether a request came from a page of another origin. `Sec-Fetch-Site` is believed first (W3C Fetch Metadata): of the same
 * host with another port it says `same-site`, which cookies do not tell apart. Browsers that do not know it, and all of
 * them over plain http, send `Origin` with whatever is not a GET. A request with neither comes from no page: from a script, or
 * from a browser's own bar.
 */
export function isForeign(headers: RequestHeaders, place: OwnPlace): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin } = headers;
  if (typeof origin !== 'string') return origin !== undefined;
  // A page of ours that tells nobody where it was says `null`; so does a foreign one, but it cannot say `same-origin`.
  if (origin === 'null') return site !== 'same-origin';
  if (!URL.canParse(origin)) return true;
  const { host, origin: written } = new URL(origin);
  return host !== place.host && written !== new URL(place.publicUrl).origin;
}

/** Whether a browser goes to it as a whole page: by a link, or by its bar. */
export const isNavigation = (headers: RequestHeaders): boolean =>
  headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';

/** Whether a page is wanted, and not data. */
export const wantsPage = ({ accept }: RequestHeaders): boolean =>
  typeof accept === 'string' && /\btext\/html\b/.test(accept);

/** Whether a body of this kind can be sent by no form and no simple request of another site (Fetch, "CORS-safelisted"). */
export const isJson = (contentType: string): boolean => /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType);

/** A path of this service, to go back to after the sign-in; anything else leads to the outbox. */
export function ownPath(text: unknown): string {
  const base = 'http://own.invalid';
  if (typeof text !== 'string' || !/^\/(?![/\\])/.test(text) || !URL.canParse(text, base)) return '/outbox';
  const { origin, pathname, search } = new URL(text, base);
  return origin === base ? `${pathname}${search}`.replace(/^\/{2,}/, '/') : '/outbox';
}
