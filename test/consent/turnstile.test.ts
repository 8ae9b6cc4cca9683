import { Turnstile } from '../../src/consent/turnstile.ts';

test('no more than its places are inside at a time, and all come through in order', async () => {
  const turnstile = new Turnstile(2);
  const order: number[] = [];
  let inside = 0;
  let most = 0;
  const open: (() => void)[] = [];
  const visits = [1, 2, 3, 4, 5].map((visitor) =>
    turnstile.through(async () => {
      order.push(visitor);
      most = Math.max(most, ++inside);
      await new Promise<void>((resolve) => open.push(resolve));
      inside -= 1;
      return visitor;
    }),
  );
  for (let left = 0; left < visits.length; left++) {
    open.shift()!();
    await visits[left];
  }
  expect(await Promise.all(visits)).toEqual([1, 2, 3, 4, 5]);
  expect(order).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('a visit that fails frees its place', async () => {
  const turnstile = new Turnstile(1);
  await expect(turnstile.through(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(turnstile.through(() => Promise.resolve('yes'))).resolves.toBe('yes');
});
