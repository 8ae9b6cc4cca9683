import { z } from 'zod';
import { conditionSchema, conditionsIn } from '../audience/index.ts';
import { durationMs, parseDuration } from '../calendar/index.ts';
import { CHANNELS } from '../shared/channel.ts';

/** An id people write: `kebab-case`, 1 to 64 characters. */
const idSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case, such as `weekly-ceiling`')
  .max(64, 'must be at most 64 characters');

/** A positive duration as text: `7d`, `16h`, `P1W`. */
const durationSchema = z.string().refine(
  (text) => {
    const duration = parseDuration(text);
    return duration !== null && durationMs(duration) > 0;
  },
  { error: 'must be a duration longer than zero, such as `10m`, `16h`, `7d`, `2w` or `P1M`' },
);

/** Names the contact's own limits use in decision records; no policy rule may take them. */
export const OWN_RULES = ['own-max-per-week', 'own-pause'] as const;

export const CALENDAR_UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const;

const windowSchema = z.union([
  z.strictObject({ rolling: durationSchema }),
  z.strictObject({ calendar: z.enum(CALENDAR_UNITS), weekStart: z.enum(['monday', 'sunday']).optional() }),
  z.strictObject({ gap: durationSchema }),
  z.strictObject({ lifetime: z.literal(true) }),
]);

/** The gate knows the contact and its consents when it counts, and no history. */
const contactCondition = conditionSchema.refine(
  (condition) =>
    [...conditionsIn(condition)].every(
      (part) => !['event', 'message', 'property', 'audience'].some((kind) => kind in part),
    ),
  {
    error: 'a maximum cannot depend on events, messages or audiences',
    params: { code: 'wrong-condition', hint: 'ask for an `attribute`, `daysSince` or `consent`' },
  },
);

const countSchema = z.number().multipleOf(1, 'must be a whole number').min(0, 'must be 0 or more');

const maxSchema = z.union([
  countSchema,
  z
    .array(
      z.union([
        z.strictObject({ when: contactCondition, max: countSchema }),
        z.strictObject({ otherwise: countSchema }),
      ]),
    )
    .min(1),
]);

/** An empty list means all, as an absent one does. */
const scopeList = z.array(z.string().min(1));

const scopeSchema = z.strictObject({
  categories: scopeList.optional(),
  channels: z.array(z.enum(CHANNELS)).optional(),
  programmes: scopeList.optional(),
  scenarios: scopeList.optional(),
  senders: scopeList.optional(),
});

const onBlockedSchema = z.union([z.enum(['drop', 'exit']), z.strictObject({ hold: durationSchema })]);

/** One pressure rule of the policy (docs: language, "Policy"). */
export const ruleSchema = z
  .strictObject({
    rule: idSchema.refine((name) => !(OWN_RULES as readonly string[]).includes(name), {
      error: "is kept for the contact's own limits; choose another name",
    }),
    /** Which messages the rule counts and can refuse; empty means all. */
    scope: scopeSchema.default({}),
    window: windowSchema,
    /** A gap needs none: it allows one message in its span (rule P10). */
    max: maxSchema.optional(),
    /** Look-ahead: room is kept for planned messages of higher priority (rule P11). */
    reserve: durationSchema.optional(),
    onBlocked: onBlockedSchema.default('drop'),
  })
  .superRefine((rule, context) => {
    const refuse = (path: (string | number)[], message: string, code = 'wrong-value'): void =>
      context.addIssue({ code: 'custom', path, message, params: { code } });
    const gap = 'gap' in rule.window;
    if (gap && rule.max !== undefined && rule.max !== 1)
      refuse(['max'], 'a gap always allows one message in its span: leave `max` out');
    if (!gap && rule.max === undefined)
      refuse(['max'], '`max` is missing: say how many messages the window allows', 'missing-key');
    if ('calendar' in rule.window && rule.window.weekStart !== undefined && rule.window.calendar !== 'week')
      refuse(['window', 'weekStart'], 'goes with `calendar: week` only');
    if (!Array.isArray(rule.max)) return;
    const last = rule.max.length - 1;
    rule.max.forEach((entry, index) => {
      if (index === last && !('otherwise' in entry))
        refuse(['max', index], 'the last entry must be `otherwise: number`');
      if (index !== last && 'otherwise' in entry) refuse(['max', index], '`otherwise` must be the last entry');
    });
  });

export type PressureRule = z.output<typeof ruleSchema>;
