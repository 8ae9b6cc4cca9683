import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/** A template lacks a language in which another one of the same scenario is written. Each is told once. */
export const missingLanguage: LintRule = (subject) => {
  const steps = sends(subject.scenario);
  const sent = subject.library.templates.filter(({ id }) => steps.some(({ step }) => step.template === id));
  return sent.flatMap((template) => {
    const lacked = sent.flatMap((other) =>
      other.languages
        .filter((language) => !template.languages.includes(language))
        .map((language) => ({ language, other })),
    );
    const [first] = lacked;
    if (first === undefined) return [];
    const languages = [...new Set(lacked.map(({ language }) => language))];
    const { path } = steps.find(({ step }) => step.template === template.id)!;
    return [
      faultAt(subject, [...path, 'template'], {
        code: 'missing-language',
        severity: 'warning',
        message: `template ${template.id} is not written in ${languages.join(', ')}, as ${first.other.id} is: whoever reads that gets ${template.languages[0]} here`,
        hint: `add ${languages.map((language) => `templates/${template.id}/${language}/`).join(', ')}, or say with locale in its meta.yaml which language it is`,
      }),
    ];
  });
};
