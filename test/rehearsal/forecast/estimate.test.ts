import { estimate, estimateDifference } from '../../../src/rehearsal/forecast/estimate.ts';
import {
  addContact,
  addDifference,
  ContactCounts,
  emptyTally,
  mergeDifferences,
  mergeTally,
  type Difference,
} from '../../../src/rehearsal/forecast/tally.ts';

/** What each of these contacts gets: most nothing, some one, a few four. */
const POPULATION = Array.from({ length: 2_000 }, (_, n) => (n % 20 === 0 ? 4 : n % 3 === 0 ? 1 : 0));
const SAMPLES = 300;

/** Numbers in [0, 1), the same in every run (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function tallyOf(counts: readonly number[]) {
  const tally = emptyTally();
  for (const count of counts) {
    const contact = new ContactCounts();
    if (count > 0) contact.add('messages', count);
    addContact(tally, contact);
  }
  return tally;
}

/** How many samples of this share have the true total within their margin. */
function coverage(population: readonly number[], share: number): number {
  const truth = population.reduce((sum, count) => sum + count, 0);
  const random = chance(7);
  let within = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const drawn = population.filter(() => random() < share);
    const sum = tallyOf(drawn).sums.get('messages') ?? { total: 0, squares: 0 };
    const { value, margin } = estimate(sum, { observed: drawn.length, population: population.length });
    if (Math.abs(value - truth) <= margin) within++;
  }
  return within / SAMPLES;
}

describe('the margin of a sample', () => {
  test.each([
    ['what many contacts get', POPULATION.map((count) => Math.min(count, 1)), 0.05],
    ['what a few contacts get many of: a contact is drawn as a whole', POPULATION, 0.1],
    ['what hardly any contact gets', POPULATION.map((count) => (count === 4 ? 1 : 0)), 0.05],
    ['half of all', POPULATION.map((count) => Math.min(count, 1)), 0.5],
  ])('holds the true total in about 95 of 100 samples: %s', (_, population, share) => {
    expect(coverage(population, share)).toBeGreaterThanOrEqual(0.93);
  });

  test('is not so wide that it says nothing: under twice 1.96 standard errors for what many get', () => {
    const population = POPULATION.map((count) => Math.min(count, 1));
    const random = chance(1);
    const drawn = population.filter(() => random() < 0.1);
    const { value, margin } = estimate(tallyOf(drawn).sums.get('messages')!, {
      observed: drawn.length,
      population: population.length,
    });
    const p = value / population.length;
    const standardError = population.length * Math.sqrt((p * (1 - p)) / drawn.length);
    expect(margin).toBeLessThan(2 * 1.96 * standardError);
  });

  test('holds when few contacts get most of it, and says that it may be too narrow', () => {
    // One of a hundred gets fifty; a third of the others get one.
    const population = POPULATION.map((_, n) => (n % 100 === 7 ? 50 : n % 3 === 0 ? 1 : 0));
    const truth = population.reduce<number>((sum, count) => sum + count, 0);
    const random = chance(11);
    let [within, trusted] = [0, 0];
    for (let sample = 0; sample < SAMPLES; sample++) {
      const drawn = population.filter(() => random() < 0.3);
      const found = estimate(tallyOf(drawn).sums.get('messages')!, {
        observed: drawn.length,
        population: population.length,
      });
      if (Math.abs(found.value - truth) <= found.margin) within++;
      if (found.few === undefined) trusted++;
    }
    expect(within / SAMPLES).toBeGreaterThanOrEqual(0.93);
    expect(trusted).toBeLessThan(SAMPLES / 10);
  });

  test('a total of ones is never called one of few contacts, however small it is', () => {
    expect(estimate({ total: 3, squares: 3 }, { observed: 100, population: 1_000 }).few).toBeUndefined();
    expect(estimate({ total: 40, squares: 1_600 }, { observed: 100, population: 1_000 }).few).toBe(true);
  });

  test('is nothing when everybody was counted, and is not nothing for what no sampled contact got', () => {
    expect(estimate({ total: 7, squares: 9 }, { observed: 100, population: 100 })).toEqual({ value: 7, margin: 0 });
    const { value, margin } = estimate({ total: 0, squares: 0 }, { observed: 100, population: 1_000 });
    expect(value).toBe(0);
    expect(margin).toBeGreaterThan(20);
  });
});

/** What a contact gets under one policy and under another. */
type Pair = readonly [before: number, after: number];

const countsOf = (count: number): ContactCounts => {
  const counts = new ContactCounts();
  if (count > 0) counts.add('messages', count);
  return counts;
};

function differencesOf(pairs: readonly Pair[]): Map<string, Difference> {
  const differences = new Map<string, Difference>();
  for (const [before, after] of pairs) addDifference(differences, countsOf(before), countsOf(after));
  return differences;
}

const NO_DIFFERENCE: Difference = { total: 0, squares: 0, size: 0 };
const differenceOf = (pairs: readonly Pair[]): Difference => differencesOf(pairs).get('messages') ?? NO_DIFFERENCE;

describe('the margin of what another policy changes, in a sample of which each contact is played under both', () => {
  /** A third get one, some four; a ceiling takes one of the four, and what is held for it reaches a few others. */
  const CEILING = POPULATION.map((count, n): Pair => [count, count === 4 ? 3 : n % 50 === 7 ? count + 1 : count]);
  const EVERYBODY = POPULATION.map((count, n): Pair => [count, n % 2 === 0 ? count + 1 : Math.max(0, count - 1)]);
  const RARE = POPULATION.map((count, n): Pair => [count, n % 90 === 5 ? count + 1 : count]);

  test.each([
    ['less for some and more for others', CEILING, 0.1],
    ['more or less for nearly everybody', EVERYBODY, 0.1],
    ['more for very few', RARE, 0.05],
    ['more for few, of whom half are drawn', RARE, 0.5],
  ])('holds the true difference in about 95 of 100 samples: %s', (_, pairs, share) => {
    const truth = differenceOf(pairs).total;
    const random = chance(5);
    let within = 0;
    for (let sample = 0; sample < SAMPLES; sample++) {
      const drawn = pairs.filter(() => random() < share);
      const seen = { observed: drawn.length, population: pairs.length };
      const { value, margin } = estimateDifference(differenceOf(drawn), seen);
      if (Math.abs(value - truth) <= margin) within++;
    }
    expect(within / SAMPLES).toBeGreaterThanOrEqual(0.93);
  });

  test('is far narrower than that of two totals side by side where most contacts get the same', () => {
    const random = chance(3);
    const drawn = CEILING.filter(() => random() < 0.1);
    const seen = { observed: drawn.length, population: CEILING.length };
    const margins = [0, 1].map(
      (which) => estimate(tallyOf(drawn.map((pair) => pair[which]!)).sums.get('messages')!, seen).margin,
    );
    const { margin } = estimateDifference(differenceOf(drawn), seen);
    expect(margin).toBeLessThan(Math.hypot(...margins) / 2);
  });

  test('more for one and less for another is a difference, of nothing and with a margin wider than where nobody differs', () => {
    const seen = { observed: 100, population: 1_000 };
    const moved = estimateDifference({ total: 0, squares: 20, size: 20 }, seen);
    const alike = estimateDifference(NO_DIFFERENCE, seen);
    expect(moved.value).toBe(0);
    expect(moved.margin).toBeGreaterThan(alike.margin);
    expect(alike.margin).toBeGreaterThan(0);
  });

  test('is nothing when everybody was counted; a policy against itself changes nothing', () => {
    const seen = { observed: 2_000, population: 2_000 };
    expect(estimateDifference(differenceOf(CEILING), seen)).toEqual({
      value: differenceOf(CEILING).total,
      margin: 0,
    });
    expect(differencesOf(POPULATION.map((count) => [count, count])).size).toBe(0);
  });

  test('differences of parts add up to that of the whole, in any order', () => {
    const whole = new Map<string, Difference>();
    for (const part of [CEILING.slice(1_500), CEILING.slice(0, 500), CEILING.slice(500, 1_500)])
      mergeDifferences(whole, differencesOf(part));
    expect(whole).toEqual(differencesOf(CEILING));
  });
});

test('tallies of parts add up to that of the whole, in any order', () => {
  const whole = tallyOf(POPULATION);
  const parts = [POPULATION.slice(1_500), POPULATION.slice(0, 500), POPULATION.slice(500, 1_500)].map(tallyOf);
  const sum = emptyTally();
  for (const part of parts) mergeTally(sum, part);
  expect(sum).toEqual(whole);
});
