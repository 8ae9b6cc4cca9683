import { z } from 'zod';

const PLACEHOLDERS = ['{{sender}}', '{{contact}}'];

/** One text: an operator counts each part, so it is short. */
const text = z
  .string()
  .min(1)
  .max(306, 'must have at most 306 characters, which are two parts')
  .refine(
    (words) => (words.match(/\{\{.*?\}\}/g) ?? []).every((tag) => PLACEHOLDERS.includes(tag)),
    `may name ${PLACEHOLDERS.join(' and ')} only`,
  );
const wording = z.strictObject({ en: text.optional(), fr: text.optional() }).optional();

/** Who answers a STOP, START or HELP, and with what (rule C6). */
export const smsRepliesSchema = z
  .strictObject({
    /** `provider`: whoever carries our texts answers, as Twilio does unless told otherwise. `relance`: we do, once. */
    by: z.enum(['provider', 'relance', 'nobody']).default('provider'),
    stop: wording,
    start: wording,
    help: wording,
  })
  .default({ by: 'provider' });
