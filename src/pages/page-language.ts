/** What public pages are written in; the first is the one for everybody else. */
export const PAGE_LANGUAGES = ['en', 'fr'] as const;
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];

/**
 * The language of a page: that of the contact's locale (`fr-CA`), else the best of the browser's `Accept-Language`
 * (RFC 9110, 12.5.4), else English.
 */
export function pageLanguage(locale: string | null, accepted: string | undefined): PageLanguage {
  return languageOf(locale ?? '') ?? preferred(accepted ?? '') ?? PAGE_LANGUAGES[0];
}

function languageOf(tag: string): PageLanguage | undefined {
  const language = tag.trim().toLowerCase().split(/[-_]/)[0];
  return PAGE_LANGUAGES.find((known) => known === language);
}

function preferred(accepted: string): PageLanguage | undefined {
  const ranked = accepted.split(',').map((item) => {
    const [tag = '', ...parameters] = item.split(';');
    const quality = parameters.map((parameter) => /^\s*q=(.*)$/i.exec(parameter)?.[1]).find((q) => q !== undefined);
    return { language: languageOf(tag), quality: Number(quality ?? 1) || 0 };
  });
  return ranked
    .filter(({ language, quality }) => language !== undefined && quality > 0)
    .reduce((best, one) => (one.quality > best.quality ? one : best), {
      language: undefined,
      quality: 0,
    } as (typeof ranked)[number]).language;
}
