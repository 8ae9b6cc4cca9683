import { z } from 'zod';
import { conditionSchema } from '../../audience/index.ts';
import { CHANNELS } from '../../shared/channel.ts';

const name = z.string().trim().min(1);
const map = z.record(z.string(), z.unknown());
const perDay = z.number().positive({ error: 'must be above 0' });
const share = z.number().positive({ error: 'must be above 0' }).max(1, { error: 'must be at most 1' }).default(1);

const happening = { event: name, properties: map.optional(), samples: z.array(map).min(1).optional() };
const isOneOf = ({ properties, samples }: { properties?: unknown; samples?: unknown }): boolean =>
  properties === undefined || samples === undefined;
const EITHER = { error: 'must have `properties`, or `samples` of which one is drawn each time, not both' };

const eventRate = z
  .strictObject({
    ...happening,
    perDay,
    /** Who may do it: whoever this holds for when the forecast begins. Without it everybody. */
    audience: conditionSchema.optional(),
  })
  .refine(isOneOf, EITHER);

const consent = z.strictObject({ channel: z.enum(CHANNELS), purpose: name, share });

const newContacts = z.strictObject({
  perDay,
  traits: map.default({}),
  /** Granted as they come, by this share of them. */
  consents: z.array(consent).default([]),
  /** What they do as they come, this share of them. */
  events: z.array(z.strictObject({ ...happening, share }).refine(isOneOf, EITHER)).default([]),
});

/** `rates.yaml` (docs: scenarios, "Forecast"): what backends are taken to send, in numbers a day. */
export const ratesSchema = z
  .strictObject({ events: z.array(eventRate).default([]), newContacts: newContacts.optional() })
  .refine(({ events, newContacts: come }) => events.length > 0 || come !== undefined, {
    error: 'must have `events`, `newContacts` or both',
  });

/** Plain data. */
export type Rates = z.output<typeof ratesSchema>;
