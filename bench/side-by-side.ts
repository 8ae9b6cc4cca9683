const ROUNDS = 7;
const ROUND_MS = 250;
const WARM_UP_MS = 400;

/**
 * Two pieces of work a second each, measured in turns, so that whatever else the machine does hits both; the medians.
 * Each call says how many units of work it did.
 */
export function sideBySide(ours: () => number, reference: () => number): [number, number] {
  rate(ours, WARM_UP_MS);
  rate(reference, WARM_UP_MS);
  const rates: [number, number][] = [];
  for (let round = 0; round < ROUNDS; round++) rates.push([rate(ours, ROUND_MS), rate(reference, ROUND_MS)]);
  return [median(rates.map(([one]) => one)), median(rates.map(([, other]) => other))];
}

function rate(work: () => number, milliseconds: number): number {
  const started = performance.now();
  let done = 0;
  let took = 0;
  // The clock is read once in fifty calls, so that reading it is not what is measured.
  for (; took < milliseconds; took = performance.now() - started) for (let call = 0; call < 50; call++) done += work();
  return (done / took) * 1000;
}

/** The value below which `share` of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
