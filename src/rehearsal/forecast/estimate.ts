import type { Difference, Sum } from './tally.ts';

/** A total over the base with what it may be wrong by: 95 times of 100 the true one lies within. 0: it was counted. */
export interface Estimate {
  value: number;
  margin: number;
  /** Few contacts make most of it, so that the next one drawn may change much: the margin may be too narrow. */
  few?: true;
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
/** Contacts of equal weight below which a total that is not made of ones is not trusted. */
const FEW = 20;
/** More than this from each contact that counts, on average, is not about one each. */
const HEAVY = 2;

/**
 * The total over the population from that of a simple random sample without replacement (Cochran, Sampling Techniques,
 * 3rd ed., 2.5 to 2.8): contacts are the units drawn, so what one contact gets together is not taken for chance many
 * times over. The margin is the longer side of the score interval: for many it is 1.96 standard errors; for few, where
 * the normal distribution says too little, it is about that of a Poisson count, and not nothing for what never occurred.
 * Where contacts weigh unlike, as many degrees of freedom are taken as contacts of equal weight would make the same
 * total (Kish, Survey Sampling, 11.7), with the first term of Student's quantile about the normal one (Abramowitz and
 * Stegun, 26.7.5).
 */
export function estimate({ total, squares }: Sum, coverage: Coverage): Estimate {
  return estimateDifference({ total, squares, size: total }, coverage);
}

/**
 * The difference that a second policy makes over the population, from those of the contacts of one sample, each played
 * under both: a paired comparison (Cochran, 2.9, of `y - x`). Contacts that get the same under both add nothing to its
 * variance, which makes it far narrower than that of two totals side by side; it is no narrower where every contact is
 * hit by chance. How many contacts it stands on is told by their differences without signs: more for one and less for
 * another is not nothing.
 */
export function estimateDifference({ total, squares, size }: Difference, { observed, population }: Coverage): Estimate {
  if (observed === 0) return { value: 0, margin: population > 0 ? Number.POSITIVE_INFINITY : 0 };
  const scale = population / observed;
  const left = 1 - observed / population;
  if (left <= 0) return { value: total, margin: 0 };
  const value = total * scale;
  // Variance of the sample's total.
  const spread = Math.max(0, squares - (total * total) / observed) * (observed / Math.max(1, observed - 1)) * left;
  // How much one contact adds, of those that add anything.
  const weight = size > 0 ? squares / size : 1;
  const equals = size > 0 ? size ** 2 / squares : Number.POSITIVE_INFINITY;
  const z = Z + ((Z ** 3 + Z) / (4 * equals)) * (1 - 1 / weight);
  const rare = ((weight * z) ** 2 / 4) * left;
  const margin = scale * (z * Math.sqrt(spread + rare) + (weight * z ** 2 * left) / 2);
  return weight > HEAVY && equals < FEW ? { value, margin, few: true } : { value, margin };
}
