import { z } from 'zod';
import { conditionSchema } from '../audience/index.ts';
import { shareSchema } from '../shared/share.schema.ts';
import { duration, durationOrDate, id, name } from './notation.schema.ts';
import { stepSchema, type Step } from './steps/step.schema.ts';
import { triggerSchema } from './trigger.schema.ts';

const listener = z.strictObject({ event: name, where: conditionSchema.optional() });

const goal = z.strictObject({
  event: name,
  where: conditionSchema.optional(),
  within: duration.optional(),
  stay: z.boolean().default(false),
});

const reentry = z.union([z.enum(['never', 'always']), z.strictObject({ after: duration })]);

const steps = z
  .record(id, stepSchema)
  .refine((map) => Object.keys(map).length > 0, { error: 'has no step', params: { code: 'missing-key' } })
  // JavaScript moves keys that look like whole numbers to the front, and the order of steps is their meaning.
  .refine((map) => !Object.keys(map).some((key) => /^\d+$/.test(key)), {
    error: 'a step named by a number alone loses its place in the order',
    params: { code: 'wrong-value', hint: 'write a word, such as step-1' },
  });

/** `scenarios/<programme>/<scenario>.yaml` (docs: language, "Scenario"). */
export const scenarioSchema = z.strictObject({
  scenario: id,
  programme: id,
  name: name,
  objective: z.string().optional(),
  stage: id.optional(),
  owner: z.string().optional(),
  /** How long after its publication it is to be looked at again, or the day. */
  review: durationOrDate.optional(),
  category: id,
  purpose: id,
  priority: z.int().min(0).max(100).default(50),
  sender: id,
  trigger: triggerSchema,
  audience: conditionSchema.optional(),
  reentry: reentry.default('never'),
  key: z
    .string()
    .regex(/^properties\.\S+$/, { error: 'not a key: write a property of the entry event, such as properties.orderId' })
    .refine((path) => !path.includes('[]'), {
      error: 'leads to many values, and a key is one',
      params: { code: 'wrong-path', hint: 'name a property that the event has once, such as properties.orderId' },
    })
    .optional(),
  exit: z.array(listener).default([]),
  goal: goal.optional(),
  holdout: shareSchema.optional(),
  steps,
});

/** One scenario file, read and with its defaults. The order of `steps` is that of the file: the first is the entry. */
export type Scenario = Omit<z.output<typeof scenarioSchema>, 'steps'> & { steps: Record<string, Step> };
export type Listener = z.output<typeof listener>;
export type Goal = z.output<typeof goal>;
export type Reentry = z.output<typeof reentry>;

export type {
  Trigger,
  AudienceTrigger,
  EventTrigger,
  DateTrigger,
  InactivityTrigger,
  ManualTrigger,
  ScheduleTrigger,
} from './trigger.schema.ts';
export type { Step, StepKind, StepOf } from './steps/step.schema.ts';
export type { SendStep } from './steps/send.schema.ts';
export type { WaitStep } from './steps/wait.schema.ts';
export type { WaitForStep } from './steps/wait-for.schema.ts';
export type { ChooseStep } from './steps/choose.schema.ts';
export type { SplitStep } from './steps/split.schema.ts';
export type { SetStep } from './steps/set.schema.ts';
export type { EmitStep } from './steps/emit.schema.ts';
export type { EnrolStep } from './steps/enrol.schema.ts';
export type { WebhookStep } from './steps/webhook.schema.ts';
