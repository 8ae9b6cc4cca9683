import { exclude, type Condition } from '../../audience/index.ts';
import type { Policy } from '../../gate/index.ts';
import { canonicalJson } from '../../shared/hash.ts';
import type { Scenario } from '../scenario.schema.ts';
import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/**
 * Another scenario lets the same contact in at the same instant, sends by the same channel, and has the same
 * priority: which of them gets the room that pressure leaves is chance to whoever reads them. Told at the later file.
 */
export const sameTrigger: LintRule = (subject) => {
  const { scenario, library } = subject;
  const own = library.scenarios.findIndex(({ file }) => file === subject.file);
  return library.scenarios.slice(0, own).flatMap(({ scenario: other }) =>
    other.scenario === scenario.scenario || !fights(scenario, other, library.policy?.audiences)
      ? []
      : [
          faultAt(subject, ['trigger'], {
            code: 'same-trigger',
            severity: 'warning',
            message: `${other.scenario} has the same trigger and the same priority (${scenario.priority}), and sends by the same channel`,
            hint: 'give one of the two another priority, or filters that exclude each other',
          }),
        ],
  );
};

function fights(one: Scenario, other: Scenario, audiences: Policy['audiences'] | undefined): boolean {
  if (one.priority !== other.priority || occasion(one) === undefined || occasion(one) !== occasion(other)) return false;
  const channels = new Set(sends(one).map(({ step }) => step.channel));
  if (!sends(other).some(({ step }) => channels.has(step.channel))) return false;
  return !exclude(admission(one), admission(other), audiences);
}

/** What two triggers that fire together have in common; undefined for those that somebody names a scenario for. */
function occasion({ trigger }: Scenario): string | undefined {
  switch (trigger.kind) {
    case 'event':
      return `event ${trigger.event}`;
    case 'date':
      return canonicalJson({ date: trigger.date, offset: trigger.offset ?? null, yearly: trigger.yearly });
    case 'inactivity':
      return canonicalJson({ inactivity: trigger.inactivity, activity: trigger.activity.toSorted() });
    case 'schedule':
      return canonicalJson({ rrule: trigger.rrule, at: trigger.at, start: trigger.start });
    default:
      return undefined;
  }
}

/** All that somebody who enters meets. */
function admission({ trigger, audience }: Scenario): Condition {
  return { all: [trigger.kind === 'event' ? trigger.where : undefined, audience].filter((part) => part !== undefined) };
}
