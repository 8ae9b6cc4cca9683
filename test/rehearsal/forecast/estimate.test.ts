import { estimate } from '../../../src/rehearsal/forecast/estimate.ts';
import { addContact, ContactCounts, emptyTally, mergeTally } from '../../../src/rehearsal/forecast/tally.ts';

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

test('tallies of parts add up to that of the whole, in any order', () => {
  const whole = tallyOf(POPULATION);
  const parts = [POPULATION.slice(1_500), POPULATION.slice(0, 500), POPULATION.slice(500, 1_500)].map(tallyOf);
  const sum = emptyTally();
  for (const part of parts) mergeTally(sum, part);
  expect(sum).toEqual(whole);
});
