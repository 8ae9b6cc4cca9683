import type { Exclusive } from './exclusive.schema.ts';
import { compileOnBlocked, type OnBlocked } from './on-blocked.ts';
import { compileScope, type BrandSenders, type Scope } from './scope.ts';
import type { Room } from './answer.ts';
import type { Candidate } from './send.ts';

/** A live enrollment, as far as exclusivity asks for it. */
export interface Passage {
  programme: string;
  scenarioId: string;
}

/** An `exclusive` entry with everything parsed, made once a policy version. */
export interface CompiledExclusive {
  name: string;
  isInside: (passage: Passage) => boolean;
  scope: Scope;
  onBlocked: OnBlocked;
}

/** Parses an entry once. */
export function compileExclusive(
  { rule, while: during, scope, onBlocked }: Exclusive,
  brands: BrandSenders = {},
): CompiledExclusive {
  return {
    name: rule,
    isInside: ({ programme, scenarioId }) =>
      'programme' in during ? during.programme === programme : during.scenario === scenarioId,
    scope: compileScope(scope, brands),
    onBlocked: compileOnBlocked(onBlocked),
  };
}

/**
 * What the entries say in whose scope a message lies. When there will be room nobody can compute: it comes with the end
 * of an enrollment, and whoever holds the message has it judged again then.
 */
export function exclusiveRooms(
  candidate: Candidate,
  entries: readonly CompiledExclusive[],
  inside: readonly Passage[],
): Room[] {
  if (!candidate.subjectTo) return [];
  return entries
    .filter((entry) => entry.scope.holds(candidate) && !entry.isInside(candidate) && inside.some(entry.isInside))
    .map(({ name: rule, onBlocked }) => ({
      rule,
      unit: 'messages' as const,
      used: 0,
      cost: 1,
      max: 0,
      kept: 0,
      earliest: Infinity,
      onBlocked,
      whileInside: true,
    }));
}
