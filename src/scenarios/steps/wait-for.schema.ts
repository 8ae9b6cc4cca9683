import { z } from 'zod';
import { conditionSchema } from '../../audience/index.ts';
import { onMissing } from '../../shared/yaml.ts';
import { duration, id, name } from '../notation.schema.ts';
import type { WayOut } from './language.ts';

/** Waits for an event of the contact, but never for ever. */
export const waitForStep = z
  .strictObject({
    waitFor: z.strictObject({ event: name, where: conditionSchema.optional() }),
    timeout: duration.clone().register(onMissing, {
      code: 'wait-without-end',
      hint: 'write for how long at most, such as timeout: 5d',
    }),
    onEvent: id.optional(),
    onTimeout: id.optional(),
    next: id.optional(),
  })
  .transform(({ waitFor, ...flow }) => ({ kind: 'waitFor' as const, ...waitFor, ...flow }));

export type WaitForStep = z.output<typeof waitForStep>;

export const waitForWays = (step: WaitForStep): WayOut[] =>
  (['onEvent', 'onTimeout'] as const).map((way) => ({
    name: way,
    target: step[way] ?? step.next,
    at: [step[way] === undefined ? 'next' : way],
    immediate: false,
  }));
