import { z } from 'zod';
import { longSpanText } from '../calendar/index.ts';

const DAY = 86_400_000;

const span = (least: number, why = '') => longSpanText(least * DAY, `${least}d`, why);

/**
 * For how long data is kept (rule C9). The three years of prospects are the CNIL's, counted from the last contact that
 * came from the person (law L15). Nothing is removed unless `nightly` is on, or somebody runs `relance retention --apply`.
 */
export const retentionSchema = z
  .strictObject({
    /** After the last contact that came from a person who never bought. */
    prospects: span(1).default('3y'),
    /** The same for those who bought; without it they are kept. */
    customers: span(1).optional(),
    /** After a friend was named who has not answered (law L23). */
    referrals: span(1).default('30d'),
    events: span(62, ': a `messageId` is known again for two months').default('3y'),
    /** With their decisions, clicks, returns and captured copies. */
    messages: span(62).default('3y'),
    webhookCalls: span(31).default('1y'),
    /** Removes by itself, every night. */
    nightly: z.boolean().default(false),
  })
  .prefault({});

const filledIn = z
  .string()
  .min(1, { abort: true })
  .refine((text) => text.trim() !== '', { error: 'must not be blank' });

/** Who answers for the processing (GDPR Art. 30(1)(a)); the head of the register of processing. */
export const controllerSchema = z.strictObject({
  name: filledIn,
  address: filledIn,
  /** Whom people write to about their data. */
  contact: filledIn,
  /** The data protection officer, where there is one. */
  dpo: filledIn.optional(),
});
