import { columns } from './columns.ts';
import type { Estimate } from './estimate.ts';
import { OUTCOMES, type PolicyForecast } from './forecast.ts';
import { showEstimate, showMoney, showNumber, showWhy } from './words.ts';

type Figure = [name: string, of: (policy: PolicyForecast) => Estimate];

const NONE: Estimate = { value: 0, margin: 0 };

/** Two policies side by side, on the same contacts and events. */
export function compared(policies: readonly PolicyForecast[]): string[] {
  const [first, second] = policies as [PolicyForecast, PolicyForecast];
  const figures: Figure[] = [
    ['entries', ({ entries }) => entries],
    ['messages', ({ messages }) => messages],
    ...OUTCOMES.map((outcome): Figure => [`  ${outcome}`, ({ outcomes }) => outcomes[outcome]]),
    ...programmes(policies).map((name): Figure => {
      return [
        `sent by ${name}`,
        (policy) => policy.programmes.find(({ programme }) => programme === name)?.sent ?? NONE,
      ];
    }),
    ...reasons(policies).map(([outcome, why]): Figure => {
      const of = ({ refused }: PolicyForecast): Estimate =>
        refused.find((each) => each.outcome === outcome && showWhy(each) === why)?.messages ?? NONE;
      return [`${outcome} by ${why}`, of];
    }),
    ...holders(policies).map((why): Figure => {
      return [`held by ${why}`, ({ held }) => held.find((each) => showWhy(each) === why)?.messages ?? NONE];
    }),
    ['contacts who get something', ({ reach }) => reach.reached],
    ['contacts who get nothing', ({ reach }) => reach.nothing],
    ['busiest minute', ({ busiestMinute }) => busiestMinute?.messages ?? NONE],
    ['webhook calls', ({ calls }) => calls.total],
    ['SMS parts', ({ sms }) => sms.parts],
  ];
  const rows = figures
    .map(([name, of]) => ({ name, a: of(first), b: of(second) }))
    .filter(({ a, b }) => a.value !== 0 || b.value !== 0)
    .map(({ name, a, b }) => [name, showEstimate(a), showEstimate(b), difference(b.value - a.value)]);
  if (first.sms.cost !== null && second.sms.cost !== null)
    rows.push(['SMS cost', showMoney(first.sms.cost), showMoney(second.sms.cost), '']);
  return columns([['Side by side', first.policy, second.policy, 'difference'], ...rows]);
}

function difference(value: number): string {
  return Math.round(value) === 0 ? '0' : `${value > 0 ? '+' : '−'}${showNumber(Math.abs(value))}`;
}

function programmes(policies: readonly PolicyForecast[]): string[] {
  return [...new Set(policies.flatMap((policy) => policy.programmes.map(({ programme }) => programme)))].sort();
}

function reasons(policies: readonly PolicyForecast[]): [string, string][] {
  const all = policies.flatMap(({ refused }) => refused.map((each) => `${each.outcome}\t${showWhy(each)}`));
  return [...new Set(all)].map((each) => each.split('\t') as [string, string]);
}

function holders(policies: readonly PolicyForecast[]): string[] {
  return [...new Set(policies.flatMap(({ held }) => held.map(showWhy)))];
}
