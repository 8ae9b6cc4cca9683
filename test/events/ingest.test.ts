import fc from 'fast-check';
import { happenedAt, readBatch, readCall, type Arrival } from '../../src/events/ingest.ts';
import { formatInstant } from '../../src/shared/clock.ts';

const NOW = Date.parse('2026-03-01T08:00:00Z');
let numbers = 0;
const arrival: Arrival = {
  receivedAt: NOW,
  bytes: 100,
  nextSeq: () => ++numbers,
  newMessageId: () => `generated-${numbers}`,
};
const instants = fc.integer({ min: NOW - 10 ** 12, max: NOW + 10 ** 12 });

describe('clock skew: timestamp = receivedAt - (sentAt - originalTimestamp)', () => {
  test('however wrong the sender’s clock is, the age of the event is right', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 10 ** 11 }), (senderNow, age) => {
        const call = { timestamp: formatInstant(senderNow - age), sentAt: formatInstant(senderNow) };
        expect(happenedAt(call, null, NOW)).toBe(NOW - age);
      }),
    );
  });

  test('nothing ever happens after it was received', () => {
    const maybe = fc.option(instants.map(formatInstant), { nil: undefined });
    fc.assert(
      fc.property(maybe, maybe, maybe, maybe, (timestamp, originalTimestamp, sentAt, batchSentAt) => {
        expect(happenedAt({ timestamp, originalTimestamp, sentAt }, batchSentAt, NOW)).toBeLessThanOrEqual(NOW);
      }),
    );
  });

  test('the call’s own sentAt goes before the batch’s, originalTimestamp before timestamp', () => {
    const at = (ms: number): string => formatInstant(NOW + ms);
    expect(happenedAt({ timestamp: at(-10), sentAt: at(5) }, at(100), NOW)).toBe(NOW - 15);
    expect(happenedAt({ timestamp: at(-10), originalTimestamp: at(-20) }, at(0), NOW)).toBe(NOW - 20);
    expect(happenedAt({ timestamp: at(-10) }, null, NOW)).toBe(NOW - 10);
    expect(happenedAt({}, at(100), NOW)).toBe(NOW);
  });
});

test('what JSON can carry is read or refused with paths, and never thrown at', () => {
  const call = fc.record(
    {
      type: fc.constantFrom('track', 'identify', 'page', 'screen', 'group', 'alias', 'x'),
      userId: fc.oneof(fc.string(), fc.integer(), fc.jsonValue()),
      event: fc.oneof(fc.string(), fc.jsonValue()),
      traits: fc.oneof(
        fc.dictionary(
          fc.constantFrom('email', 'phone', 'birthday', 'locale', 'timezone', 'createdAt', 'x'),
          fc.jsonValue(),
        ),
        fc.jsonValue(),
      ),
      properties: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
      context: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
      messageId: fc.jsonValue(),
      timestamp: fc.jsonValue(),
      groupId: fc.string(),
      previousId: fc.string(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(call, fc.jsonValue())), (batch) => {
      const result = readBatch({ batch }, arrival);
      if (result.outcome !== 'read') throw new Error('a batch of whatever calls is one');
      expect(result.rows.length + result.rejected.length).toBe(batch.length);
      for (const { index, call: sent, detail } of result.rejected) {
        expect(sent).toBe(batch[index]);
        expect(detail).not.toBe('');
      }
    }),
    { numRuns: 300 },
  );
});

test('the same call has the same event id, and one without messageId a new one', () => {
  const call = { userId: 'ada', event: 'X', messageId: 'm' };
  const idOf = (body: unknown): string => {
    const result = readCall('track', body, arrival);
    return result.outcome === 'read' ? result.rows[0]!.id : '';
  };
  expect(idOf(call)).toBe(idOf({ ...call, properties: { other: true } }));
  expect(idOf({ ...call, messageId: undefined })).not.toBe(idOf({ ...call, messageId: undefined }));
});

test('rows are numbered in the order of the batch (rule D5)', () => {
  const result = readBatch(
    { batch: ['a', 'b', 'c'].map((event) => ({ type: 'track', userId: 'ada', event })) },
    arrival,
  );
  if (result.outcome !== 'read') throw new Error('refused');
  expect(result.rows.map((row) => row.name)).toEqual(['a', 'b', 'c']);
  expect(result.rows.map((row) => row.seq)).toEqual(result.rows.map((row) => row.seq).sort((a, b) => a - b));
});
