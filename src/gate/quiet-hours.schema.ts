import { z } from 'zod';
import { weeklyWindowText } from '../calendar/index.ts';
import { CHANNELS } from '../shared/channel.ts';
import { countrySchema } from './country.schema.ts';

/**
 * One entry of `quietHours`: when messages of these channels may leave, in the contact's zone (rules T1, T2). There is
 * no way to write a category that is let off: no category or flag lifts a legal gate.
 */
export const quietHoursSchema = z.strictObject({
  channels: z.array(z.enum(CHANNELS)).min(1),
  /** ISO 3166-1 alpha-2, of the contact, else of the policy; absent means every country. */
  countries: z.array(countrySchema).min(1).optional(),
  allow: weeklyWindowText,
  /** `closed`: shut on the public holidays of the contact's country. */
  holidays: z.literal('closed').optional(),
});

export type QuietHours = z.output<typeof quietHoursSchema>;
