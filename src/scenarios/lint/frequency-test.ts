import { timeOf, type Policy } from '../../gate/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Fault } from '../../shared/errors.ts';
import { canonicalJson } from '../../shared/hash.ts';
import type { PolicyFile } from './rule.ts';

/** A test that judges nobody otherwise: it is over, or both sides have the same rules. */
export function lintFrequencyTest({ file, value, at }: PolicyFile, now: Instant): Fault[] {
  const test = value?.frequencyTest;
  if (value === undefined || test === undefined) return [];
  const faults: Fault[] = [];
  const warn = (path: string[], fault: Pick<Fault, 'code' | 'message' | 'hint'>): void => {
    faults.push({ severity: 'warning', ...fault, path: path.join('.'), file, ...at?.(path) });
  };
  if (timeOf(test, value.timezone).until <= now)
    warn(['frequencyTest', 'until'], {
      code: 'test-is-over',
      message: `the frequency test ${test.id} ended on ${test.until}, so everybody is judged by the policy's own rules`,
      hint: `take it out, with the better rules under pressure; relance frequency-test ${test.id} still shows its results`,
    });
  if (sameRules(value.pressure, test.pressure))
    warn(['frequencyTest', 'pressure'], {
      code: 'test-without-difference',
      message: `both sides of the frequency test ${test.id} are judged by the same rules, so it can show nothing`,
      hint: 'change a maximum or a window of the variant',
    });
  return faults;
}

/** In whatever order: of several rules that refuse, how much each keeps away decides. */
function sameRules(own: Policy['pressure'], variant: Policy['pressure']): boolean {
  const written = (rules: Policy['pressure']): string =>
    canonicalJson(rules.filter(({ platform }) => !platform).sort((a, b) => (a.rule < b.rule ? -1 : 1)));
  return written(own) === written(variant);
}
