import { LANES } from '../../shared/ids.ts';
import { comparisonOf } from './comparison.ts';
import { daysOf } from './days.ts';
import { estimate, type Coverage, type Estimate } from './estimate.ts';
import {
  OUTCOMES,
  type DayForecast,
  type Forecast,
  type Outcome,
  type Outcomes,
  type PolicyForecast,
  type Reach,
} from './forecast.ts';
import type { Counted, LaneSize } from './lane-run.service.ts';
import type { ForecastPlan } from './plan.ts';
import { differenceOf, Reader, whyOf } from './reader.ts';
import { sidesOf } from './sides.ts';
import { emptyTally, keyOf, mergeDifferences, mergeTally, partsOf, type Tally } from './tally.ts';

const MINUTE = 60_000;
const SURE: Estimate = { value: 0, margin: 0 };

/** Puts together what threads have counted. `price` is that of one part of a text message. */
export function forecastOf(
  plan: ForecastPlan,
  counted: readonly Counted[],
  price: { amount: number; currency: string } | null,
): Forecast {
  const lanes = counted.flatMap((each) => each.lanes);
  const coverage = coverageOf(plan, lanes);
  const policies = plan.variants.map(({ name }, index) => {
    const tally = emptyTally();
    for (const { tallies } of counted) mergeTally(tally, tallies[index]!);
    return policyForecast(name, tally, plan, coverage, unconcerned(plan, lanes, coverage), price);
  });
  const differences: Counted['differences'] = new Map();
  for (const each of counted) mergeDifferences(differences, each.differences);
  const [first, second] = policies;
  return {
    from: plan.from,
    until: plan.until,
    days: plan.days,
    timezone: plan.zone,
    complete: isComplete(lanes),
    sample: plan.sample?.share ?? 1,
    seed: plan.seed,
    contacts: { now: plan.contacts, concerned: Math.round(coverage.population), simulated: coverage.observed },
    input: {
      kind: plan.input.kind,
      since: plan.input.kind === 'replay' ? plan.input.since : null,
      weeks: plan.input.kind === 'replay' ? plan.input.weeks : null,
      events: counted.reduce((sum, { events }) => sum + events, 0),
    },
    scenarios: plan.only,
    policies,
    comparison:
      second === undefined
        ? []
        : comparisonOf(
            [first!, second],
            (...key) => differenceOf(differences, coverage, ...key),
            estimate({ total: 0, squares: 0 }, coverage),
          ),
  };
}

function isComplete(lanes: readonly LaneSize[]): boolean {
  return lanes.length === LANES && lanes.every(({ chosen, observed }) => observed >= chosen);
}

/** Lanes are filled by hash, so those that were not come to are like the others. */
function coverageOf({ contacts }: ForecastPlan, lanes: readonly LaneSize[]): Coverage {
  const sum = (of: (lane: LaneSize) => number): number => lanes.reduce((total, lane) => total + of(lane), 0);
  const seen = sum((lane) => lane.contacts);
  const scale = lanes.length === LANES || seen === 0 ? 1 : contacts / seen;
  return { observed: sum(({ observed }) => observed), population: sum(({ concerned }) => concerned) * scale };
}

/** Contacts to whom nothing can happen, apart from those who are inside a scenario all the same. */
function unconcerned({ contacts }: ForecastPlan, lanes: readonly LaneSize[], { population }: Coverage) {
  const seen = lanes.reduce((sum, lane) => sum + lane.contacts, 0);
  const waiting = lanes.reduce((sum, lane) => sum + lane.waiting, 0) * (seen === 0 ? 0 : contacts / seen);
  return { waiting, outside: Math.max(0, contacts - population - waiting) };
}

function policyForecast(
  policy: string,
  tally: Tally,
  plan: ForecastPlan,
  coverage: Coverage,
  others: { waiting: number; outside: number },
  price: { amount: number; currency: string } | null,
): PolicyForecast {
  const reader = new Reader(tally, coverage);
  const parts = reader.of('parts');
  return {
    policy,
    entries: reader.of('entries'),
    messages: reader.of('messages'),
    outcomes: outcomesOf((outcome) => reader.of('outcome', outcome)),
    sms: {
      parts,
      cost:
        price === null
          ? null
          : {
              amount: { value: parts.value * price.amount, margin: parts.margin * price.amount },
              currency: price.currency,
            },
    },
    reach: reachOf(reader, 'known', { value: plan.contacts, margin: 0 }, others),
    newcomers: reachOf(reader, 'newcomer', reader.of('newcomer'), { waiting: 0, outside: 0 }),
    days: daysForecast(reader, plan),
    channels: reader
      .names('sent', 'channel')
      .map((channel) => ({ channel, sent: reader.of('sent', 'channel', channel) })),
    programmes: reader.names('sent', 'programme').map((programme) => ({
      programme,
      sent: reader.of('sent', 'programme', programme),
      smsParts: reader.of('parts', 'programme', programme),
    })),
    scenarios: scenariosForecast(reader),
    calls: {
      total: reader.of('calls'),
      steps: reader
        .below('calls', 'step')
        .map(([scenario, step]) => ({
          scenario: scenario!,
          step: step!,
          calls: reader.of('calls', 'step', scenario!, step!),
        }))
        .sort((a, b) => order(`${a.scenario} ${a.step}`, `${b.scenario} ${b.step}`)),
    },
    refused: refusals(reader),
    held: holds(reader, tally),
    busiestMinute: busiest(tally, coverage),
    conflicts: conflicts(reader),
    frequencyTest: sidesOf(reader),
    broken: tally.broken,
  };
}

function outcomesOf(of: (outcome: Outcome) => Estimate): Outcomes {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, of(outcome)])) as Outcomes;
}

function reachOf(
  reader: Reader,
  who: 'known' | 'newcomer',
  contacts: Estimate,
  others: { waiting: number; outside: number },
): Reach {
  const more: Record<string, number> = { 'not-entered': others.outside, 'no-message': others.waiting };
  const why = new Map(
    reader.below(who, 'nothing').map((parts) => [keyOf(...parts), reader.of(who, 'nothing', ...parts)] as const),
  );
  for (const [kind, count] of Object.entries(more)) {
    const known = why.get(kind) ?? SURE;
    if (count > 0) why.set(kind, { ...known, value: known.value + count });
  }
  const reached = reader.of(who, 'reached');
  return {
    contacts,
    reached,
    nothing: { value: contacts.value - reached.value, margin: Math.max(contacts.margin, reached.margin) },
    why: [...why]
      .map(([key, count]) => {
        const [kind, ...rest] = partsOf(key);
        return { kind: kind!, ...whyOf(rest), contacts: count };
      })
      .sort((a, b) => b.contacts.value - a.contacts.value),
  };
}

function daysForecast(reader: Reader, { from, until, zone }: ForecastPlan): DayForecast[] {
  const cells = reader.below('sent', 'cell');
  const refused = reader.below('refused', 'day');
  const entered = reader.below('entries', 'day');
  return daysOf(from, until, zone).map((day) => ({
    day,
    entries: entered
      .filter(([at]) => at === day)
      .reduce((sum, parts) => sum + reader.of('entries', 'day', ...parts).value, 0),
    outcomes: Object.fromEntries(
      OUTCOMES.filter((outcome) => outcome !== 'waiting').map((outcome) => [
        outcome,
        reader.of('outcome', 'day', day, outcome).value,
      ]),
    ) as DayForecast['outcomes'],
    sent: cells
      .filter(([at]) => at === day)
      .map(([, channel, programme]) => ({
        channel: channel!,
        programme: programme!,
        messages: reader.of('sent', 'cell', day, channel!, programme!).value,
      }))
      .sort((a, b) => order(`${a.channel} ${a.programme}`, `${b.channel} ${b.programme}`)),
    refused: refused
      .filter(([at]) => at === day)
      .map((parts) => ({
        outcome: parts[1] as 'blocked' | 'expired',
        ...whyOf(parts.slice(2)),
        messages: reader.of('refused', 'day', ...parts).value,
      })),
  }));
}

function scenariosForecast(reader: Reader): PolicyForecast['scenarios'] {
  const names = new Set([...reader.names('entries', 'scenario'), ...reader.names('outcome', 'scenario')]);
  return [...names].sort().map((scenario) => ({
    scenario,
    entries: reader.of('entries', 'scenario', scenario),
    outcomes: outcomesOf((outcome) => reader.of('outcome', 'scenario', scenario, outcome)),
  }));
}

const REFUSED = ['blocked', 'expired', 'waiting'] as const;

function refusals(reader: Reader): PolicyForecast['refused'] {
  return REFUSED.flatMap((outcome) =>
    reader
      .below('refused', outcome)
      .map((why) => ({
        outcome,
        ...whyOf(why),
        messages: reader.of('refused', outcome, ...why),
        programmes: reader
          .names('refused', 'programme', outcome, ...why)
          .map((programme) => ({ programme, messages: reader.of('refused', 'programme', outcome, ...why, programme) })),
      }))
      .sort((a, b) => b.messages.value - a.messages.value),
  );
}

function holds(reader: Reader, tally: Tally): PolicyForecast['held'] {
  return [...tally.spans]
    .sort(([a], [b]) => order(a, b))
    .map(([what, lengths]) => {
      const sorted = [...lengths].sort(([a], [b]) => a - b);
      const at = (share: number): number => quantile(sorted, share);
      const why = partsOf(what);
      return { ...whyOf(why), messages: reader.of('held', ...why), median: at(0.5), p90: at(0.9), longest: at(1) };
    })
    .sort((a, b) => b.messages.value - a.messages.value);
}

/** The length that this share of all do not exceed. */
function quantile(sorted: readonly (readonly [value: number, count: number])[], share: number): number {
  const wanted = share * sorted.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [value, count] of sorted) {
    seen += count;
    if (seen >= wanted) return value;
  }
  return 0;
}

function busiest({ minutes }: Tally, coverage: Coverage): PolicyForecast['busiestMinute'] {
  const all = new Map<number, number>();
  for (const counts of minutes.values())
    for (const [minute, count] of counts) all.set(minute, (all.get(minute) ?? 0) + count);
  let most: [number, number] | null = null;
  for (const [minute, count] of all)
    if (most === null || count > most[1] || (count === most[1] && minute < most[0])) most = [minute, count];
  if (most === null) return null;
  const [minute, total] = most;
  const scale = coverage.population / coverage.observed;
  return {
    at: minute * MINUTE,
    // A contact hardly gets two in one minute: each message stands for a contact.
    messages: estimate({ total, squares: total }, coverage),
    channels: Object.fromEntries(
      [...minutes].flatMap(([channel, counts]) => {
        const count = counts.get(minute);
        return count === undefined ? [] : [[channel, count * scale]];
      }),
    ),
  };
}

function conflicts(reader: Reader): PolicyForecast['conflicts'] {
  const pairs = new Set(reader.below('conflict').map(([winner, loser, rule]) => keyOf(winner!, loser!, rule!)));
  return [...pairs]
    .map((pair) => {
      const [winner, loser, rule] = partsOf(pair) as [string, string, string];
      const of = (how: string): Estimate => reader.of('conflict', winner, loser, rule, how);
      return { winner, loser, rule, held: of('held'), blocked: of('blocked') };
    })
    .sort((a, b) => b.held.value + b.blocked.value - a.held.value - a.blocked.value);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
