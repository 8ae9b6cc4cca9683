import { z } from 'zod';
import { chooseStep, chooseWays, type ChooseStep } from './choose.schema.ts';
import { emitStep, emitWays, type EmitStep } from './emit.schema.ts';
import { enrolStep, enrolWays, type EnrolStep } from './enrol.schema.ts';
import type { WayOut } from './language.ts';
import { sendStep, sendWays, type SendStep } from './send.schema.ts';
import { setStep, setWays, type SetStep } from './set.schema.ts';
import { splitStep, splitWays, type SplitStep } from './split.schema.ts';
import { waitForStep, waitForWays, type WaitForStep } from './wait-for.schema.ts';
import { waitStep, waitWays, type WaitStep } from './wait.schema.ts';
import { webhookStep, webhookWays, type WebhookStep } from './webhook.schema.ts';

/** Every step kind: a new one is its file and one line here and in the map below. */
export const stepSchema = z.union([
  sendStep,
  waitStep,
  waitForStep,
  chooseStep,
  splitStep,
  setStep,
  emitStep,
  enrolStep,
  webhookStep,
]);

export type Step =
  SendStep | WaitStep | WaitForStep | ChooseStep | SplitStep | SetStep | EmitStep | EnrolStep | WebhookStep;
export type StepKind = Step['kind'];
export type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>;

const WAYS: { [Kind in StepKind]: (step: StepOf<Kind>) => WayOut[] } = {
  send: sendWays,
  wait: waitWays,
  waitFor: waitForWays,
  choose: chooseWays,
  split: splitWays,
  set: setWays,
  emit: emitWays,
  enrol: enrolWays,
  webhook: webhookWays,
};

/** All ways out of a step, as written. */
export function waysOut<Kind extends StepKind>(step: StepOf<Kind>): WayOut[] {
  return (WAYS[step.kind] as (step: StepOf<Kind>) => WayOut[])(step);
}
