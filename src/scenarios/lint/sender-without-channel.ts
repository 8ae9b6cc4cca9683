import { sends } from './mentions.ts';
import { faultAt, type LintRule } from './rule.ts';

/** The sender of a message has no identity on its channel. */
export const senderWithoutChannel: LintRule = (subject) =>
  sends(subject.scenario).flatMap(({ step, path }) => {
    const name = step.sender ?? subject.scenario.sender;
    const sender = subject.library.policy?.senders[name];
    if (sender === undefined || sender[step.channel] !== undefined) return [];
    return [
      faultAt(subject, [...path, step.sender === undefined ? 'channel' : 'sender'], {
        code: 'sender-without-channel',
        message: `sender ${name} cannot send by ${step.channel}`,
        hint: `give senders.${name} of policy.yaml a value for ${step.channel}, or name another sender`,
      }),
    ];
  });
