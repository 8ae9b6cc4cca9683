import { z } from 'zod';
import { conditionSchema, type Condition } from '../audience/index.ts';
import type { Fault } from '../shared/errors.ts';
import { explain } from '../shared/explain.ts';
import { conditionFaults } from './condition-faults.ts';

const bodySchema = z.strictObject({ condition: conditionSchema.optional(), audience: z.string().min(1).optional() });

/** Deeper than anybody writes, and far from what would exhaust the reader. */
const DEEPEST = 50;

/** Reads the body of a preview: the condition it asks about, or everything that is wrong with it. */
export function readPreview(
  body: unknown,
  audiences: Readonly<Record<string, Condition>>,
): { condition: Condition; faults?: never } | { condition?: never; faults: Fault[] } {
  if (isDeeper(body, DEEPEST))
    return refused('', `nested deeper than ${DEEPEST} levels`, 'give parts a name in the policy');
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) {
    const found = explain(parsed.error.issues, bodySchema, body);
    return {
      faults: found.map(({ place: _place, meant: _meant, path, ...finding }) => ({
        ...finding,
        severity: 'error',
        path: path.join('.'),
      })),
    };
  }
  const { condition, audience } = parsed.data;
  if ((condition === undefined) === (audience === undefined))
    return refused('', 'the body says no audience, or two', 'write one of condition and audience');
  const asked = condition ?? { audience: audience! };
  const faults = conditionFaults(asked, audiences).map(({ at, ...fault }) => ({
    ...fault,
    path: [...(condition === undefined ? [] : ['condition']), ...at].join('.'),
  }));
  return faults.length > 0 ? { faults } : { condition: asked };
}

const refused = (path: string, message: string, hint: string): { faults: Fault[] } => ({
  faults: [{ code: 'wrong-value', severity: 'error', path, message, hint }],
});

function isDeeper(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
