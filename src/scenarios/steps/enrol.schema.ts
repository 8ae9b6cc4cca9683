import { z } from 'zod';
import { id } from '../notation.schema.ts';
import type { WayOut } from './language.ts';

/** Enters another scenario, which decides by its own entry rules. */
export const enrolStep = z
  .strictObject({ enrol: z.strictObject({ scenario: id }), next: id.optional() })
  .transform(({ enrol: { scenario }, next }) => ({ kind: 'enrol' as const, scenario, next }));

export type EnrolStep = z.output<typeof enrolStep>;

export const enrolWays = (step: EnrolStep): WayOut[] => [
  { name: 'next', target: step.next, at: ['next'], immediate: true },
];
