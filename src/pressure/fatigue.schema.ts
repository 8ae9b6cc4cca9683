import { z } from 'zod';
import { durationSchema, ruleNameSchema } from './rule.schema.ts';

const points = z.number().positive('must be more than 0');

/** How what a person says by reacting lowers the maxima of rules, for a while. */
export const fatigueSchema = z.strictObject({
  /** In this time what was felt is half of what it was. */
  halfLife: durationSchema,
  /** What each signal adds; one that is not named adds nothing. Openings are none (law L16). */
  signals: z
    .strictObject({
      complaint: points.optional(),
      unsubscribe: points.optional(),
      stop: points.optional(),
      /** Mails without a click since the last that had one: each from the `after`th on. */
      unclicked: z.strictObject({ after: z.int().min(1), adds: points }).optional(),
    })
    .refine(
      (signals) => Object.keys(signals).length > 0,
      'must give points to some signal, such as `{ complaint: 10 }`',
    ),
  levels: z
    .array(
      z.strictObject({
        /** As long as so much is felt. */
        from: points,
        /** The maxima are multiplied by it, and rounded down. */
        times: z.number().min(0, 'must be 0 or more').max(1, 'must be 1 or less: a signal only ever lowers'),
        /** Of these rules; of all when it is left out. */
        rules: z.array(ruleNameSchema).min(1).optional(),
      }),
    )
    .min(1),
});

export type Fatigue = z.output<typeof fatigueSchema>;
