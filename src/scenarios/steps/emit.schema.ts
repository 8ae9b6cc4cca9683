import { z } from 'zod';
import { id, name } from '../notation.schema.ts';
import type { WayOut } from './language.ts';

/** An event of the contact, as if a backend had sent it. */
export const emitStep = z
  .strictObject({
    emit: z.strictObject({ event: name, properties: z.record(z.string(), z.json()).default({}) }),
    next: id.optional(),
  })
  .transform(({ emit: { event, properties }, next }) => ({
    kind: 'emit' as const,
    event,
    properties: properties as Record<string, unknown>,
    next,
  }));

export type EmitStep = z.output<typeof emitStep>;

export const emitWays = (step: EmitStep): WayOut[] => [
  { name: 'next', target: step.next, at: ['next'], immediate: true },
];
