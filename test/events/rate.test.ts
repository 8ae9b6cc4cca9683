import fc from 'fast-check';
import { TokenBucket } from '../../src/events/rate.ts';

test('over any stretch of time a key sends no more than its rate, and one batch of debt', () => {
  const calls = fc.array(
    fc.record({ after: fc.integer({ min: 0, max: 2_000 }), size: fc.integer({ min: 1, max: 300 }) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), calls, (perSecond, sequence) => {
      const bucket = new TokenBucket(perSecond, 0);
      let now = 0;
      let taken = 0;
      for (const { after, size } of sequence) {
        now += after;
        if (bucket.wait(now) > 0) continue;
        bucket.take(size, now);
        taken += size;
      }
      expect(taken).toBeLessThanOrEqual(perSecond + (now / 1000) * perSecond + 300);
    }),
  );
});

test('the wait it names is long enough', () => {
  const bucket = new TokenBucket(10, 0);
  bucket.take(35, 0);
  const wait = bucket.wait(0);
  expect(wait).toBeCloseTo(2_600);
  expect(bucket.wait(wait - 200)).toBeGreaterThan(0);
  expect(bucket.wait(wait)).toBe(0);
});
