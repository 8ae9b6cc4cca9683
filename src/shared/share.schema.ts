import { z } from 'zod';

/** `5%` as the fraction 0.05. */
export const shareSchema = z
  .string({ error: 'write a percentage, such as 5%' })
  .regex(/^(100|\d{1,2}(\.\d+)?)\s?%$/, { error: 'not a share: write a percentage, such as 5%' })
  .transform((text) => Number.parseFloat(text) / 100);
