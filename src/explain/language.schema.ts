import { z } from 'zod';
import { LANGUAGES } from './language.ts';

/** `?lang=` of the routes that explain. */
export const languageSchema = z
  .enum(LANGUAGES, { error: `must be one of ${LANGUAGES.join(', ')}` })
  .optional()
  .describe('Language of the sentences; without it, that of `Accept-Language`, else English');
