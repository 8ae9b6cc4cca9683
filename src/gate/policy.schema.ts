import { z } from 'zod';
import {
  audienceNames,
  circles,
  conditionSchema,
  namedWithin,
  entryPaths,
  patternFault,
  propertiesAtHand,
  type Condition,
} from '../audience/index.ts';
import { isZone, spanText } from '../calendar/index.ts';
import { LEGAL_BASES } from '../consent/index.ts';
import { lookSchema } from '../pages/index.ts';
import { asksContactOnly, exclusiveSchema, fatigueSchema, ruleSchema, type PressureRule } from '../pressure/index.ts';
import { idText } from '../shared/id.schema.ts';
import { nearest } from '../shared/nearest.ts';
import { isHost } from '../shared/internet-address.ts';
import { blackoutSchema } from './blackout.schema.ts';
import { breakersSchema, softBouncesSchema } from './breakers.schema.ts';
import { countrySchema } from './country.schema.ts';
import { checkDoubleOptIn, doubleOptInSchema } from './double-opt-in.schema.ts';
import { checkFrequencyTest, frequencyTestSchema } from './frequency-test.schema.ts';
import { quietHoursSchema } from './quiet-hours.schema.ts';
import { controllerSchema, retentionSchema } from './retention.schema.ts';
import { smsRepliesSchema } from './sms-replies.schema.ts';

const id = idText('brand');

/** `hello@example.com` or `Relance <hello@example.com>`. */
const mailbox = z
  .string()
  .regex(
    /^(?:[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
    'must be an address, such as `Relance <hello@example.com>`',
  );

const senderSchema = z
  .strictObject({
    email: mailbox.optional(),
    replyTo: mailbox.optional(),
    /** What the phone shows: 3 to 11 letters and digits, or a number. */
    sms: z
      .string()
      .regex(/^(?:[A-Za-z0-9 ]{3,11}|\+?[0-9]{3,15})$/, 'must be 3 to 11 letters and digits, or a number')
      .optional(),
    /** The number a STOP is sent to, where `sms` is letters, which nobody can answer (law L5). */
    stop: z
      .string()
      .regex(/^\+?[0-9]{3,15}$/, 'must be a number in quotes, such as "36111"')
      .optional(),
    /** Postal address, shown in every mail: who advertises must be identifiable. */
    address: z.string().min(1).optional(),
  })
  .refine((sender) => sender.email !== undefined || sender.sms !== undefined, {
    error: 'must have an `email` or an `sms` identity',
  });

const purposeSchema = z
  .strictObject({
    label: z.string().min(1),
    legalBasis: z.enum(LEGAL_BASES),
    /** Events that are a sale, which a soft opt-in needs (rule C3). */
    saleEvents: z.array(z.string().min(1)).min(1).optional(),
    /** Who is written to by profession, of a legitimate interest; `{ attribute: professional, equals: true }` unless said. */
    appliesTo: conditionSchema.optional(),
    /** One message to a friend whom somebody named, of a legitimate interest; the next needs consent (law L23). */
    once: z.literal(true).optional(),
  })
  .superRefine((purpose, context) => {
    const report = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    const soft = purpose.legalBasis === 'soft-opt-in';
    if (soft !== (purpose.saleEvents !== undefined))
      report(
        'saleEvents',
        soft
          ? 'is missing: a soft opt-in needs a sale, so name the events that are one, such as `[Order Completed]`'
          : 'goes with `legalBasis: soft-opt-in` only',
      );
    for (const key of ['appliesTo', 'once'] as const)
      if (purpose[key] !== undefined && purpose.legalBasis !== 'legitimate-interest')
        report(key, 'goes with `legalBasis: legitimate-interest` only');
    if (purpose.once !== undefined && purpose.appliesTo !== undefined)
      report('appliesTo', 'does not go with `once`: a referral is known by its entry in the ledger');
  });

/** Whose name senders write in; consent to one brand is none to another (rule C1). */
const brandSchema = z.strictObject({
  label: z.string().min(1),
  senders: z.array(id).min(1),
  /** What the pages behind this brand's links have of their own. */
  pages: lookSchema.optional(),
});

const categorySchema = z.strictObject({
  /** Pressure can block it. */
  subjectTo: z.boolean(),
  /** It uses room in the windows. */
  countsToward: z.boolean(),
  needsConsent: z.boolean(),
});

/** What the three categories mean when the policy does not say. */
const CATEGORIES = {
  marketing: { subjectTo: true, countsToward: true, needsConsent: true },
  service: { subjectTo: false, countsToward: true, needsConsent: false },
  transactional: { subjectTo: false, countsToward: false, needsConsent: false },
};

/** What `webhook` steps may call besides the internet (rule S4). */
const webhooksSchema = z
  .strictObject({
    /** `crm.internal` (any port) or `localhost:9000`. */
    allowHosts: z
      .array(z.string().refine(isHost, { error: 'must be a host, such as `crm.internal` or `localhost:9000`' }))
      .default([]),
  })
  .default({ allowHosts: [] });

const regularExpression = z.string().superRefine((source, context) => {
  const fault = patternFault(source);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: `must be a regular expression: ${fault}` });
});

/** What a value of `utm` may name of the message whose links get it. */
const UTM_PLACEHOLDERS = ['channel', 'scenario', 'programme', 'template', 'step'];
const utmValue = z.string().superRefine((value, context) => {
  for (const [tag, inside] of value.matchAll(/\{\{([^{}]*)\}\}/g)) {
    if (UTM_PLACEHOLDERS.includes(inside!.trim())) continue;
    const known = UTM_PLACEHOLDERS.map((name) => `{{${name}}}`).join(', ');
    context.addIssue({ code: 'custom', message: `names \`${tag}\`, which is not known here; there is ${known}` });
  }
});

/** The conditions of a maximum, with their places. */
function conditionsOf(max: PressureRule['max']): { condition: Condition; path: (string | number)[] }[] {
  if (!Array.isArray(max)) return [];
  return max.flatMap((entry, index) => ('when' in entry ? [{ condition: entry.when, path: [index, 'when'] }] : []));
}

/** `policy.yaml` (docs: language, "Policy"). */
export const policySchema = z
  .strictObject({
    timezone: z.string().refine(isZone, { error: 'must be a time zone, such as `Europe/Paris`' }),
    country: countrySchema,
    /** An event older than this when it arrives triggers nothing. */
    lateEvents: spanText.default('24h'),
    senders: z.record(id, senderSchema),
    purposes: z.record(id, purposeSchema),
    brands: z.record(id, brandSchema).optional(),
    /** How the pages behind people's links look: unsubscribing, preferences, confirmation. */
    pages: lookSchema.default({}),
    doubleOptIn: doubleOptInSchema.optional(),
    categories: z
      .record(id, categorySchema)
      .default({})
      .transform((categories): Record<string, z.output<typeof categorySchema>> => ({ ...CATEGORIES, ...categories })),
    pressure: z.array(ruleSchema).default([]),
    /** Other pressure rules for a share of the contacts, for a time. */
    frequencyTest: frequencyTestSchema.optional(),
    /** How reactions of people lower the maxima of rules, for a while. */
    fatigue: fatigueSchema.optional(),
    /** Programmes during which other messages are kept away. */
    exclusive: z.array(exclusiveSchema).default([]),
    quietHours: z.array(quietHoursSchema).default([]),
    blackouts: z.array(blackoutSchema).default([]),
    retention: retentionSchema,
    controller: controllerSchema.optional(),
    breakers: breakersSchema,
    softBounces: softBouncesSchema,
    smsReplies: smsRepliesSchema,
    /** Conditions over contacts under a name: `{audience: vip}` stands for one wherever a condition does. */
    audiences: z.record(id, conditionSchema).default({}),
    naming: z.strictObject({ scenario: regularExpression.optional() }).default({}),
    webhooks: webhooksSchema,
    utm: z.record(z.string().regex(/^[a-z_]+$/, 'must be lower-case letters, such as `source`'), utmValue).default({}),
  })
  .superRefine((policy, context) => {
    const report = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    const known = (names: readonly string[] | undefined, of: object, path: (string | number)[], what: string): void =>
      names?.forEach((name, index) => {
        if (!Object.hasOwn(of, name))
          report(
            [...path, index],
            `no ${what} is called \`${name}\`; there is ${Object.keys(of).join(', ') || 'none'}`,
          );
      });
    const refuse = (name: string, code: string, message: string, hint: string): void =>
      context.addIssue({ code: 'custom', path: ['audiences', name], message, params: { code, hint } });
    for (const [name, condition] of Object.entries(policy.audiences)) {
      for (const other of audienceNames(condition)) {
        if (Object.hasOwn(policy.audiences, other)) continue;
        const near = nearest(other, Object.keys(policy.audiences));
        const hint = near === undefined ? 'write its condition here' : `did you mean ${near}?`;
        refuse(name, 'unknown-audience', `there is no audience called ${other}`, hint);
      }
      const [property] = propertiesAtHand(condition);
      if (property !== undefined)
        refuse(
          name,
          'property-without-event',
          `reads the property ${property}, and an audience has no event at hand`,
          'ask for an attribute, or put it into the `where` of an event',
        );
    }
    for (const [name, condition] of Object.entries(policy.audiences)) {
      const [path] = entryPaths(condition);
      if (path !== undefined)
        refuse(
          name,
          'entry-without-event',
          `reads ${path} of an entry, and an audience is asked of whoever is inside nothing`,
          'write the comparison into the condition of the scenario',
        );
    }
    for (const { name, way } of circles(policy.audiences))
      refuse(name, 'audience-circle', `refers to itself: ${way}`, 'take one of these names out');
    const brandOf = new Map<string, string>();
    for (const [brand, { senders }] of Object.entries(policy.brands ?? {})) {
      known(senders, policy.senders, ['brands', brand, 'senders'], 'sender');
      senders.forEach((sender, index) => {
        const other = brandOf.get(sender);
        if (other !== undefined)
          report(['brands', brand, 'senders', index], `\`${sender}\` speaks for \`${other}\` already`);
        brandOf.set(sender, brand);
      });
    }
    if (policy.brands !== undefined)
      for (const sender of Object.keys(policy.senders))
        if (!brandOf.has(sender))
          report(['senders', sender], 'speaks for no brand: name it under `senders` of one of the `brands`');
    checkDoubleOptIn(policy, report);
    checkFrequencyTest(policy, report);
    policy.blackouts.forEach(({ categories }, index) =>
      known(categories, policy.categories, ['blackouts', index, 'categories'], 'category'),
    );
    const seen = new Set<string>();
    const scoped = [
      ...policy.pressure.map((rule, index) => ({ rule, path: ['pressure', index] })),
      ...policy.exclusive.map((rule, index) => ({ rule, path: ['exclusive', index] })),
    ];
    const variant = policy.frequencyTest?.pressure ?? [];
    const named = Object.fromEntries([...policy.pressure, ...variant].map((rule) => [rule.rule, rule]));
    policy.fatigue?.levels.forEach(({ rules }, index) =>
      known(rules, named, ['fatigue', 'levels', index, 'rules'], 'rule'),
    );
    const audiences = new Map(Object.entries(policy.audiences));
    for (const { rule, path } of scoped) {
      if (seen.has(rule.rule)) report([...path, 'rule'], `there is already a rule called \`${rule.rule}\``);
      seen.add(rule.rule);
    }
    const ofVariant = variant.map((rule, index) => ({ rule, path: ['frequencyTest', 'pressure', index] }));
    for (const { rule, path } of [...scoped, ...ofVariant]) {
      known(rule.scope.categories, policy.categories, [...path, 'scope', 'categories'], 'category');
      known(rule.scope.senders, policy.senders, [...path, 'scope', 'senders'], 'sender');
      for (const { condition, path: at } of 'max' in rule ? conditionsOf(rule.max) : [])
        for (const name of new Set([...audienceNames(condition), ...namedWithin(condition, audiences)]))
          if (!audiences.has(name) || !asksContactOnly(audiences.get(name)!))
            context.addIssue({
              code: 'custom',
              path: [...path, 'max', ...at],
              message: audiences.has(name)
                ? `asks for the audience ${name}, which depends on events or messages`
                : `there is no audience called ${name}`,
              params: {
                code: audiences.has(name) ? 'wrong-condition' : 'unknown-audience',
                hint: 'ask for an `attribute`, `daysSince` or `consent`, or for an audience that asks for nothing else',
              },
            });
      known(rule.scope.purposes, policy.purposes, [...path, 'scope', 'purposes'], 'purpose');
      known(rule.scope.brands, policy.brands ?? {}, [...path, 'scope', 'brands'], 'brand');
    }
  });

/** A policy as read: defaults filled in, durations and windows still text. */
export type Policy = z.output<typeof policySchema>;
