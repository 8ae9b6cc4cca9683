import { z } from 'zod';
import { canonicalCountry } from '../contacts/index.ts';

/** ISO 3166-1 alpha-2, of a contact, else of the policy. */
export const countrySchema = z
  .string('write a two-letter country code in upper case, such as `FR`')
  .regex(/^[A-Z]{2}$/, { error: 'must be a two-letter country code in upper case, such as `FR`', abort: true })
  .refine((code) => canonicalCountry(code) !== null, {
    error: 'is the code of no country (ISO 3166-1): write one such as `FR`, or `GB` for the United Kingdom',
  });
