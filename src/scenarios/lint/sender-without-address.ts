import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/** Who advertises by mail must be identifiable (law L4); a postal address is what no country's law finds wanting. */
export const senderWithoutAddress: LintRule = (subject) => {
  const { scenario, library } = subject;
  const told = new Set<string>();
  return sends(scenario).flatMap(({ step, path }) => {
    const name = step.sender ?? scenario.sender;
    const sender = library.policy?.senders[name];
    const advertises = library.policy?.categories[step.category ?? scenario.category]?.needsConsent === true;
    if (step.channel !== 'email' || !advertises || sender?.email === undefined || sender.address !== undefined)
      return [];
    if (told.has(name)) return [];
    told.add(name);
    return [
      faultAt(subject, step.sender === undefined ? ['sender'] : [...path, 'sender'], {
        code: 'sender-without-address',
        severity: 'warning',
        message: `sender ${name} has no postal address, by which whoever gets its marketing mail could tell who writes`,
        hint: `write senders.${name}.address in policy.yaml, and {{sender.address}} at the end of the mails`,
      }),
    ];
  });
};
