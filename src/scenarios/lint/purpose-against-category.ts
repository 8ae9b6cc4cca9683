import type { Scenario, SendStep } from '../scenario.schema.ts';
import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/**
 * The category asks for consent and the purpose does not rest on it, or the other way round. Told where the two are
 * named: once at the head for all steps that name neither. A legitimate interest goes with both.
 */
export const purposeAgainstCategory: LintRule = (subject) => {
  const { scenario, library } = subject;
  const own = sends(scenario).filter(({ step }) => step.category !== undefined || step.purpose !== undefined);
  const byTheHead = own.length < sends(scenario).length;
  return [...(byTheHead ? [{ step: undefined, path: [] }] : []), ...own].flatMap(({ step, path }) => {
    const { category, purpose } = meant(scenario, step);
    const needsConsent = library.policy?.categories[category]?.needsConsent;
    const legalBasis = library.policy?.purposes[purpose]?.legalBasis;
    if (needsConsent === undefined || legalBasis === undefined || legalBasis === 'legitimate-interest') return [];
    const rests = legalBasis === 'consent' || legalBasis === 'soft-opt-in';
    if (needsConsent === rests) return [];
    const key = step !== undefined && step.purpose === undefined ? 'category' : 'purpose';
    return [
      faultAt(subject, [...path, key], {
        code: 'purpose-against-category',
        severity: 'warning',
        ...(rests
          ? {
              message: `category ${category} is sent without consent, and purpose ${purpose} rests on it (${legalBasis}): whoever withdrew gets the message all the same`,
              hint: 'name a category that needs consent, or a purpose with legalBasis contract',
            }
          : {
              message: `category ${category} needs consent, and purpose ${purpose} rests on a ${legalBasis}: whoever never consented gets no message`,
              hint: 'name a purpose with legalBasis consent or soft-opt-in, or a category without consent',
            }),
      }),
    ];
  });
};

function meant(scenario: Scenario, step: SendStep | undefined): { category: string; purpose: string } {
  return { category: step?.category ?? scenario.category, purpose: step?.purpose ?? scenario.purpose };
}
