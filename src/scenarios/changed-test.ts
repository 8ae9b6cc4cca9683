import { timeOf, writtenRules, type Policy, type Side } from '../gate/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Fault } from '../shared/errors.ts';
import { canonicalJson } from '../shared/hash.ts';

/** What is wrong with publishing a policy while a frequency test of the one before it runs: where, and in words. */
export interface TestChange {
  path: string[];
  fault: Pick<Fault, 'code' | 'message' | 'hint'>;
}

const SIDE_NAMES: Readonly<Record<Side, string>> = { base: "the policy's own rules", variant: "the variant's rules" };

/**
 * What a new policy changes of the frequency test that runs at `now`: results before and after it cannot be compared.
 * Nothing of a test that has not begun or is over, nor where its end alone is another.
 */
export function changesOfTest(before: Policy, after: Policy, now: Instant): TestChange[] {
  const test = before.frequencyTest;
  if (test === undefined) return [];
  const { from, until } = timeOf(test, before.timezone);
  if (now < from || now >= until) return [];
  const next = after.frequencyTest;
  const since = `the frequency test ${test.id}, which runs since ${test.from},`;
  const instead = `let it run until ${test.until}, or end it with \`until\` and begin one with another id`;
  if (next === undefined || next.id !== test.id)
    return [
      {
        path: ['frequencyTest', ...(next === undefined ? [] : ['id'])],
        fault: {
          code: 'test-changed',
          message: `${since} ends with this policy: everybody is judged by ${next === undefined ? "the policy's own rules" : `the sides of ${next.id}`} from now on`,
          hint: `its results stay (relance frequency-test ${test.id}), of the time until now; to keep it, leave it in until ${test.until}`,
        },
      },
    ];
  const changes: TestChange[] = [];
  const warn = (path: string[], message: string, hint: string): void => {
    changes.push({
      path: ['frequencyTest', ...path],
      fault: { code: 'test-changed', message: `${since} ${message}`, hint },
    });
  };
  if (next.share !== test.share)
    warn(
      ['share'],
      `moves from ${percent(test.share)} to ${percent(next.share)} on the variant's side: whoever changes sides is left out of the results`,
      `leave the share at ${percent(test.share)}, or end the test with \`until\` and begin one with another id`,
    );
  if (timeOf(next, after.timezone).from !== from)
    warn(
      ['from'],
      `is said to begin on ${next.from} now: what was sent before and after it is compared as if the test had run then`,
      `leave \`from\` at ${test.from}`,
    );
  for (const side of ['base', 'variant'] as const)
    if (canonicalJson(writtenRules(before, side)) !== canonicalJson(writtenRules(after, side)))
      warn(
        side === 'variant' ? ['pressure'] : [],
        `has other rules on the ${side} side (${SIDE_NAMES[side]}): its results mix what came of both`,
        instead,
      );
  return changes;
}

/** `50%`, `12.5%`. */
const percent = (share: number): string => `${Math.round(share * 10_000) / 100}%`;
