import { z } from 'zod';
import { dayOf } from '../calendar/index.ts';
import { ruleSchema, type PressureRule } from '../pressure/index.ts';
import { idText } from '../shared/id.schema.ts';
import { shareSchema } from '../shared/share.schema.ts';
import { dateSchema } from './blackout.schema.ts';

/** A share of the contacts is judged by other pressure rules for a time, so that both can be told apart by what comes of them. */
export const frequencyTestSchema = z.strictObject({
  id: idText('fewer-mails'),
  /** The first day, from its beginning by the clock of the policy's `timezone`, for everybody at one instant. */
  from: dateSchema,
  /** The day at whose beginning it is over, by the same clock. */
  until: dateSchema,
  /** Who is judged by the variant: a stable share of all contacts. */
  share: shareSchema.refine((share) => share > 0 && share < 1, {
    error: 'leaves one side without contacts: write a share between 0% and 100%, such as 50%',
  }),
  /** The rules of the variant, instead of the policy's own; ceilings of the platform hold on both sides. */
  pressure: z.array(ruleSchema),
});

export type FrequencyTest = z.output<typeof frequencyTestSchema>;

type Report = (path: (string | number)[], message: string) => void;

/** The parts of a policy that a test must go with. */
interface Beside {
  frequencyTest?: FrequencyTest | undefined;
  pressure: readonly PressureRule[];
  exclusive: readonly { rule: string }[];
}

/** What is wrong with it beside the rest of the policy; scopes and conditions of its rules are looked at with all others. */
export function checkFrequencyTest({ frequencyTest, pressure, exclusive }: Beside, report: Report): void {
  if (frequencyTest === undefined) return;
  const { from, until, pressure: variant } = frequencyTest;
  const [first, over] = [dayOf(from), dayOf(until)];
  if (first !== null && over !== null && over <= first)
    report(['frequencyTest', 'until'], 'is not after `from`: write the day after the last one of the test');
  const ceilings = pressure.filter(({ platform }) => platform).map(({ rule }) => rule);
  const taken = new Set([...ceilings, ...exclusive.map(({ rule }) => rule)]);
  variant.forEach(({ rule, platform }, index) => {
    const at = ['frequencyTest', 'pressure', index];
    if (platform)
      report(
        [...at, 'platform'],
        'a ceiling of the platform holds on both sides of a test: write the rule under `pressure` of the policy',
      );
    if (ceilings.includes(rule))
      report(
        [...at, 'rule'],
        `\`${rule}\` is a ceiling of the platform, which holds on both sides: leave it out here, or choose another name`,
      );
    else if (taken.has(rule)) report([...at, 'rule'], `there is already a rule called \`${rule}\``);
    taken.add(rule);
  });
}
