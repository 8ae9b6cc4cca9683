import { z } from 'zod';
import { id } from '../notation.schema.ts';
import type { WayOut } from './language.ts';

/** Shares contacts out by weight; the same contact always takes the same branch. */
export const splitStep = z
  .strictObject({
    split: z
      .array(z.strictObject({ weight: z.number().positive(), next: id }))
      .min(2, { error: 'a split needs at least two branches' }),
  })
  .transform(({ split }) => ({ kind: 'split' as const, branches: split }));

export type SplitStep = z.output<typeof splitStep>;

export const splitWays = (step: SplitStep): WayOut[] =>
  step.branches.map(({ next }, index) => ({
    name: String(index),
    target: next,
    at: ['split', index, 'next'],
    immediate: true,
  }));
