import { PAGE_LANGUAGES, pageLanguage, type PageLanguage } from '../pages/index.ts';
import { ENGLISH } from './english.ts';
import { FRENCH } from './french.ts';
import type { Words } from './told.ts';

/** What decisions are explained in: the languages of the public pages. */
export const LANGUAGES = PAGE_LANGUAGES;
export type Language = PageLanguage;

export const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, fr: FRENCH };

/** The language asked for by name, else the best of `Accept-Language`, else English. */
export function languageAsked(named: Language | undefined, accepted: string | undefined): Language {
  return named ?? pageLanguage(null, accepted);
}
