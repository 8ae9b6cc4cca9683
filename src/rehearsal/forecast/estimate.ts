import type { Sum } from './tally.ts';

/** A total over the base with what it may be wrong by: 95 times of 100 the true one lies within. 0: it was counted. */
export interface Estimate {
  value: number;
  margin: number;
}

/** Of how many contacts a total was counted, and for how many it stands. */
export interface Coverage {
  /** Contacts that were simulated, drawn without looking at what they would do. */
  observed: number;
  /** Contacts to whom anything may happen in the period. */
  population: number;
}

/** 97.5 % quantile of the normal distribution. */
const Z = 1.96;

/**
 * The total over the population from that of a simple random sample without replacement (Cochran, Sampling Techniques,
 * 3rd ed., 2.5 to 2.8): contacts are the units drawn, so what one contact gets together is not taken for chance many
 * times over. The margin is the longer side of the score interval: for many it is 1.96 standard errors; for few, where
 * the normal distribution says too little, it is about that of a Poisson count, and not nothing for what never occurred.
 */
export function estimate({ total, squares }: Sum, { observed, population }: Coverage): Estimate {
  if (observed === 0) return { value: 0, margin: population > 0 ? Number.POSITIVE_INFINITY : 0 };
  const scale = population / observed;
  const left = 1 - observed / population;
  if (left <= 0) return { value: total, margin: 0 };
  const value = total * scale;
  // Variance of the sample's total.
  const spread = Math.max(0, squares - (total * total) / observed) * (observed / Math.max(1, observed - 1)) * left;
  // How much one contact adds, of those that add anything.
  const weight = total > 0 ? squares / total : 1;
  const few = ((weight * Z) ** 2 / 4) * left;
  const margin = scale * (Z * Math.sqrt(spread + few) + (weight * Z ** 2 * left) / 2);
  return { value, margin };
}
