import type { Step, StepKind } from '../scenario.schema.ts';
import { compileChoose } from './choose.ts';
import { compileEmit } from './emit.ts';
import { compileEnrol } from './enrol.ts';
import { compileSend } from './send.ts';
import { compileSet } from './set.ts';
import { compileSplit } from './split.ts';
import type { Place, StepCompiler, StepState } from './step-state.ts';
import { compileWaitFor } from './wait-for.ts';
import { compileWait } from './wait.ts';
import { compileWebhook } from './webhook.ts';

/** One compiler a step kind; the type checker names a missing one. */
const COMPILERS: { [Kind in StepKind]: StepCompiler<Kind> } = {
  send: compileSend,
  wait: compileWait,
  waitFor: compileWaitFor,
  choose: compileChoose,
  split: compileSplit,
  set: compileSet,
  emit: compileEmit,
  enrol: compileEnrol,
  webhook: compileWebhook,
};

/** The state of one step. */
export function compileStep(step: Step, place: Place): StepState {
  return (COMPILERS[step.kind] as StepCompiler<StepKind>)(step, place);
}
