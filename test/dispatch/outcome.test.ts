import type { DeliveryOutcome } from '../../src/channels/index.ts';
import { backToTheGate, outcomeOf, PAUSE, refusedOutcome } from '../../src/dispatch/outcome.ts';
import type { Message } from '../../src/gate/index.ts';
import { DAY, HOUR, message, MINUTE } from '../gate/factories.ts';

const PLANNED = Date.parse('2026-03-02T09:00:00Z');
const NOW = PLANNED + HOUR;
/** The last instant at which it might have left. */
const COUNTED = NOW + 2 * DAY;

const handed = (fields: Partial<Message> = {}): Message =>
  message({
    plannedAt: PLANNED,
    status: 'handing',
    countedAt: COUNTED,
    holdsUntil: COUNTED,
    judged: 1,
    attempts: 1,
    ...fields,
  });

const temporary: DeliveryOutcome = { kind: 'retry', reason: '451 try later' };
const unknown: DeliveryOutcome = { kind: 'unknown', reason: 'silence after the message' };

describe('an answer that ends the message', () => {
  test.each<[string, DeliveryOutcome, object]>([
    ['sent', { kind: 'sent', providerId: '250 ok' }, { status: 'sent', reason: null, providerId: '250 ok' }],
    [
      'permanent failure (D10)',
      { kind: 'failed', reason: '554 no', suppress: false },
      { status: 'failed', reason: '554 no' },
    ],
    [
      'hard bounce (P6)',
      { kind: 'failed', reason: '550 5.1.1', suppress: true },
      { status: 'failed', reason: '550 5.1.1' },
    ],
    ['unknown (D3, P6)', unknown, { status: 'unknown', reason: 'silence after the message' }],
  ])('%s settles it now, and it counts from now on (P1a)', (_name, delivery, fields) => {
    expect(outcomeOf(handed(), delivery, NOW)).toMatchObject({
      ...fields,
      settledAt: NOW,
      countedAt: NOW,
      gate: null,
    });
  });

  test('what does not count takes no room when it is settled (P5)', () => {
    expect(outcomeOf(handed({ countedAt: null }), unknown, NOW).countedAt).toBeNull();
  });
});

describe('a temporary failure (D10)', () => {
  const waitAfter = (attempts: number, id?: string): number =>
    outcomeOf(handed({ attempts, ...(id === undefined ? {} : { id }) }), temporary, NOW).dueAt - NOW;

  test.each([
    [1, 30_000],
    [2, 60_000],
    [3, 120_000],
    [7, 1_920_000],
    [8, HOUR],
    [30, HOUR],
    [2_000, HOUR],
  ])('attempt %d is followed by one within a quarter of %d ms', (attempts, base) => {
    for (let index = 0; index < 50; index++) {
      const wait = waitAfter(attempts, `10000000-0000-8000-8000-${String(index).padStart(12, '0')}`);
      expect(wait).toBeGreaterThanOrEqual(base * 0.75);
      expect(wait).toBeLessThanOrEqual(base * 1.25);
    }
  });

  test('the jitter spreads messages over its whole width, and a message always waits as long', () => {
    const waits = Array.from({ length: 200 }, (_, index) =>
      waitAfter(1, `10000000-0000-8000-8000-${String(index).padStart(12, '0')}`),
    );
    expect(Math.min(...waits)).toBeLessThan(24_000);
    expect(Math.max(...waits)).toBeGreaterThan(36_000);
    expect(new Set(waits).size).toBeGreaterThan(150);
    expect(waitAfter(1, 'a')).toBe(waitAfter(1, 'a'));
  });

  test('the wait that the provider asks for is kept to when it is the longer one', () => {
    expect(outcomeOf(handed(), { ...temporary, after: 10 * MINUTE }, NOW).dueAt).toBe(NOW + 10 * MINUTE);
    expect(outcomeOf(handed(), { ...temporary, after: 1 }, NOW).dueAt).toBeGreaterThan(NOW + 20_000);
  });

  test('meanwhile it is ready, keeps its room and says why', () => {
    expect(outcomeOf(handed(), temporary, NOW)).toMatchObject({
      status: 'ready',
      countedAt: COUNTED,
      settledAt: null,
      reason: '451 try later',
    });
  });

  test.each<[string, Partial<Message>]>([
    ['the message expires', { expiresAt: NOW + 10_000 }],
    ['it would be tried at the very instant it expires', { expiresAt: NOW + 5 * MINUTE }],
    ['without an expiry, three days after it was planned', { plannedAt: NOW - 3 * DAY + 10_000 }],
  ])('it is tried until %s; then it has expired, and gives its room back (P6)', (_name, fields) => {
    const delivery: DeliveryOutcome = { ...temporary, after: 5 * MINUTE };
    expect(outcomeOf(handed(fields), delivery, NOW)).toMatchObject({
      status: 'expired',
      countedAt: null,
      settledAt: NOW,
      reason: '451 try later',
    });
  });

  test('an expiry of its own may lie beyond the three days', () => {
    const outcome = outcomeOf(handed({ plannedAt: NOW - 4 * DAY, expiresAt: NOW + DAY }), temporary, NOW);
    expect(outcome.status).toBe('ready');
  });
});

describe('what nobody knows (D3)', () => {
  test.each(['marketing', 'service'])('a %s message stays unknown and is never sent again', (category) => {
    expect(outcomeOf(handed({ category }), unknown, NOW).status).toBe('unknown');
  });

  test('a transactional message is tried again after a back-off', () => {
    const outcome = outcomeOf(handed({ category: 'transactional' }), unknown, NOW);
    expect(outcome).toMatchObject({ status: 'ready', countedAt: COUNTED, settledAt: null });
    expect(outcome.dueAt - NOW).toBeGreaterThanOrEqual(22_500);
  });

  test('a transactional message that cannot be tried again in time stays unknown, for it may have arrived (P6)', () => {
    const outcome = outcomeOf(handed({ category: 'transactional', expiresAt: NOW + 1_000 }), unknown, NOW);
    expect(outcome).toMatchObject({ status: 'unknown', countedAt: NOW, settledAt: NOW });
  });
});

test('a fault of the sender waits as long as the pause of its channel (D10)', () => {
  const delivery: DeliveryOutcome = { kind: 'sender-fault', reason: '535 bad credentials' };
  expect(outcomeOf(handed(), delivery, NOW)).toMatchObject({
    status: 'ready',
    dueAt: NOW + PAUSE,
    countedAt: COUNTED,
    settledAt: null,
  });
  expect(outcomeOf(handed({ expiresAt: NOW + PAUSE }), delivery, NOW)).toMatchObject({
    status: 'expired',
    countedAt: null,
  });
});

test('refused at the last look, it never left: blocked, and its room is free (P6)', () => {
  expect(refusedOutcome(handed(), 'consent', 'withdrawn', NOW)).toMatchObject({
    status: 'blocked',
    gate: 'consent',
    reason: 'withdrawn',
    countedAt: null,
    settledAt: NOW,
  });
});

test('P1a: a message that waits longer than its judgement holds keeps its place until it is judged again', () => {
  const outcome = outcomeOf(handed({ holdsUntil: NOW + MINUTE }), { ...temporary, after: HOUR }, NOW);
  expect(outcome).toMatchObject({ status: 'ready', dueAt: NOW + HOUR, countedAt: NOW + HOUR });
});

test('back at the gate it holds no room and is due now (P6)', () => {
  expect(backToTheGate(handed(), NOW)).toMatchObject({ status: 'held', dueAt: NOW, countedAt: null, settledAt: null });
});

test('P1a: a message whose judgement is about to run out is judged again when it has, not before', () => {
  const late = { status: 'held', countedAt: null, settledAt: null };
  expect(backToTheGate(handed({ holdsUntil: NOW + 1_000 }), NOW)).toMatchObject({ ...late, dueAt: NOW + 1_000 });
  expect(backToTheGate(handed({ holdsUntil: NOW - 1_000 }), NOW)).toMatchObject({ ...late, dueAt: NOW });
});
