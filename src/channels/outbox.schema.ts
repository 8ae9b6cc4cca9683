import { z } from 'zod';
import { CHANNELS } from '../shared/channel.ts';

const PAGE = 50;
const LARGEST_PAGE = 200;

const optional = z
  .string()
  .trim()
  .max(320)
  .transform((text) => (text === '' ? undefined : text))
  .optional();

/** Query of the outbox list. Empty values count as absent, as a form sends them. */
export const outboxQuerySchema = z.object({
  channel: z
    .enum(['', ...CHANNELS])
    .transform((channel) => (channel === '' ? undefined : channel))
    .optional(),
  /** Part of the recipient or the subject, in any case. */
  q: optional,
  contactId: z.preprocess((value) => (value === '' ? undefined : value), z.uuid().optional()),
  /** `next` of the page before. */
  before: z
    .string()
    .regex(/^(\d{1,16}_[0-9a-f-]{36})?$/, 'must be the `next` of another page')
    .transform((cursor) => (cursor === '' ? undefined : cursor))
    .optional(),
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(PAGE),
});
export type OutboxQuery = z.output<typeof outboxQuerySchema>;

/** How the page of one message shows it. */
export const outboxViewSchema = z.object({
  view: z.enum(['mail', 'phone', 'text', 'source']).default('mail').catch('mail'),
});
export type OutboxView = z.output<typeof outboxViewSchema>['view'];
