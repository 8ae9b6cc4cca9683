import { resolveFlow } from '../../src/scenarios/index.ts';
import { faultsOf, file, HEAD, read } from './files.ts';

describe('a scenario file', () => {
  test('has defaults where nothing is written', () => {
    expect(read(file('  a: { wait: 2d }')).scenario).toMatchObject({
      priority: 50,
      reentry: 'never',
      exit: [],
      trigger: { kind: 'event', event: 'Signed Up' },
      steps: { a: { kind: 'wait', wait: { form: 'duration', duration: '2d' } } },
    });
  });

  test('keeps all that the language has', () => {
    const more = `objective: 25 % order
stage: onboarding
owner: crm@example.com
review: 3mo
priority: 80
trigger: { event: Form Submitted, where: { property: form, equals: newsletter } }
audience: { all: [{ attribute: country, in: [FR, BE] }, { not: { event: Order Completed, count: { gte: 2 }, within: 90d } }] }
reentry: { after: 90d }
key: properties.orderId
exit:
  - event: Account Closed
  - { event: Subscription Changed, where: { property: plan, equals: none } }
goal: { event: Order Completed, within: 14d, stay: true }
holdout: 5%
`;
    const steps = `
  hello: { send: { channel: email, template: welcome-hello, sender: brand, priority: 90, expires: 7d, window: "Mon-Fri 09:00-19:00", data: { code: A1 } }, onBlocked: text }
  text: { send: { channel: sms, template: welcome-text } }
  visit: { waitFor: { event: Product Viewed, where: { property: price, gte: 20 } }, timeout: 5d, onEvent: thanks, onTimeout: end }
  thanks: { set: { tier: customer, since: "{{event.at}}" } }
  share: { split: [{ weight: 1, next: hello-again }, { weight: 3, next: end }] }
  hello-again: { choose: [{ when: { consent: { channel: sms, purpose: newsletter }, is: granted }, next: text }, { otherwise: end }] }
`;
    const { scenario } = read(file(steps, more));
    expect(scenario).toMatchObject({
      priority: 80,
      reentry: { after: '90d' },
      key: 'properties.orderId',
      goal: { event: 'Order Completed', within: '14d', stay: true },
      holdout: 0.05,
    });
    expect(scenario.steps.hello).toEqual({
      kind: 'send',
      channel: 'email',
      template: 'welcome-hello',
      sender: 'brand',
      priority: 90,
      expires: '7d',
      window: 'Mon-Fri 09:00-19:00',
      data: { code: 'A1' },
      onBlocked: 'text',
    });
    expect(scenario.steps.visit).toMatchObject({
      kind: 'waitFor',
      event: 'Product Viewed',
      timeout: '5d',
      onEvent: 'thanks',
    });
    expect(Object.keys(scenario.steps)).toEqual(['hello', 'text', 'visit', 'thanks', 'share', 'hello-again']);
  });

  test.each<[string, string, object]>([
    ['a duration', '2d', { form: 'duration', duration: '2d' }],
    ['a time', '{ until: { time: "09:00" } }', { form: 'moment', time: '09:00' }],
    [
      'a weekday',
      '{ until: { weekday: Monday, time: "09:00" } }',
      { form: 'moment', weekdays: ['Monday'], time: '09:00' },
    ],
    ['several weekdays', '{ until: { weekday: [mon, thu] } }', { form: 'moment', weekdays: ['mon', 'thu'] }],
    ['a date', '{ until: { date: 2026-12-24 } }', { form: 'moment', date: '2026-12-24' }],
    [
      'an attribute',
      '{ until: { attribute: trialEnd, offset: -3d, at: "10:00" }, ifMissing: exit, ifPast: next }',
      { form: 'attribute', attribute: 'trialEnd', offset: '-3d', at: '10:00', ifMissing: 'exit', ifPast: 'next' },
    ],
  ])('wait: %s', (_name, written, form) => {
    expect(read(file(`  a: { wait: ${written} }`)).scenario.steps.a).toEqual({ kind: 'wait', wait: form });
  });

  test.each<[string, string, object]>([
    ['event', '{ event: X }', { kind: 'event', event: 'X' }],
    [
      'date',
      '{ date: birthday, at: "09:00", yearly: true }',
      { kind: 'date', date: 'birthday', at: '09:00', yearly: true, feb29: 'feb28' },
    ],
    [
      'date with all',
      '{ date: renewal, offset: -7d, at: "09:00", feb29: mar1 }',
      { kind: 'date', date: 'renewal', offset: '-7d', at: '09:00', yearly: false, feb29: 'mar1' },
    ],
    [
      'inactivity',
      '{ inactivity: 30d, activity: [Order Completed], at: "10:00", neverActive: true }',
      {
        kind: 'inactivity',
        inactivity: '30d',
        activity: ['Order Completed'],
        at: '10:00',
        neverActive: true,
        existing: 'enter',
      },
    ],
    [
      'schedule',
      '{ rrule: "FREQ=MONTHLY;BYMONTHDAY=1", at: "09:00", start: 2026-01-01 }',
      { kind: 'schedule', rrule: 'FREQ=MONTHLY;BYMONTHDAY=1', at: '09:00', start: '2026-01-01' },
    ],
    [
      'schedule without a start',
      '{ rrule: FREQ=WEEKLY, at: "09:00" }',
      { kind: 'schedule', rrule: 'FREQ=WEEKLY', at: '09:00', start: '2024-01-01' },
    ],
    ['audience', '{ leaves: { event: X } }', { kind: 'audience', on: 'leaves', condition: { event: 'X' } }],
    ['manual', '{ manual: true }', { kind: 'manual' }],
  ])('trigger: %s', (_name, written, trigger) => {
    expect(read(file('  a: { wait: 2d }', `trigger: ${written}\n`)).scenario.trigger).toEqual(trigger);
  });
});

describe('the flow', () => {
  const flow = resolveFlow(
    read(
      file(`
  hello: { send: { channel: email, template: x } }
  ask: { choose: [{ when: { attribute: a, exists: true }, next: date }, { otherwise: visit }] }
  text: { send: { channel: sms, template: x }, next: visit, onBlocked: end }
  visit: { waitFor: { event: X }, timeout: 5d, onEvent: text }
  date: { wait: { until: { attribute: b }, ifMissing: exit, ifPast: next }, next: hello }
  last: { set: { a: 1 } }
`),
    ).scenario,
  );
  const to = Object.fromEntries([...flow.values()].map((step) => [step.id, step.to]));

  test('the step below is the default, and the end below the last', () => {
    expect(to.hello).toEqual({ next: 'ask', onBlocked: 'ask' });
    expect(to.last).toEqual({ next: 'end' });
  });
  test('what is written is what is taken', () => {
    expect(to.ask).toEqual({ 0: 'date', otherwise: 'visit' });
    expect(to.text).toEqual({ next: 'visit', onBlocked: 'end' });
    expect(to.visit).toEqual({ onEvent: 'text', onTimeout: 'date' });
  });
  test('ifPast: next is the way next leads', () => {
    expect(to.date).toEqual({ next: 'hello', ifMissing: 'exit', ifPast: 'hello' });
  });
});

describe('what is wrong is named with its place and its mending', () => {
  test.each<[string, string, string[]]>([
    [
      'an unknown key',
      HEAD.replace('name:', 'nmae:') + 'trigger: { manual: true }\nsteps: { a: { wait: 1d } }\n',
      ['3:1 unknown-key there is no "nmae" here — did you mean name?'],
    ],
    [
      'a missing key',
      file('  a: { wait: 1d }').replace('sender: brand\n', ''),
      ['1:1 missing-key "sender" is missing'],
    ],
    [
      'an unknown step kind',
      file('  a: { sned: { channel: email, template: x } }'),
      ['9:8 unknown-key there is no "sned" here — did you mean send?'],
    ],
    [
      'a misspelt step kind',
      file('  a: { waitfor: { event: X }, timeout: 1d }'),
      ['9:8 unknown-key there is no "waitfor" here — did you mean waitFor?'],
    ],
    [
      'two kinds in one step',
      file('  a: { wait: 1d, set: { x: 1 } }'),
      ['9:18 unknown-key "wait" and "set" do not go together — keep one of them'],
    ],
    [
      'a rule that is none',
      file('  a: { wait: 1d }', 'trigger: { rrule: FREQ=HOURLY, at: "09:00" }\n'),
      [
        '7:19 wrong-rrule "FREQ=HOURLY": not a rule of RFC 5545 by days or more — write, for instance, FREQ=MONTHLY;BYMONTHDAY=1 or FREQ=WEEKLY;BYDAY=MO,TH',
      ],
    ],
    [
      'a rule that no day fits',
      file('  a: { wait: 1d }', 'trigger: { rrule: "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", at: "09:00" }\n'),
      [
        '7:19 wrong-rrule "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30": a rule that no day ever fits — check its days and months against each other, and UNTIL against start',
      ],
    ],
    [
      'a rule that has ended before it begins',
      file('  a: { wait: 1d }', 'trigger: { rrule: FREQ=DAILY;UNTIL=20251231, at: "09:00", start: 2026-01-01 }\n'),
      [
        '7:19 wrong-rrule "FREQ=DAILY;UNTIL=20251231": a rule that no day ever fits — check its days and months against each other, and UNTIL against start',
      ],
    ],
    [
      'a rule that counts from nowhere',
      file('  a: { wait: 1d }', 'trigger: { rrule: FREQ=DAILY;INTERVAL=2, at: "09:00" }\n'),
      [
        '7:19 wrong-rrule "FREQ=DAILY;INTERVAL=2": COUNT and INTERVAL are counted from a first day — write it, such as start: 2026-01-01',
      ],
    ],
    [
      'an emit without an event',
      file('  a: { emit: { propertes: { x: 1 } } }'),
      [
        '9:8 missing-key "event" is missing',
        '9:16 unknown-key there is no "propertes" here — did you mean properties?',
      ],
    ],
    [
      'no kind',
      file('  a: { next: end }'),
      [
        '9:3 missing-key nothing here says what it is — write one of send, wait, waitFor, choose, split, set, emit, enrol, webhook',
      ],
    ],
    [
      'a key of another kind',
      file('  a: { wait: 1d, onBlocked: end }'),
      ['9:18 unknown-key there is no "onBlocked" here — known here: wait, next'],
    ],
    [
      'an unknown channel',
      file('  a: { send: { channel: emial, template: x } }'),
      ['9:25 wrong-value "emial" is not known here — did you mean email?'],
    ],
    [
      'an unknown operator',
      file('  a: { choose: [{ when: { attribute: x, equls: 1 }, next: end }, { otherwise: end }] }'),
      ['9:41 unknown-key there is no "equls" here — did you mean equals?'],
    ],
    [
      'no operator',
      file('  a: { choose: [{ when: { attribute: x }, next: end }, { otherwise: end }] }'),
      [expect.stringContaining('9:19 missing-key compares with nothing — write an operator: equals, not, in')],
    ],
    [
      'an unknown kind of condition',
      file('  a: { choose: [{ when: { atribute: x, equals: 1 }, next: end }, { otherwise: end }] }'),
      ['9:27 unknown-key there is no "atribute" here — did you mean attribute?'],
    ],
    [
      'deep in a condition',
      file(
        '  a: { choose: [{ when: { all: [{ not: { any: [{ property: x, gt: [1] }] } }] }, next: end }, { otherwise: end }] }',
      ),
      ['9:63 wrong-type a list stands where a text or a number or a map is needed'],
    ],
    [
      'nothing to be equal to',
      file('  a: { wait: 1d }', 'trigger: { event: X, where: { property: x, equals: null } }\n'),
      ['7:52 wrong-type nothing stands where a text or a number or true or false or a map is needed'],
    ],
    [
      'a wrong duration',
      file('  a: { wait: 2x }'),
      [
        '9:14 wrong-duration "2x": not a duration — write one unit, such as 10m, 4h, 3d, 2w, 6mo or 1y, or ISO 8601, such as P1DT2H',
      ],
    ],
    [
      'a wait of nothing',
      file('  a: { wait: 0d }'),
      ['9:14 wrong-duration "0d": a duration here must be longer than nothing — write, for instance, 1h or 3d'],
    ],
    [
      'a wait backwards',
      file('  a: { wait: -2d }'),
      ['9:14 wrong-duration "-2d": a duration here must be longer than nothing — write, for instance, 1h or 3d'],
    ],
    [
      'a time without quotes',
      file('  a: { wait: { until: { time: 9 } } }'),
      ['9:31 wrong-time 9: not a time of day — write "09:00", in quotes'],
    ],
    [
      'a time that is none',
      file('  a: { wait: { until: { time: "25:00" } } }'),
      ['9:31 wrong-time "25:00": not a time of day — write hours and minutes in quotes, such as "09:00"'],
    ],
    [
      'a day that is none',
      file('  a: { wait: { until: { weekday: funday } } }'),
      ['9:34 wrong-value "funday": not a day of the week — write Monday to Sunday, or Mon to Sun'],
    ],
    [
      'a date that does not exist',
      file('  a: { wait: { until: { date: 2026-02-30 } } }'),
      [expect.stringContaining('9:31 wrong-value "2026-02-30": not a date')],
    ],
    [
      'a window that is none',
      file('  a: { send: { channel: sms, template: x, window: always } }'),
      [expect.stringContaining('9:51 wrong-window "always": not a weekly window')],
    ],
    [
      'until nothing',
      file('  a: { wait: { until: {} } }'),
      ['9:16 missing-key says no moment — write at least one of time, weekday and date, or an attribute'],
    ],
    [
      'waitFor without timeout',
      file('  a: { waitFor: { event: X } }'),
      ['9:3 wait-without-end "timeout" is missing — write for how long at most, such as timeout: 5d'],
    ],
    [
      'an attribute wait without its fallbacks',
      file('  a: { wait: { until: { attribute: x } } }'),
      [
        '9:8 wait-without-fallback "ifMissing" is missing — say what happens when the date is missing: next, exit, or a step',
        '9:8 wait-without-fallback "ifPast" is missing — say what happens when the date is past: next, exit, or a step',
      ],
    ],
    [
      'choose without otherwise',
      file('  a: { choose: [{ when: { attribute: x, equals: 1 }, next: end }] }'),
      [
        '9:8 missing-otherwise does not say what happens when no condition holds — end the list with - otherwise: <step>',
      ],
    ],
    [
      'otherwise before the end',
      file('  a: { choose: [{ otherwise: end }, { otherwise: end }] }'),
      [
        '9:30 missing-otherwise "end": otherwise stands before other branches, which are never taken — keep one otherwise, as the last of the list',
      ],
    ],
    [
      'an id that is none',
      file('  Hello_There: { wait: 1d }'),
      [expect.stringContaining('9:3 wrong-value "Hello_There": not an id')],
    ],
    [
      'a step named by a number',
      file('  1: { wait: 1d }'),
      [expect.stringContaining('wrong-value a step named by a number alone loses its place')],
    ],
    ['no steps', `${HEAD}trigger: { manual: true }\nsteps: {}\n`, ['8:1 missing-key has no step']],
    [
      'steps as a list',
      `${HEAD}trigger: { manual: true }\nsteps:\n  - wait: 1d\n`,
      ['8:1 wrong-type a list stands where a map is needed — write keys, without - before them'],
    ],
    [
      'an unknown trigger',
      file('  a: { wait: 1d }', 'trigger: { evnt: X }\n'),
      ['7:12 unknown-key there is no "evnt" here — did you mean event?'],
    ],
    [
      'an empty trigger',
      file('  a: { wait: 1d }', 'trigger: {}\n'),
      [
        '7:1 missing-key nothing here says what it is — write one of event, date, inactivity, enters, leaves, rrule, manual',
      ],
    ],
    [
      'priority out of range',
      file('  a: { wait: 1d }', 'trigger: { manual: true }\npriority: 101\n'),
      [expect.stringContaining('8:11 wrong-value 101:')],
    ],
    [
      'a share without a sign',
      file('  a: { wait: 1d }', 'trigger: { manual: true }\nholdout: 5\n'),
      ['8:10 wrong-type the number 5 stands where a text is needed — write a percentage, such as 5%'],
    ],
    [
      're-entry that is none',
      file('  a: { wait: 1d }', 'trigger: { manual: true }\nreentry: alway\n'),
      ['8:10 wrong-value "alway" is not known here — did you mean always?'],
    ],
    [
      'a misspelt re-entry',
      file('  a: { wait: 1d }', 'trigger: { manual: true }\nreentry: { aftr: 3d }\n'),
      ['8:12 unknown-key there is no "aftr" here — did you mean after?'],
    ],
    [
      'a dangerous pattern',
      file('  a: { wait: 1d }', 'trigger: { event: X, where: { property: x, matches: "a(?=b)" } }\n'),
      [
        '7:53 wrong-pattern "a(?=b)": no bound on its time: leave out `(?=`, `(?!`, `(?<=`, `(?<!`, `\\1`, `\\k`, and counts beyond a thousand',
      ],
    ],
  ])('%s', (_name, source, expected) => {
    expect(faultsOf(source)).toEqual(expected);
  });
  test('every fault of a file is told at once', () => {
    const faults = faultsOf(`scenario: A\nprogramme: b\nprioritty: 3\n`).map((fault) => fault.split(' ')[1]);
    expect(faults).toEqual(['wrong-value', 'missing-key', 'unknown-key']);
  });
});
