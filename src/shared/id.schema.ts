import { z } from 'zod';
import { isReservedName, RESERVED_NAME } from './reserved-names.ts';

/** `Welcome Mail` as `welcome-mail`; empty when nothing of it can stand in an id. */
const slug = (text: string): string =>
  text
    .slice(0, 200)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64);

/** An id people write: lower-case letters, digits and single hyphens, 1 to 64 characters. */
export function idText(example = 'welcome-mail') {
  return z
    .string()
    .max(64, { error: 'longer than 64 characters', abort: true })
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
      error: ({ input }) => {
        const meant = typeof input === 'string' ? slug(input) : '';
        return `not an id: write lower-case letters, digits and single hyphens, such as ${meant === '' ? example : meant}`;
      },
    })
    .refine((text) => !isReservedName(text), RESERVED_NAME);
}
