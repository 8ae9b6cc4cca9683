import { countedSend } from '../../src/gate/index.ts';
import type { InboxItem } from '../../src/engine/world.ts';
import { derivedId } from '../../src/shared/ids.ts';
import { message } from '../gate/factories.ts';
import { MemoryRun } from '../support/memory-run.ts';
import {
  ADA,
  ada,
  advanced,
  arrival,
  at,
  DAY,
  HOUR,
  library,
  MINUTE,
  NOTHING_PAST,
  START,
  state,
} from './factories.ts';

const CAP_ONE = { pressure: [{ rule: 'one', window: { rolling: '7d' }, max: 1, onBlocked: 'drop' }] };
const NIGHT = { quietHours: [{ channels: ['email'], allow: 'Mon-Sun 12:00-20:00' }] };
const mail = (name: string, more = ''): string =>
  `scenario: ${name}\n${more}\nsteps: { hello: { send: { channel: email, template: ${name} } } }`;

describe('what is due within one tick', () => {
  const waiting = (name: string, priority: number): string =>
    `scenario: ${name}\npriority: ${priority}\ntrigger: { event: Go ${name} }\nsteps: { pause: { wait: 1h }, hello: { send: { channel: email, template: ${name} } } }`;
  const lib = library([waiting('high', 90), waiting('low', 10)], CAP_ONE);
  const statuses = (after: ReturnType<typeof advanced>): unknown =>
    Object.fromEntries(after.messages.map(({ template, status, rule }) => [template, rule ?? status]));

  test.each([
    ['high first', ['high', 'low']],
    ['low first', ['low', 'high']],
  ])('P2: at one instant the higher priority is judged first, in whatever order they entered (%s)', (_order, order) => {
    const entered = advanced(
      state(),
      lib,
      START,
      order.map((name) => arrival(`Go ${name}`, START)),
    );
    expect(statuses(advanced(entered, lib, START + HOUR))).toEqual({ high: 'ready', low: 'one' });
  });

  test('P2: after an outage, what was due earlier is judged earlier, as ticks in time would have', () => {
    const low = advanced(state(), lib, START, [arrival('Go low', START)]);
    const both = advanced(low, lib, START + MINUTE, [arrival('Go high', START + MINUTE)]);
    expect(statuses(advanced(both, lib, START + DAY))).toEqual({ high: 'one', low: 'ready' });
  });

  test('messages come out in the order in which the gate passed them', () => {
    const uncapped = library([waiting('high', 90), waiting('low', 10)]);
    const entered = advanced(state(), uncapped, START, [arrival('Go low', START), arrival('Go high', START)]);
    const { changes } = advanced(entered, uncapped, START + HOUR);
    expect(changes.messages.map(({ template }) => template)).toEqual(['high', 'low']);
  });

  test('D2: an event that came after a timer was due is not known to it, however late the tick', () => {
    const choosing = library([
      'trigger: { event: Begun }\nsteps: { pause: { wait: 1h }, has: { choose: [{ when: { event: Bought }, next: yes-step }, { otherwise: end }] }, yes-step: { set: { bought: true } } }',
    ]);
    const entered = advanced(state(), choosing, START, [arrival('Begun', START)]);
    const tickLater = (boughtAt: number) => {
      const bought = arrival('Bought', boughtAt);
      const past = bought.kind === 'event' ? [bought.event] : [];
      return advanced(entered, choosing, START + DAY, [bought], {
        ...NOTHING_PAST,
        history: { events: past, messages: [] },
      }).contact!.attributes;
    };
    expect(tickLater(START + HOUR + 1)).toEqual({});
    expect(tickLater(START + HOUR)).toEqual({ bought: true });
  });

  test('an exit received before a send was due prevents it; one received at the very instant, too; one after cancels it', () => {
    const leaving = library([waiting('low', 10).replace('steps', 'exit: [{ event: Left }]\nsteps')]);
    const entered = advanced(state(), leaving, START, [arrival('Go low', START)]);
    const left = (when: number): unknown =>
      advanced(entered, leaving, START + DAY, [arrival('Left', when)]).messages.map(({ status, countedAt }) => [
        status,
        countedAt,
      ]);
    expect(left(START + MINUTE)).toEqual([]);
    expect(left(START + HOUR)).toEqual([]);
    expect(left(START + HOUR + 1)).toEqual([['cancelled', null]]);
  });

  test('D5: an event moves those who are inside in the order in which they entered', () => {
    const noting = (name: string, on: string): string =>
      `scenario: ${name}\ntrigger: { event: ${on} }\nsteps: { until: { waitFor: { event: Note }, timeout: 9d, onEvent: note, onTimeout: end }, note: { set: { trail: "{{contact.trail}} ${name}" } } }`;
    const two = library([noting('a', 'Second'), noting('b', 'First')]);
    const first = advanced(state(), two, START, [arrival('First', START)]);
    const both = advanced(first, two, START + 1, [arrival('Second', START + 1)]);
    const shuffled = { ...both, enrollments: both.enrollments.toReversed() };
    expect(advanced(shuffled, two, START + 2, [arrival('Note', START + 2)]).contact!.attributes).toEqual({
      trail: ' b a',
    });
  });
});

describe('P6: whoever leaves takes back what was not handed over', () => {
  test('a held message is cancelled, with a decision record that says why', async () => {
    const run = new MemoryRun(library([mail('a', 'exit: [{ event: Left }]')], NIGHT), START);
    await run.identify('ada', { email: 'ada@example.com' });
    await run.consent('ada', 'granted');
    await run.track('ada', 'Begun');
    await run.settleInstant();
    expect((await run.of('ada')).messages).toMatchObject([
      { status: 'held', gate: 'quiet-hours', heldUntil: at('2026-03-02T12:00:00+01:00') },
    ]);
    run.clock.moveTo(START + MINUTE);
    await run.track('ada', 'Left');
    await run.settleInstant();
    const { messages, decisions, enrollments } = await run.of('ada');
    expect(messages).toMatchObject([
      { status: 'cancelled', settledAt: START + MINUTE, countedAt: null, reason: 'Left' },
    ]);
    expect(decisions.map(({ verdict, ordinal, reason }) => [ordinal, verdict, reason])).toEqual([
      [1, 'hold', 'closed'],
      [2, 'cancel', 'Left'],
    ]);
    expect(enrollments).toMatchObject([{ status: 'exited', reason: 'Left', dueAt: null }]);
  });

  test('a message that was ready gives back exactly its room, within the same tick', () => {
    const lib = library([mail('a', 'exit: [{ event: Left }]'), mail('b', 'trigger: { event: Other }')], CAP_ONE);
    const begun = advanced(state(), lib, START, [arrival('Begun', START)]);
    expect(begun.messages).toMatchObject([{ status: 'ready', dueAt: START, countedAt: START + DAY }]);
    const sends = begun.messages.map((each) => countedSend(each));
    const kept = advanced({ ...begun, sends }, lib, START + 1, [arrival('Other', START + 1)]);
    expect(kept.messages).toMatchObject([{ status: 'ready' }, { status: 'blocked', rule: 'one' }]);
    const freed = advanced({ ...begun, sends }, lib, START + 1, [arrival('Left', START), arrival('Other', START + 1)]);
    expect(freed.messages).toMatchObject([
      { status: 'cancelled', countedAt: null },
      { status: 'ready', dueAt: START + 1 },
    ]);
  });

  test('a rule that ends the enrollment says so on it', () => {
    const exits = { pressure: [{ rule: 'enough', window: { lifetime: true }, max: 0, onBlocked: 'exit' }] };
    const after = advanced(state(), library([mail('a')], exits), START, [arrival('Begun', START)]);
    expect(after.messages).toMatchObject([{ status: 'blocked', gate: 'pressure', rule: 'enough' }]);
    expect(after.enrollments).toMatchObject([{ status: 'exited', reason: 'blocked by enough' }]);
  });
});

describe('what keeps one contact’s trouble to itself', () => {
  test('a runaway is stopped with its reason, and others go on', () => {
    const circle =
      'scenario: circle\nsteps: { ping: { send: { channel: sms, template: a }, onBlocked: pong }, pong: { send: { channel: sms, template: a }, onBlocked: ping } }';
    const lib = library([circle, mail('good')]);
    const after = advanced(state({ consents: state().consents.slice(0, 1) }), lib, START, [arrival('Begun', START)]);
    expect(after.enrollments).toMatchObject([
      {
        scenarioId: 'circle',
        status: 'stopped',
        reason: 'runaway: 3 messages and calls in a row without a wait',
        endedAt: START,
      },
      { scenarioId: 'good', status: 'active' },
    ]);
    expect(after.messages.filter(({ status }) => status === 'ready')).toHaveLength(1);
  });

  test('a circle of messages that are each handed over is stopped in its second round, however long that takes', () => {
    const circle =
      'scenario: circle\nsteps: { ping: { send: { channel: sms, template: a } }, pong: { send: { channel: sms, template: a }, next: ping } }';
    const lib = library([circle]);
    let after = advanced(state(), lib, START, [arrival('Begun', START)]);
    for (let minute = 1; minute < 9 && after.enrollments[0]!.endedAt === null; minute++) {
      const now = START + minute * MINUTE;
      const { id: messageId, enrollmentId, step } = after.messages.find(({ status }) => status === 'ready')!;
      const messages = after.messages.map((each) => ({ ...each, status: 'sent' as const }));
      const outcome = { kind: 'settled', messageId, enrollmentId, step, outcome: 'sent' } as const;
      after = advanced({ ...after, messages }, lib, now, [{ ...outcome, contactId: ADA, seq: now, receivedAt: now }]);
    }
    expect(after.enrollments).toMatchObject([
      {
        status: 'stopped',
        reason: 'runaway: 3 messages and calls in a row without a wait',
        endedAt: START + 3 * MINUTE,
      },
    ]);
    expect(after.messages.filter(({ status }) => status === 'ready')).toEqual([]);
  });

  test('a wait between two messages begins the count anew', () => {
    const round =
      'scenario: round\nsteps: { ping: { send: { channel: sms, template: a }, onBlocked: pause }, pause: { wait: 1h, next: ping } }';
    const lib = library([round]);
    let after = advanced(state({ consents: [] }), lib, START, [arrival('Begun', START)]);
    for (let hour = 1; hour < 9; hour++) after = advanced(after, lib, START + hour * HOUR);
    expect(after.enrollments).toMatchObject([{ status: 'waiting', planned: 9 }]);
  });

  test('D2: a long backlog is no runaway: 1,500 events in one tick move as they would one by one', () => {
    const lib = library(['key: properties.n\nsteps: { hello: { send: { channel: sms, template: a } } }']);
    const inbox = Array.from({ length: 1_500 }, (_, n) => arrival('Begun', START + n, { n }));
    const after = advanced(state({ consents: [] }), lib, START + DAY, inbox);
    expect(new Set(after.enrollments.map(({ status }) => status))).toEqual(new Set(['completed']));
    expect(after.enrollments).toHaveLength(1_500);
  });

  test('a fault in a step stops that enrollment alone, cancels what it planned, and says why', () => {
    const lib = library([mail('a'), mail('b', 'trigger: { event: Begun }\ngoal: { event: Bought }')], NIGHT);
    const begun = advanced(state(), lib, START, [arrival('Begun', START)]);
    const broken = begun.enrollments.map((each) =>
      each.scenarioId === 'b' ? { ...each, state: { value: 'ghost', context: {} } } : each,
    );
    const after = advanced({ ...begun, enrollments: broken }, lib, START + 1, [arrival('Bought', START + 1)]);
    expect(after.enrollments).toMatchObject([
      { scenarioId: 'a', status: 'active' },
      { scenarioId: 'b', status: 'stopped', endedAt: START + 1 },
    ]);
    expect(after.enrollments[1]!.reason).toMatch(/^fault: .*no step "ghost"/);
    expect(after.messages.map(({ scenarioId, status }) => [scenarioId, status]).sort()).toEqual([
      ['a', 'held'],
      ['b', 'cancelled'],
    ]);
  });

  test('a contact that is gone: what was held is cancelled and nothing stays due for ever', () => {
    const lib = library([
      'scenario: a\ntrigger: { date: birthday, at: "09:00", yearly: true }\nsteps: { pause: { wait: 1d } }',
    ]);
    const held = message({ id: derivedId(ADA, 'message', 1), contactId: ADA, status: 'held', dueAt: START });
    const watches = [{ contactId: ADA, scenarioId: 'a', dueAt: START, fired: {} }];
    const after = advanced(state({ contact: null, messages: [held], watches }), lib, START);
    expect(after.messages).toMatchObject([{ status: 'cancelled', reason: 'the contact is gone' }]);
    expect(after.watches).toMatchObject([{ dueAt: null }]);
  });

  test('an enrollment in a version that was never published is a fault of the library, and nothing is lost', () => {
    const lib = library([mail('a', 'goal: { event: Bought }')], NIGHT);
    const begun = advanced(state(), lib, START, [arrival('Begun', START)]);
    const other = begun.enrollments.map((each) => ({ ...each, scenarioVersion: 7 }));
    expect(() => advanced({ ...begun, enrollments: other }, lib, START + 1, [arrival('Bought', START + 1)])).toThrow(
      'version 7 of scenario a is not in the library',
    );
  });
});

describe('what changes the contact', () => {
  const birthdays =
    'scenario: birthday\ntrigger: { date: birthday, at: "09:00", yearly: true }\nsteps: { pause: { wait: 1d } }';
  const traits = (receivedAt: number, properties: Record<string, unknown>): InboxItem =>
    arrival('Identified', receivedAt, properties, { type: 'identify' });

  test('what a step sets is seen by the next choice, and by another scenario at the next event', () => {
    const setting =
      'scenario: a\nsteps: { mark: { set: { tier: gold } }, is: { choose: [{ when: { attribute: tier, equals: gold }, next: seen }, { otherwise: end }] }, seen: { set: { seen: true } } }';
    const reading =
      'scenario: b\ntrigger: { event: Next }\naudience: { attribute: tier, equals: gold }\nsteps: { pause: { wait: 1d } }';
    const after = advanced(state(), library([setting, reading]), START, [
      arrival('Next', START),
      arrival('Begun', START),
      arrival('Next', START),
    ]);
    expect(after.contact!.attributes).toEqual({ tier: 'gold', seen: true });
    expect(after.enrollments.map(({ scenarioId }) => scenarioId)).toEqual(['a', 'b']);
  });

  test('T5: a date or a zone that a step sets reschedules what hangs on it', () => {
    const lib = library([
      birthdays,
      'scenario: fix\nsteps: { born: { set: { birthday: "1990-03-20" } }, moved: { set: { timezone: Asia/Tokyo } } }',
    ]);
    const watches = [{ contactId: ADA, scenarioId: 'birthday', dueAt: null, fired: {} }];
    const after = advanced(state({ watches }), lib, START, [arrival('Begun', START)]);
    expect(after.contact).toMatchObject({ birthday: '1990-03-20', timezone: 'Asia/Tokyo' });
    expect(after.watches).toMatchObject([{ dueAt: at('2026-03-20T09:00:00+09:00') }]);
  });

  test('T5: a birthday between the arrival of the news and the tick that takes note of it is not lost', () => {
    const nine = at('2026-03-03T09:00:00+01:00');
    const lib = library([birthdays]);
    const watches = [{ contactId: ADA, scenarioId: 'birthday', dueAt: null, fired: {} }];
    const known = advanced(state({ watches }), lib, nine + HOUR, [traits(nine - MINUTE, { birthday: '1990-03-03' })]);
    expect(known.watches).toMatchObject([{ dueAt: nine }]);
    expect(advanced(known, lib, nine + HOUR).enrollments).toMatchObject([{ scenarioId: 'birthday' }]);
    const created = advanced(state({ contact: null }), lib, nine + HOUR, [
      traits(nine - MINUTE, { birthday: '1990-03-03' }),
    ]);
    expect(created.watches).toMatchObject([{ dueAt: nine }]);
  });

  test('no event touches a watch that it does not concern', () => {
    const idle = 'scenario: idle\ntrigger: { inactivity: 30d, activity: [Bought] }\nsteps: { pause: { wait: 1d } }';
    const watches = ['birthday', 'idle'].map((scenarioId) => ({
      contactId: ADA,
      scenarioId,
      dueAt: START + 20 * DAY,
      fired: {},
    }));
    const known = state({
      contact: ada({ createdAt: START - 400 * DAY, birthday: '1990-03-22' }),
      watches: [{ ...watches[0]!, dueAt: at('2026-03-22T09:00:00+01:00') }, watches[1]!],
    });
    const { changes } = advanced(known, library([birthdays, idle]), START, [
      traits(START, { tier: 'gold' }),
      arrival('Bought', START),
    ]);
    expect(changes.contact?.attributes).toEqual({ tier: 'gold' });
    expect(changes.watches).toEqual([]);
  });

  test('an event of somebody unknown creates the contact, named as the backend names it', () => {
    const lib = library([birthdays]);
    const after = advanced(state({ contact: null }), lib, START + MINUTE, [arrival('Seen', START)]);
    expect(after.contact).toMatchObject({ id: ADA, userId: 'ada', createdAt: START });
    expect(after.watches).toEqual([{ contactId: ADA, scenarioId: 'birthday', dueAt: null, fired: {} }]);
  });
});
