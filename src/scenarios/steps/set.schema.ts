import { z } from 'zod';
import { id, name } from '../notation.schema.ts';
import type { WayOut } from './language.ts';

/** Changes attributes of the contact. */
export const setStep = z
  .strictObject({ set: z.record(name, z.json()), next: id.optional() })
  .transform(({ set, next }) => ({ kind: 'set' as const, attributes: set as Record<string, unknown>, next }));

export type SetStep = z.output<typeof setStep>;

export const setWays = (step: SetStep): WayOut[] => [
  { name: 'next', target: step.next, at: ['next'], immediate: true },
];
