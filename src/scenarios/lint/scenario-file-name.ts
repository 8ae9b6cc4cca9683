import { faultAt, type LintRule } from './rule.ts';

/** The id is not the file's name, so that nobody would find the one by the other. */
export const scenarioFileName: LintRule = (subject) => {
  const { scenario } = subject.scenario;
  const base = subject.file
    .split(/[/\\]/)
    .at(-1)!
    .replace(/\.yaml$/, '');
  if (base === scenario) return [];
  return [
    faultAt(subject, ['scenario'], {
      code: 'scenario-file-name',
      message: `the scenario is called ${scenario} and its file ${base}.yaml`,
      hint: `call the file ${scenario}.yaml`,
    }),
  ];
};
