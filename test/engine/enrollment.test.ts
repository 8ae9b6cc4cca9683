import { keyOf, mayEnter, newEnrollment } from '../../src/engine/enrollment.ts';
import type { Enrollment } from '../../src/engine/world.ts';
import { compiled } from '../scenarios/journey.ts';
import { ADA, at, DAY, HOUR, START } from './factories.ts';

const PARIS = 'Europe/Paris';
const scenario = (lines: string) => compiled(`${lines}\nsteps: { pause: { wait: 1d } }`);
const past = (fields: Partial<Enrollment> = {}): Enrollment => ({
  ...newEnrollment(scenario(''), ADA, '', 'before', null, START),
  endedAt: START + HOUR,
  status: 'completed',
  ...fields,
});
const entry = (properties: Record<string, unknown>) => ({ name: 'Begun', at: START, properties });

test.each([
  ['never, and nobody was in', 'reentry: never', [], START, true],
  ['never, and it has ended', 'reentry: never', [past()], START + 900 * DAY, false],
  ['always, and it has ended', 'reentry: always', [past()], START + HOUR, true],
  ['always, and it is live', 'reentry: always', [past({ endedAt: null })], START + 900 * DAY, false],
  ['after 2d, and it is live', 'reentry: { after: 2d }', [past({ endedAt: null })], START + 3 * DAY, false],
  ['after 2d, a moment too early', 'reentry: { after: 2d }', [past()], START + 2 * DAY - 1, false],
  ['after 2d, to the instant', 'reentry: { after: 2d }', [past()], START + 2 * DAY, true],
  [
    'after 2d, counted from the latest entry',
    'reentry: { after: 2d }',
    [past({ enteredAt: START + DAY }), past()],
    START + 2 * DAY,
    false,
  ],
  ['another key', 'reentry: never', [past({ key: 'b', endedAt: null })], START, true],
  ['another scenario', 'reentry: never', [past({ scenarioId: 'other', endedAt: null })], START, true],
  // The clocks go forward on 29 March: two calendar days are 47 hours.
  [
    'after 2d, in calendar days',
    'reentry: { after: 2d }',
    [past({ enteredAt: at('2026-03-28T10:00:00+01:00') })],
    at('2026-03-30T10:00:00+02:00'),
    true,
  ],
] as const)('re-entry: %s', (_what, lines, enrollments, now, expected) => {
  expect(mayEnter(scenario(lines), '', enrollments, now, PARIS)).toBe(expected);
});

test.each([
  ['a text', { orderId: 'A-1' }, 'A-1'],
  ['a number', { orderId: 17 }, '17'],
  ['nothing', {}, null],
  ['an object', { orderId: { a: 1 } }, null],
  ['a truth value', { orderId: true }, null],
])('the key of %s', (_what, properties, expected) => {
  expect(keyOf(scenario('key: properties.orderId'), entry(properties))).toBe(expected);
});

test('a dotted key reaches into objects; without a key all share one; a manual entry has no property to read', () => {
  expect(keyOf(scenario('key: properties.order.id'), entry({ order: { id: 'A-1' } }))).toBe('A-1');
  expect(keyOf(scenario(''), entry({}))).toBe('');
  expect(keyOf(scenario('key: properties.orderId'), null)).toBeNull();
});

test('a key longer than an index can hold stays a key of its own', () => {
  const keyed = scenario('key: properties.orderId');
  const keys = ['a', 'b'].map((last) => keyOf(keyed, entry({ orderId: 'x'.repeat(5_000) + last }))!);
  expect(keys[0]).not.toBe(keys[1]);
  expect(keys.every((key) => key.length <= 255)).toBe(true);
});

test('D2: the same cause always makes the same enrollment, another one another', () => {
  const make = (key: string, origin: string): string => newEnrollment(scenario(''), ADA, key, origin, null, START).id;
  expect(make('', 'event 1')).toBe(make('', 'event 1'));
  expect(new Set([make('', 'event 1'), make('', 'event 2'), make('a', 'event 1')]).size).toBe(3);
});
