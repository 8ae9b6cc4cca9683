import { agenda } from '../../src/engine/agenda.ts';
import type { Enrollment, Watch } from '../../src/engine/world.ts';
import type { Message } from '../../src/gate/index.ts';
import { derivedId } from '../../src/shared/ids.ts';
import { sequenceAt } from '../../src/shared/sequence.ts';
import { message } from '../gate/factories.ts';
import { ADA, arrival, MINUTE, START, state } from './factories.ts';

const enrollment = (name: string, dueAt: number | null, fields: Partial<Enrollment> = {}): Enrollment => ({
  id: derivedId(ADA, 'enrollment', name),
  contactId: ADA,
  scenarioId: name,
  scenarioVersion: 1,
  key: '',
  status: 'waiting',
  state: { value: 'pause', context: {} },
  entry: null,
  enteredAt: START,
  stepEnteredAt: START,
  endedAt: null,
  convertedAt: null,
  dueAt,
  planned: 0,
  reason: null,
  ...fields,
});
const watch = (scenarioId: string, dueAt: number | null): Watch => ({ contactId: ADA, scenarioId, dueAt, fired: {} });
const held = (dueAt: number, fields: Partial<Message> = {}): Message =>
  message({ contactId: ADA, status: 'held', dueAt, ...fields });

/** Each group as the names of its tasks. */
function names(groups: ReturnType<typeof agenda>): string[][] {
  return groups.map(({ tasks }) =>
    tasks.map((task) =>
      task.kind === 'inbox' ? (task.item.kind === 'event' ? task.item.event.name : task.item.kind) : task.kind,
    ),
  );
}

test('what became due earlier is taken earlier, whatever kind it is', () => {
  const loaded = state({
    enrollments: [enrollment('a', START + 3 * MINUTE)],
    watches: [watch('b', START + MINUTE)],
    messages: [held(START + 2 * MINUTE)],
  });
  const inbox = [arrival('First', START), arrival('Last', START + 4 * MINUTE)];
  const groups = agenda(loaded, { contactId: ADA, inbox, clockUntil: START + 5 * MINUTE }, START + 5 * MINUTE);
  expect(names(groups)).toEqual([['First'], ['watch'], ['message'], ['timer'], ['Last']]);
});

test('at one instant arrivals come before the clock, each by itself, and the clock’s tasks are one group (P2)', () => {
  const loaded = state({
    enrollments: [enrollment('a', START), enrollment('b', START)],
    watches: [watch('c', START)],
    messages: [held(START)],
  });
  const inbox = [arrival('First', START), arrival('Second', START)];
  const groups = agenda(loaded, { contactId: ADA, inbox, clockUntil: START }, START);
  expect(names(groups)).toEqual([['First'], ['Second'], ['timer', 'timer', 'watch', 'message']]);
  expect(groups.map(({ knownUpTo }) => knownUpTo)).toEqual([inbox[0]!.seq, inbox[1]!.seq, sequenceAt(START + 1) - 1]);
});

test('the clock is left alone beyond the instant up to which all arrivals are there', () => {
  const loaded = state({ enrollments: [enrollment('a', START - MINUTE), enrollment('b', START)] });
  const names_ = (clockUntil: number): string[][] =>
    names(agenda(loaded, { contactId: ADA, inbox: [], clockUntil }, START));
  expect(names_(START - 2 * MINUTE)).toEqual([]);
  expect(names_(START - 1)).toEqual([['timer']]);
  expect(names_(START)).toEqual([['timer'], ['timer']]);
});

test('what has ended, is not due, has no time or was judged already is no task', () => {
  const loaded = state({
    enrollments: [enrollment('a', START + 1), enrollment('b', null), enrollment('c', START, { endedAt: START })],
    watches: [watch('d', START + 1), watch('e', null)],
    messages: [held(START + 1), held(START, { status: 'ready' })],
  });
  expect(agenda(loaded, { contactId: ADA, inbox: [], clockUntil: START }, START)).toEqual([]);
});

test('D5: arrivals keep the order of their numbers when the receiving clock steps back', () => {
  const first = arrival('First', START + MINUTE);
  const second = { ...arrival('Second', START), seq: first.seq + 1 };
  const inbox = [first, second];
  const loaded = state({ enrollments: [enrollment('a', START + 1)] });
  const groups = agenda(loaded, { contactId: ADA, inbox, clockUntil: START + 2 * MINUTE }, START + 2 * MINUTE);
  expect(names(groups)).toEqual([['timer'], ['First'], ['Second']]);
});

test('D5: an arrival from a process whose clock is ahead is taken now, after what was due before', () => {
  const loaded = state({ enrollments: [enrollment('a', START - 1)] });
  const groups = agenda(
    loaded,
    { contactId: ADA, inbox: [arrival('Ahead', START + MINUTE)], clockUntil: START },
    START,
  );
  expect(names(groups)).toEqual([['timer'], ['Ahead']]);
});

test('D7: the order within one instant does not depend on the order in which a world loads its rows', () => {
  const enrollments = ['a', 'b', 'c'].map((name) => enrollment(name, START));
  const watches = ['d', 'e', 'f'].map((name) => watch(name, START));
  const order = (reverse: boolean): unknown => {
    const loaded = state({
      enrollments: reverse ? enrollments.toReversed() : enrollments,
      watches: reverse ? watches.toReversed() : watches,
    });
    return agenda(loaded, { contactId: ADA, inbox: [], clockUntil: START }, START);
  };
  expect(order(true)).toEqual(order(false));
});
