import { faultAt, type LintRule } from './rule.ts';

/** A `switch` leads to a step that does not write by the channel it is for. */
export const switchOfChannel: LintRule = (subject) =>
  [...subject.flow.values()].flatMap(({ id, step }) =>
    Object.entries(step.kind === 'send' ? (step.switch ?? {}) : {}).flatMap(([channel, target]) => {
      const there = subject.flow.get(target)?.step;
      // A step that is not there is told by unknown-step.
      const isRight = there === undefined ? target !== 'end' : there.kind === 'send' && there.channel === channel;
      if (isRight && target !== id) return [];
      return [
        faultAt(subject, ['steps', id, 'switch', channel], {
          code: 'switch-of-channel',
          message: `step ${id} switches to ${channel} at ${target}, which sends nothing by ${channel}`,
          hint: `name a step with send: { channel: ${channel}, … }`,
        }),
      ];
    }),
  );
