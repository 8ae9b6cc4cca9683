import { HashQueue, QueueFull } from '../../src/access/hash-queue.ts';
import { placeOf } from '../../src/access/place.ts';

test('work is done one after another, and what would wait too long is refused at once', async () => {
  const queue = new HashQueue(3);
  let underWay = 0;
  let most = 0;
  const ends: (() => void)[] = [];
  const work = async (): Promise<void> => {
    most = Math.max(most, ++underWay);
    await new Promise<void>((resolve) => ends.push(resolve));
    underWay -= 1;
  };
  const three = [queue.run(work), queue.run(work), queue.run(work)];
  await expect(queue.run(work)).rejects.toThrow(QueueFull);
  for (const each of three) {
    await Promise.resolve();
    ends.shift()!();
    await each;
  }
  expect(most).toBe(1);
  // What fails keeps nobody waiting.
  await expect(queue.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await queue.run(() => Promise.resolve('yes'))).toBe('yes');
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['unknown', 'unknown'],
])('%s is the place %s', (address, place) => {
  expect(placeOf(address)).toBe(place);
});
