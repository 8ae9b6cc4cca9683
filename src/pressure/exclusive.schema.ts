import { z } from 'zod';
import { onBlockedSchema, ruleNameSchema, scopeSchema } from './rule.schema.ts';

/** While somebody is in a programme, or one of its scenarios, messages of a scope are kept from them. */
export const exclusiveSchema = z.strictObject({
  rule: ruleNameSchema,
  while: z.union(
    [z.strictObject({ programme: z.string().min(1) }), z.strictObject({ scenario: z.string().min(1) })],
    'must be `{ programme: welcome }` or `{ scenario: welcome-mails }`',
  ),
  /** Which messages it keeps away; those of the programme itself never. Empty means all. */
  scope: scopeSchema.default({}),
  onBlocked: onBlockedSchema.default('drop'),
});

export type Exclusive = z.output<typeof exclusiveSchema>;
