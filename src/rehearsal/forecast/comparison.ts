import type { Estimate } from './estimate.ts';
import { OUTCOMES, type Compared, type Figure, type Outcome, type PolicyForecast, type Why } from './forecast.ts';

/** The difference under a key of the tallies (see count-contact.ts). */
type DifferenceOf = (...key: (string | null)[]) => Estimate;

const NO_REASON: Why = { gate: null, rule: null, reason: null };

/** Two policies, figure by figure; what is nothing under both is left out. `none` is the estimate of what no contact got. */
export function comparisonOf(
  [before, after]: readonly [PolicyForecast, PolicyForecast],
  differenceOf: DifferenceOf,
  none: Estimate,
): Compared[] {
  const both = [before, after] as const;
  const row = (
    figure: Figure,
    of: (policy: PolicyForecast) => Estimate | undefined,
    difference: Estimate,
    more: Partial<Compared> = {},
  ): Compared => ({
    figure,
    outcome: null,
    programme: null,
    ...NO_REASON,
    ...more,
    before: of(before) ?? none,
    after: of(after) ?? none,
    difference,
  });
  const reached = differenceOf('known', 'reached');
  const parts = differenceOf('parts');
  const rows = [
    row('entries', ({ entries }) => entries, differenceOf('entries')),
    row('messages', ({ messages }) => messages, differenceOf('messages')),
    ...OUTCOMES.map((outcome) =>
      row('outcome', ({ outcomes }) => outcomes[outcome], differenceOf('outcome', outcome), { outcome }),
    ),
    ...distinct(both.flatMap(({ programmes }) => programmes.map(({ programme }) => programme)))
      .sort()
      .map((programme) =>
        row(
          'sent',
          ({ programmes }) => programmes.find((each) => each.programme === programme)?.sent,
          differenceOf('sent', 'programme', programme),
          { programme },
        ),
      ),
    ...reasons(both.flatMap(({ refused }) => refused)).map(({ outcome, ...why }) =>
      row(
        'refused',
        ({ refused }) => refused.find((each) => each.outcome === outcome && isSame(each, why))?.messages,
        differenceOf('refused', outcome, why.gate, why.rule, why.reason),
        { outcome, ...why },
      ),
    ),
    ...reasons(both.flatMap(({ held }) => held.map((each) => ({ outcome: 'waiting' as const, ...each })))).map(
      ({ outcome: _outcome, ...why }) =>
        row(
          'held',
          ({ held }) => held.find((each) => isSame(each, why))?.messages,
          differenceOf('held', why.gate, why.rule, why.reason),
          why,
        ),
    ),
    row('reached', ({ reach }) => reach.reached, reached),
    // Whoever gets something more is one fewer of these.
    row('nothing', ({ reach }) => reach.nothing, { ...reached, value: -reached.value }),
    row('busiest-minute', busiest, unpaired(busiest(before) ?? none, busiest(after) ?? none)),
    row('calls', ({ calls }) => calls.total, differenceOf('calls')),
    row('sms-parts', ({ sms }) => sms.parts, parts),
  ];
  const price = priceOf(before) ?? priceOf(after);
  if (price !== null)
    rows.push(
      row('sms-cost', ({ sms }) => sms.cost?.amount, {
        ...parts,
        value: parts.value * price,
        margin: parts.margin * price,
      }),
    );
  return rows.filter(({ before: a, after: b }) => a.value !== 0 || b.value !== 0);
}

function busiest({ busiestMinute }: PolicyForecast): Estimate | undefined {
  return busiestMinute?.messages;
}

/** The minutes need not be one and the same, nor their contacts: as of two totals that know nothing of each other. */
function unpaired(before: Estimate, after: Estimate): Estimate {
  const few = before.few ?? after.few;
  return {
    value: after.value - before.value,
    margin: Math.hypot(before.margin, after.margin),
    ...(few !== undefined && { few }),
  };
}

/** Of one part of a text message; null when it was not told, or none was sent. */
function priceOf({ sms: { parts, cost } }: PolicyForecast): number | null {
  return cost === null || parts.value === 0 ? null : cost.amount.value / parts.value;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Each reason once, where it first stands. */
function reasons(all: readonly (Why & { outcome: Outcome })[]): (Why & { outcome: Outcome })[] {
  const found = new Map(
    all.map(({ outcome, gate, rule, reason }) => [
      JSON.stringify([outcome, gate, rule, reason]),
      { outcome, gate, rule, reason },
    ]),
  );
  return [...found.values()];
}

function isSame(a: Why, b: Why): boolean {
  return a.gate === b.gate && a.rule === b.rule && a.reason === b.reason;
}
