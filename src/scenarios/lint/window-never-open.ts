import { everOpen, parseWeeklyWindow } from '../../calendar/index.ts';
import type { Policy } from '../../gate/index.ts';
import type { SendStep } from '../scenario.schema.ts';
import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/** The window of a message and the quiet hours of its channel are never open together: for anybody, or in one country. */
export const windowNeverOpen: LintRule = (subject) =>
  sends(subject.scenario).flatMap(({ step, path }) => {
    const shut = whereShut(step, subject.library.policy?.quietHours ?? []);
    if (shut === undefined) return [];
    const { country, hours } = shut;
    return [
      faultAt(subject, [...path, step.window === undefined ? 'channel' : 'window'], {
        code: 'window-never-open',
        severity: country === null ? 'error' : 'warning',
        message: `this message can never leave${country === null ? '' : ` for contacts in ${country}`}: ${step.window === undefined ? 'the quiet hours of the policy' : `its window (${step.window}) and the quiet hours of the policy`} (${hours.join('; ')}) are never open together`,
        hint: `write hours that lie within ${hours.at(-1)!}`,
      }),
    ];
  });

/** Null is everywhere. The quiet hours of a country come on top of those that hold for all. */
function whereShut(
  step: SendStep,
  quiet: Policy['quietHours'],
): { country: string | null; hours: string[] } | undefined {
  const own = step.window === undefined ? [] : [step.window];
  const ofChannel = quiet.filter(({ channels }) => channels.includes(step.channel));
  for (const country of [null, ...new Set(ofChannel.flatMap(({ countries }) => countries ?? []))]) {
    const hours = ofChannel
      .filter(({ countries }) => countries === undefined || (country !== null && countries.includes(country)))
      .map(({ allow }) => allow);
    if (!everOpen([...hours, ...own].map((text) => parseWeeklyWindow(text)!))) return { country, hours };
  }
  return undefined;
}
