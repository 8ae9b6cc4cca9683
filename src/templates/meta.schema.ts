import { z } from 'zod';

/** Keys that start a mailbox: `care@example.com`, or `Care <care@example.com>`. */
const mailbox = z
  .string()
  .regex(
    /^(?:[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
    'must be an address, such as `Care <care@example.com>`',
  );

const locale = z.string().refine(
  (text) => {
    try {
      return Intl.getCanonicalLocales(text).length === 1;
    } catch {
      return false;
    }
  },
  { error: 'must be a language such as `en` or `fr-CA`' },
);

const values = z.record(z.string(), z.unknown());

/** `meta.yaml` of a template or of one of its locale folders (docs: language, "Template"). */
export const metaSchema = z.strictObject({
  /** A Handlebars source. */
  subject: z.string().min(1).optional(),
  /** What a mailbox shows beside the subject; a Handlebars source. */
  preheader: z.string().optional(),
  /** Replaces the sender's address. */
  from: mailbox.optional(),
  /** Language in which the files at the top are written; numbers and dates follow it. A locale folder has its own. */
  locale: locale.optional(),
  /** What `relance check` and previews render with. */
  sample: z
    .strictObject({
      contact: values.optional(),
      event: values.optional(),
      enrollment: values.optional(),
      data: values.optional(),
      sender: values.optional(),
    })
    .optional(),
});

export type Meta = z.output<typeof metaSchema>;
