import type { Policy } from '../../gate/index.ts';
import { compileRule } from '../../pressure/index.ts';
import type { Scenario, SendStep } from '../scenario.schema.ts';
import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

type PressureRule = Policy['pressure'][number];

/** A pressure rule that leaves room for nothing covers the message. */
export const alwaysBlocked: LintRule = (subject) =>
  sends(subject.scenario).flatMap(({ step, path }) => {
    const rule = closedRule(subject.library.policy, subject.scenario, step);
    if (rule === undefined) return [];
    return [
      faultAt(subject, [...path, 'template'], {
        code: 'always-blocked',
        severity: 'warning',
        message: `no contact gets this message: pressure rule ${rule.rule} of the policy covers it with a maximum of 0`,
        hint: `give the rule a maximum above 0, or a scope without this message`,
      }),
    ];
  });

function closedRule(policy: Policy | undefined, scenario: Scenario, step: SendStep): PressureRule | undefined {
  const category = step.category ?? scenario.category;
  if (policy?.categories[category]?.subjectTo !== true) return undefined;
  const message = {
    channel: step.channel,
    category,
    programme: scenario.programme,
    scenarioId: scenario.scenario,
    campaign: null,
    sender: step.sender ?? scenario.sender,
    purpose: step.purpose ?? scenario.purpose,
    parts: 1,
    countsToward: true,
  };
  return policy.pressure.find((rule) => isClosed(rule) && compileRule(rule, policy.brands).scope.holds(message));
}

const isClosed = ({ max }: PressureRule): boolean =>
  Array.isArray(max) ? max.every((entry) => ('otherwise' in entry ? entry.otherwise : entry.max) === 0) : max === 0;
