import { z } from 'zod';
import { HEX_COLOUR } from './colour.ts';

/** The look of people's pages in the policy: `pages` for all of them, and under a brand for its own. */
export const lookSchema = z.strictObject({
  /** Whom people know us as; the name of the first sender unless said, a brand's label for a brand. */
  brand: z.string().min(1).max(100).optional(),
  colour: z
    .string()
    .regex(HEX_COLOUR, 'must be a colour, such as `"#23543f"`, in quotes because of the `#`')
    .optional(),
  /** Shown instead of the name, at most 3 rem high. */
  logo: z
    .url({ protocol: /^https$/, error: 'must be an address over https, such as `https://example.com/logo.svg`' })
    .optional(),
});

export type WrittenLook = z.output<typeof lookSchema>;
