import { cancelledOutcome, outcomeOf, pauseAfter } from '../../src/webhooks/outcome.ts';
import { aCall, START } from './setting.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const answered = (statusCode: number, retryAfter: string | null = null) =>
  ({ kind: 'answered', statusCode, retryAfter }) as const;

describe('what an answer comes to', () => {
  test.each([200, 201, 202, 204, 299])('%d is taken', (statusCode) => {
    expect(outcomeOf(aCall({ attempts: 1 }), answered(statusCode), START)).toMatchObject({
      status: 'done',
      statusCode,
      error: null,
      settledAt: START,
    });
  });

  test.each([408, 425, 429, 500, 502, 503, 504, 599])('%d is tried again', (statusCode) => {
    expect(outcomeOf(aCall({ attempts: 1 }), answered(statusCode), START)).toMatchObject({
      status: 'ready',
      statusCode,
      error: `answered ${statusCode}`,
      settledAt: null,
    });
  });

  test.each([
    [301, 'answered 301: redirects are not followed'],
    [307, 'answered 307: redirects are not followed'],
    [400, 'answered 400'],
    [401, 'answered 401'],
    [404, 'answered 404'],
    [410, 'answered 410'],
    [422, 'answered 422'],
  ])('%d is given up', (statusCode, error) => {
    expect(outcomeOf(aCall({ attempts: 1 }), answered(statusCode), START)).toMatchObject({
      status: 'failed',
      statusCode,
      error,
      settledAt: START,
    });
  });

  test('silence is tried again, a private address never', () => {
    const call = aCall({ attempts: 1 });
    const silence = { kind: 'unreachable', reason: 'no answer within 10 s' } as const;
    expect(outcomeOf(call, silence, START)).toMatchObject({ status: 'ready', statusCode: null, error: silence.reason });
    const refusal = { kind: 'refused', reason: 'private' } as const;
    expect(outcomeOf(call, refusal, START)).toMatchObject({ status: 'failed', error: 'private', settledAt: START });
  });

  test('an ended enrollment cancels', () => {
    expect(cancelledOutcome(aCall({ attempts: 2, statusCode: 503 }), START)).toMatchObject({
      status: 'cancelled',
      statusCode: 503,
      error: 'its enrollment has ended',
    });
  });
});

describe('the schedule', () => {
  test.each([
    [1, 5 * SECOND],
    [2, 30 * SECOND],
    [3, 5 * MINUTE],
    [4, 30 * MINUTE],
    [5, 2 * HOUR],
    [6, 5 * HOUR],
    [7, 10 * HOUR],
  ])('after attempt %d it pauses for %d ms and up to a fifth more', (attempts, pause) => {
    const pauses = Array.from({ length: 50 }, (_, n) => pauseAfter(attempts, aCall({ number: n }).id)!);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(pause);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(pause * 1.2);
    expect(new Set(pauses).size).toBeGreaterThan(20);
  });

  test('after the eighth it is given up, with the last reason', () => {
    expect(pauseAfter(8, aCall().id)).toBeNull();
    expect(outcomeOf(aCall({ attempts: 8 }), answered(503), START)).toMatchObject({
      status: 'failed',
      statusCode: 503,
      error: 'answered 503, at the last of 8 attempts',
    });
  });

  test.each([
    ['120', 120 * SECOND],
    [new Date(START + HOUR).toUTCString(), HOUR],
    ['999999999', 24 * HOUR],
  ])('Retry-After: %s is waited for', (header, pause) => {
    expect(outcomeOf(aCall({ attempts: 1 }), answered(429, header), START).dueAt).toBe(START + pause);
  });

  test.each(['0', '-5', 'soon', '', new Date(START - HOUR).toUTCString()])(
    'Retry-After: "%s" shortens nothing',
    (header) => {
      const call = aCall({ attempts: 1 });
      expect(outcomeOf(call, answered(503, header), START).dueAt).toBe(START + pauseAfter(1, call.id)!);
    },
  );
});
