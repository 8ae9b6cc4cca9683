import { z } from 'zod';
import { conditionSchema, type Condition } from '../../audience/index.ts';
import { id } from '../notation.schema.ts';
import type { WayOut } from './language.ts';

const branch = z.strictObject({ when: conditionSchema, next: id });
const otherwise = z.strictObject({ otherwise: id });

const missingOtherwise = {
  code: 'custom' as const,
  message: 'does not say what happens when no condition holds',
  params: { code: 'missing-otherwise', hint: 'end the list with - otherwise: <step>' },
};

const branches = z.array(z.union([branch, otherwise])).transform((list, context) => {
  const last = list.at(-1);
  if (last === undefined || !('otherwise' in last)) {
    context.addIssue(missingOtherwise);
    return z.NEVER;
  }
  const conditions: { when: Condition; next: string }[] = [];
  for (const [index, entry] of list.slice(0, -1).entries()) {
    if ('otherwise' in entry) {
      context.addIssue({
        code: 'custom',
        message: 'otherwise stands before other branches, which are never taken',
        path: [index, 'otherwise'],
        params: { code: 'missing-otherwise', hint: 'keep one otherwise, as the last of the list' },
      });
      return z.NEVER;
    }
    conditions.push(entry);
  }
  return { branches: conditions, otherwise: last.otherwise };
});

/** The first branch whose condition holds. */
export const chooseStep = z
  .strictObject({ choose: branches })
  .transform(({ choose }) => ({ kind: 'choose' as const, ...choose }));

export type ChooseStep = z.output<typeof chooseStep>;

export const chooseWays = (step: ChooseStep): WayOut[] => [
  ...step.branches.map(({ next }, index) => ({
    name: String(index),
    target: next,
    at: ['choose', index, 'next'],
    immediate: true,
  })),
  { name: 'otherwise', target: step.otherwise, at: ['choose', step.branches.length, 'otherwise'], immediate: true },
];
