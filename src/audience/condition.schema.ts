import { z } from 'zod';
import { MOMENT_FORMS, offsetText, readMoment } from '../calendar/index.ts';
import { isStorable, STORABLE } from '../shared/storable.ts';
import type { Condition } from './condition.ts';
import { patternFault } from './pattern.ts';

const name = z
  .string()
  .min(1, { error: 'empty' })
  .max(200, { error: 'longer than 200 characters' })
  .refine(isStorable, { error: STORABLE[1] });
const dotted = name.regex(/^[^.]+(\.[^.]+)*$/, { error: 'not a path: write names with single dots between them' });
/** A path that may lead into every item of a list: `products[].category`. */
const path = dotted.refine((text) => !/\[/.test(text.replace(/(?<=[^.[\]])(\[\])+(?=\.|$)/g, '')), {
  error: 'not a path: `[]` stands right behind the name of a list',
  params: {
    code: 'wrong-path',
    hint: 'write, for instance, products[].category; of the first item, products.0.category',
  },
});
const onePath = path.refine((text) => !text.includes('[]'), {
  error: 'leads to many values, and one is compared with',
  params: { code: 'wrong-path', hint: 'name one of them, such as products.0.sku, or ask with `in` or `notIn`' },
});

/** What the event that let the contact in carried. */
const entry = z.strictObject({ entry: onePath }).meta({ id: 'EntryValue' });
const entryList = z.strictObject({ entry: path }).meta({ id: 'EntryList' });

/** Nothing is never equal to anything: what is missing is asked for with `exists`. */
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const list = z.array(scalar).min(1, { error: 'an empty list' });
const count = z.int().min(0);

const duration = offsetText;

const moment = z.string().refine((text) => (readMoment(text)?.kind ?? 'yearless') !== 'yearless', {
  error: 'not a date or instant',
  params: { code: 'wrong-value', hint: MOMENT_FORMS },
});

const pattern = z.string().superRefine((source, context) => {
  const fault = patternFault(source);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault, params: { code: 'wrong-pattern' } });
});

const comparison = {
  equals: z.union([z.string(), z.number(), z.boolean(), entry]).optional(),
  not: z.union([z.string(), z.number(), z.boolean(), entry]).optional(),
  in: z.union([list, entryList]).optional(),
  notIn: z.union([list, entryList]).optional(),
  contains: z.union([z.string(), z.number(), z.boolean(), entry]).optional(),
  startsWith: z.union([z.string(), entry]).optional(),
  endsWith: z.union([z.string(), entry]).optional(),
  matches: pattern.optional(),
  gt: z.union([z.string(), z.number(), entry]).optional(),
  gte: z.union([z.string(), z.number(), entry]).optional(),
  lt: z.union([z.string(), z.number(), entry]).optional(),
  lte: z.union([z.string(), z.number(), entry]).optional(),
  before: z.union([moment, entry]).optional(),
  after: z.union([moment, entry]).optional(),
  exists: z.boolean().optional(),
};

const numeric = {
  equals: z.int().optional(),
  gt: z.number().optional(),
  gte: z.number().optional(),
  lt: z.number().optional(),
  lte: z.number().optional(),
  exists: z.boolean().optional(),
};

const numberOfTimes = z
  .strictObject({
    equals: count.optional(),
    gt: count.optional(),
    gte: count.optional(),
    lt: count.optional(),
    lte: count.optional(),
  })
  .refine((operators) => Object.keys(operators).length > 0, {
    error: 'says no number',
    params: { code: 'missing-key', hint: 'write one of equals, gt, gte, lt, lte' },
  });

/** One subject and at least one operator; several operators must all hold. */
const compares = (leaf: object): boolean => Object.keys(leaf).length > 1;
const noOperator = {
  error: 'compares with nothing',
  params: { code: 'missing-key', hint: `write an operator: ${Object.keys(comparison).join(', ')}` },
};

const attributeLeaf = z.strictObject({ attribute: path, ...comparison }).refine(compares, noOperator);
const propertyLeaf = z.strictObject({ property: path, ...comparison }).refine(compares, noOperator);
const daysSinceLeaf = z.strictObject({ daysSince: dotted, ...numeric }).refine(compares, noOperator);

const consentLeaf = z.strictObject({
  consent: z.strictObject({ channel: name, purpose: name }),
  is: z.enum(['granted', 'withdrawn', 'refused', 'pending', 'unknown']),
});

const messageLeaf = z.strictObject({
  message: z.strictObject({ template: name.optional(), scenario: name.optional(), channel: name.optional() }),
  is: z.enum(['sent', 'delivered', 'opened', 'clicked', 'bounced']),
  within: duration.optional(),
});

const audienceLeaf = z.strictObject({ audience: name });

const several = z.array(z.lazy(() => conditionSchema)).min(1, { error: 'an empty list' });

const eventLeaf = z.strictObject({
  event: name,
  where: z.lazy(() => conditionSchema).optional(),
  count: numberOfTimes.optional(),
  within: duration.optional(),
});

/** The one condition language (docs: language, "Condition"). */
export const conditionSchema: z.ZodType<Condition> = z
  .union([
    attributeLeaf,
    propertyLeaf,
    eventLeaf,
    consentLeaf,
    daysSinceLeaf,
    messageLeaf,
    audienceLeaf,
    z.strictObject({ all: several }),
    z.strictObject({ any: several }),
    z.strictObject({ not: z.lazy(() => conditionSchema) }),
  ])
  .meta({ id: 'Condition' });
