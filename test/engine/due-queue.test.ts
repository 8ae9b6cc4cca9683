import fc from 'fast-check';
import { DueQueue } from '../../src/engine/due-queue.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const instant = fc.integer({ min: 0, max: 20 });
const command = fc.oneof(
  fc.record({ set: key, at: fc.option(instant, { freq: 5 }) }),
  fc.record({ take: instant, most: fc.integer({ min: 1, max: 5 }) }),
);

test('the queue of due contacts answers as a sorted list would, whatever was moved, dropped and taken before', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
      const queue = new DueQueue();
      const model = new Map<string, number>();
      for (const each of commands) {
        if ('set' in each) {
          queue.set(each.set, each.at);
          if (each.at === null) model.delete(each.set);
          else model.set(each.set, each.at);
        } else {
          const due = [...model.values()].filter((at) => at <= each.take).sort((a, b) => a - b);
          const taken = queue.take(each.take, each.most);
          // Which of those due at one instant comes first is free.
          expect(taken.map((name) => model.get(name))).toEqual(due.slice(0, each.most));
          expect(new Set(taken).size).toBe(taken.length);
          for (const name of taken) model.delete(name);
        }
        expect(queue.next()).toBe(model.size === 0 ? null : Math.min(...model.values()));
      }
    }),
    { numRuns: 500 },
  );
});
