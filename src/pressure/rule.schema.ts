import { z } from 'zod';
import { conditionSchema, conditionsIn, entryPaths, type Condition } from '../audience/index.ts';
import { spanText } from '../calendar/index.ts';
import { CHANNELS } from '../shared/channel.ts';
import { idText } from '../shared/id.schema.ts';

/** An id people write: `kebab-case`, 1 to 64 characters. */
const idSchema = idText('weekly-ceiling');

/** A positive duration as text: `7d`, `16h`, `P1W`. */
export const durationSchema = spanText;

/** Names the contact's own limits use in decision records; no policy rule may take them. */
export const OWN_RULES = ['own-max-per-week', 'own-pause'] as const;

export const CALENDAR_UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const;

const windowSchema = z.union(
  [
    z.strictObject({ rolling: durationSchema }),
    z.strictObject({ calendar: z.enum(CALENDAR_UNITS), weekStart: z.enum(['monday', 'sunday']).optional() }),
    z.strictObject({ gap: durationSchema }),
    z.strictObject({ lifetime: z.literal(true) }),
  ],
  'must say what span it is: write `{ rolling: 7d }`, `{ calendar: week }`, `{ gap: 16h }` or `{ lifetime: true }`',
);

/** The gate knows the contact and its consents when it counts, and no history; what audiences ask is looked at with the policy. */
const contactCondition = conditionSchema.refine(asksContactOnly, {
  error: 'a maximum cannot depend on events, messages or an entry',
  params: { code: 'wrong-condition', hint: 'ask for an `attribute`, `daysSince` or `consent`' },
});

/** Whether a condition, its audiences left aside, asks for nothing but the contact and its consents. */
export function asksContactOnly(condition: Condition): boolean {
  const isOfContact = (part: Condition): boolean => !['event', 'message', 'property'].some((kind) => kind in part);
  return entryPaths(condition).length === 0 && [...conditionsIn(condition)].every(isOfContact);
}

const countSchema = z.number().min(0, 'must be 0 or more');

/** What an error says to write instead: not all of it is a word. */
const OTHER_UNITS = 'write `messages`, `sms-parts` or `{ score: { weights: { email: 1, sms: 3 }, halfLife: 7d } }`';
const OTHER_ENDS = 'write `drop`, `exit`, `{ hold: 3d }` or `{ switch: sms }`';

const unitSchema = z.union(
  [
    z.enum(['messages', 'sms-parts'], OTHER_UNITS),
    z.strictObject({
      score: z.strictObject({
        /** What a message of each channel adds; a channel that is not named adds nothing. */
        weights: z.partialRecord(z.enum(CHANNELS), z.number().positive('must be more than 0')),
        halfLife: durationSchema,
      }),
    }),
  ],
  OTHER_UNITS,
);

const maxSchema = z.union(
  [
    countSchema,
    z
      .array(
        z.union([
          z.strictObject({ when: contactCondition, max: countSchema }),
          z.strictObject({ otherwise: countSchema }),
        ]),
      )
      .min(1),
  ],
  'must be a number, such as `4`, or a list of `{ when: …, max: … }` that ends with `{ otherwise: 4 }`',
);

/** An empty list means all, as an absent one does. */
const scopeList = z.array(z.string().min(1));

export const scopeSchema = z.strictObject(
  {
    categories: scopeList.optional(),
    channels: z.array(z.enum(CHANNELS)).optional(),
    programmes: scopeList.optional(),
    scenarios: scopeList.optional(),
    campaigns: scopeList.optional(),
    senders: scopeList.optional(),
    purposes: scopeList.optional(),
    brands: scopeList.optional(),
  },
  'write which messages it is about, such as `{ channels: [email] }`',
);

export const onBlockedSchema = z.union(
  [
    z.enum(['drop', 'exit'], OTHER_ENDS),
    z.strictObject({ hold: durationSchema }),
    /** Goes on at the step that the send step names for this channel under `switch`; drops where it names none. */
    z.strictObject({ switch: z.enum(CHANNELS) }),
  ],
  OTHER_ENDS,
);

/** The name of a pressure rule, as decisions show it. */
export const ruleNameSchema = idSchema.refine((name) => !(OWN_RULES as readonly string[]).includes(name), {
  error: "is kept for the contact's own limits; choose another name",
});

/** One pressure rule of the policy (docs: language, "Policy"). */
export const ruleSchema = z
  .strictObject({
    rule: ruleNameSchema,
    /** A ceiling that nothing lifts: it counts and can refuse the messages of every category, exempt ones too. */
    platform: z.literal(true).optional(),
    /** Which messages the rule counts and can refuse; empty means all. */
    scope: scopeSchema.default({}),
    /** A score needs none: what it counts fades by itself. */
    window: windowSchema.optional(),
    /** In what it counts: messages, parts of text messages, or a score that fades. */
    unit: unitSchema.optional(),
    /** A gap needs none: it allows one message in its span (rule P10). */
    max: maxSchema.optional(),
    /** Look-ahead: room is kept for planned messages of higher priority (rule P11). */
    reserve: durationSchema.optional(),
    onBlocked: onBlockedSchema.default('drop'),
  })
  .superRefine((rule, context) => {
    const refuse = (path: (string | number)[], message: string, code = 'wrong-value'): void =>
      context.addIssue({ code: 'custom', path, message, params: { code } });
    const { window, unit = 'messages' } = rule;
    if (window === undefined && typeof unit === 'string')
      return refuse(
        ['window'],
        'is missing: say in what span of time messages count, such as `{ rolling: 7d }`',
        'missing-key',
      );
    const gap = window !== undefined && 'gap' in window;
    if (gap && unit !== 'messages') refuse(['unit'], 'does not go with a gap, which allows one message');
    if (typeof unit !== 'string' && Object.keys(unit.score.weights).length === 0)
      refuse(['unit', 'score', 'weights'], 'must give a weight to some channel, such as `{ email: 1, sms: 3 }`');
    const amounts = typeof rule.max === 'object' ? rule.max : [rule.max];
    amounts.forEach((entry, index) => {
      const max = typeof entry !== 'object' ? entry : 'otherwise' in entry ? entry.otherwise : entry.max;
      if (typeof unit !== 'string' || max === undefined || Number.isInteger(max)) return;
      const path = typeof entry !== 'object' ? [] : [index, 'otherwise' in entry ? 'otherwise' : 'max'];
      refuse(['max', ...path], 'must be a whole number');
    });
    if (gap && rule.max !== undefined && rule.max !== 1)
      refuse(['max'], 'a gap always allows one message in its span: leave `max` out');
    if (!gap && rule.max === undefined)
      refuse(['max'], 'is missing: say how many messages the window allows', 'missing-key');
    if (window !== undefined && 'calendar' in window && window.weekStart !== undefined && window.calendar !== 'week')
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
