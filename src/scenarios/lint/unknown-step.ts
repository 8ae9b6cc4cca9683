import { RESERVED_STEPS } from '../steps/language.ts';
import { faultAt, instead, type LintRule } from './rule.ts';

/** A way out leads to a step that is not there. */
export const unknownStep: LintRule = (subject) => {
  const known = [...subject.flow.keys()];
  const seen = new Set<string>();
  return [...subject.flow.values()].flatMap(({ id, ways }) =>
    ways.flatMap(({ name, target, writtenAt }) => {
      const place = writtenAt?.join('.') ?? '';
      const fallback = name === 'ifMissing' || name === 'ifPast';
      const exists = subject.flow.has(target) || target === 'end' || (fallback && target === 'exit');
      if (writtenAt === undefined || exists || seen.has(place)) return [];
      seen.add(place);
      const places = fallback ? RESERVED_STEPS : ['end'];
      return [
        faultAt(subject, writtenAt, {
          code: 'unknown-step',
          message: `step ${id} leads to ${target}, which is not a step of this scenario`,
          ...instead(target, [...known, ...places]),
        }),
      ];
    }),
  );
};
