import { offerIn } from '../../templates/index.ts';
import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/** An offer goes out in a category that asks nobody's consent (law L24): information is one thing, solicitation another. */
export const promotionInService: LintRule = (subject) => {
  const { scenario, library } = subject;
  return sends(scenario).flatMap(({ step, path }) => {
    const category = step.category ?? scenario.category;
    if (library.policy?.categories[category]?.needsConsent !== false) return [];
    const promotion = library.templates.find(({ id }) => id === step.template)?.promotion ?? null;
    const [words, where] =
      promotion === null
        ? [offerIn(`${scenario.name} ${scenario.scenario.replaceAll('-', ' ')}`), 'the name of the scenario']
        : [promotion.words, `${promotion.file}:${promotion.line}`];
    if (words === undefined) return [];
    return [
      faultAt(subject, [...path, 'template'], {
        code: 'promotion-in-service',
        severity: 'warning',
        message: `category ${category} is sent without consent, and "${words}" in ${where} is an offer`,
        hint: 'take the offer out, or name a category that needs consent, such as marketing',
      }),
    ];
  });
};
