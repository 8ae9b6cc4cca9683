import type { Policy } from '../../gate/index.ts';
import { sends } from './mentions.ts';
import { faultAt, type LintRule, type LintSubject } from './rule.ts';

/** The texts of a scenario that advertise and come from letters, which nobody can answer. */
export function unanswerable({ scenario, library }: LintSubject) {
  return sends(scenario).flatMap(({ step, path }) => {
    const name = step.sender ?? scenario.sender;
    const sender: Policy['senders'][string] | undefined = library.policy?.senders[name];
    const advertises = library.policy?.categories[step.category ?? scenario.category]?.needsConsent === true;
    if (step.channel !== 'sms' || !advertises || sender?.sms === undefined || /^\+?\d+$/.test(sender.sms)) return [];
    return [{ step, path, name, sms: sender.sms, stop: sender.stop }];
  });
}

/** Without the number that people write STOP to, no STOP finds the sender it is meant for (rule C6, law L5). */
export const senderWithoutStop: LintRule = (subject) => {
  const told = new Set<string>();
  return unanswerable(subject).flatMap(({ step, path, name, sms, stop }) => {
    if (stop !== undefined || told.has(name)) return [];
    told.add(name);
    return [
      faultAt(subject, step.sender === undefined ? ['sender'] : [...path, 'sender'], {
        code: 'sender-without-stop',
        severity: 'warning',
        message: `texts of sender ${name} come from ${sms}, which nobody can answer, and it has no number for their STOP`,
        hint: `write senders.${name}.stop: "36…" in policy.yaml, the number of your operator`,
      }),
    ];
  });
};
