import { readFileSync } from 'node:fs';
import { policySchema } from '../../src/gate/index.ts';
import { lintLibrary } from '../../src/scenarios/index.ts';
import { LINT_RULES } from '../../src/scenarios/lint/lint.ts';
import type { TemplateInfo } from '../../src/templates/index.ts';
import { file, HEAD, read } from './files.ts';

const policy = policySchema.parse({
  timezone: 'Europe/Paris',
  country: 'FR',
  senders: {
    brand: { email: 'hello@example.com', sms: 'RELANCE', address: '1 rue de la Paix, 75002 Paris' },
    post: { email: 'post@example.com', address: '1 rue de la Paix, 75002 Paris' },
    nowhere: { email: 'nowhere@example.com' },
  },
  purposes: {
    newsletter: { label: 'Newsletter', legalBasis: 'consent' },
    account: { label: 'Account', legalBasis: 'contract' },
    interest: { label: 'Interest', legalBasis: 'legitimate-interest' },
  },
  pressure: [
    { rule: 'no-texts', scope: { channels: ['sms'], programmes: ['silent'] }, window: { calendar: 'month' }, max: 0 },
    {
      rule: 'nobody',
      scope: { programmes: ['barred'] },
      window: { calendar: 'day' },
      max: [{ when: { attribute: 'a', exists: true }, max: 0 }, { otherwise: 0 }],
    },
    {
      rule: 'some',
      scope: {},
      window: { calendar: 'day' },
      max: [{ when: { attribute: 'a', exists: true }, max: 0 }, { otherwise: 9 }],
    },
  ],
  quietHours: [
    { channels: ['email'], allow: 'Mon-Sun 07:00-22:00' },
    { channels: ['email'], countries: ['FR'], allow: 'Mon-Sat 07:00-22:00' },
  ],
  naming: { scenario: '^[a-z]+-[a-z0-9-]+$' },
  audiences: { regulars: { event: 'Order Completed', count: { gte: 3 } } },
});

const NOW = Date.parse('2026-06-01T12:00:00Z');

const template = (id: string, more: Partial<TemplateInfo> = {}): TemplateInfo => ({
  id,
  channels: ['email', 'sms'],
  locales: [],
  dataKeys: [],
  unsubscribable: true,
  stoppable: true,
  faults: [],
  ...more,
});
const templates = [
  template('hello'),
  template('coupon', { channels: ['email'], dataKeys: ['code', 'until'] }),
  template('bare', { unsubscribable: false, stoppable: false }),
];

const lint = (...sources: string[]): string[] =>
  lintLibrary({
    scenarios: sources.map((source, index) =>
      read(source, index === 0 ? 'p/hello-there.yaml' : `p${index}/hello-there.yaml`),
    ),
    policy,
    templates,
    now: NOW,
  }).map(
    ({ code, severity, line, column, message, hint }) =>
      `${line}:${column} ${severity} ${code} ${message}${hint === undefined ? '' : ` — ${hint}`}`,
  );

const head = (key: string, value: string): string =>
  `${HEAD.replace(new RegExp(`^${key}: .*$`, 'm'), `${key}: ${value}`)}trigger: { event: X }\nsteps: { a: { wait: 1d } }\n`;
const send = (more: string): string => file(`  a: { send: { channel: email, template: hello${more} } }`);

const choose = (conditions: string[]): string =>
  file(`  a: { choose: [${conditions.map((when) => `{ when: ${when}, next: end }`).join(', ')}, { otherwise: end }] }`);

/** One rule: what breaks it, what it says, and what keeps it. */
const CASES: [code: string, broken: string, said: string[], kept: string][] = [
  [
    'unknown-step',
    file(
      '  here: { wait: 1d, next: ther }\n  there: { send: { channel: email, template: hello }, onBlocked: nowhere }\n  ask: { choose: [{ when: { attribute: x, equals: 1 }, next: hre }, { otherwise: exit }] }',
    ),
    [
      '9:27 error unknown-step step here leads to ther, which is not a step of this scenario — did you mean there?',
      '10:66 error unknown-step step there leads to nowhere, which is not a step of this scenario — known here: here, there, ask, end',
      '11:62 error unknown-step step ask leads to hre, which is not a step of this scenario — did you mean here?',
      '11:82 error unknown-step step ask leads to exit, which is not a step of this scenario — known here: here, there, ask, end',
    ],
    file(
      '  here: { wait: { until: { attribute: x }, ifMissing: exit, ifPast: next }, next: there }\n  there: { wait: 1d, next: end }',
    ),
  ],
  [
    'reserved-step',
    file('  a: { wait: 1d }\n  end: { wait: 1d }'),
    ['10:3 error reserved-step end is not a name for a step: it means a place — choose another name, such as end-step'],
    file('  ending: { wait: 1d }'),
  ],
  [
    'unreachable-step',
    file('  a: { wait: 1d, next: c }\n  b: { wait: 1d }\n  c: { wait: 1d }'),
    ['10:3 error unreachable-step no way leads to step b — lead to it from another step (next: b), or take it out'],
    file(
      '  a: { send: { channel: email, template: hello }, onBlocked: b, next: c }\n  b: { wait: 1d }\n  c: { wait: 1d }',
    ),
  ],
  [
    'cycle-without-wait',
    file(
      '  a: { set: { x: 1 } }\n  b: { send: { channel: email, template: hello } }\n  c: { choose: [{ when: { attribute: x, equals: 1 }, next: a }, { otherwise: end }] }',
    ),
    [
      '9:3 error cycle-without-wait the steps a → b → c → a go round without a wait — put a wait or waitFor into the round, or lead out of it',
    ],
    file(
      '  a: { set: { x: 1 } }\n  b: { wait: 1d }\n  c: { choose: [{ when: { attribute: x, equals: 1 }, next: a }, { otherwise: end }] }',
    ),
  ],
  [
    'cycle-without-wait',
    file('  a: { wait: { until: { attribute: x }, ifMissing: a, ifPast: end } }'),
    [
      '9:3 error cycle-without-wait the steps a → a go round without a wait — put a wait or waitFor into the round, or lead out of it',
    ],
    file('  a: { waitFor: { event: X }, timeout: 1d, onEvent: a, onTimeout: end }'),
  ],
  [
    'unknown-template',
    file('  a: { send: { channel: email, template: helo } }'),
    ['9:42 error unknown-template there is no template called helo — did you mean hello?'],
    send(''),
  ],
  [
    'template-without-channel',
    file('  a: { send: { channel: sms, template: coupon, data: { code: 1, until: 2 } } }'),
    [
      '9:40 error template-without-channel template coupon cannot be sent by sms — add templates/coupon/sms.txt.hbs, or send it by email',
    ],
    file('  a: { send: { channel: sms, template: hello } }'),
  ],
  [
    'missing-data',
    file('  a: { send: { channel: email, template: coupon, data: { code: 1 } } }'),
    [
      '9:50 error missing-data template coupon reads data.until, which this step does not give — write data: { until: … } in the send step',
    ],
    file('  a: { send: { channel: email, template: coupon, data: { code: 1, until: 2 } } }'),
  ],
  [
    'missing-way-out',
    file('  a: { send: { channel: email, template: bare } }\n  b: { send: { channel: sms, template: bare } }'),
    [
      '9:42 error missing-way-out template bare lacks an unsubscribe link, which a message that needs consent must have — put {{links.unsubscribe}} into every variant of the mail',
      '10:40 error missing-way-out template bare lacks the way to stop, which a message that needs consent must have — end every variant of the text with, for instance, STOP 36000',
    ],
    file('  a: { send: { channel: email, template: bare, category: transactional, purpose: account } }'),
  ],
  [
    'unknown-category',
    head('category', 'marketting'),
    ['4:11 error unknown-category the policy has no category marketting — did you mean marketing?'],
    send(', category: service, purpose: account'),
  ],
  [
    'unknown-category',
    send(', category: other'),
    ['9:59 error unknown-category the policy has no category other — known here: marketing, service, transactional'],
    send(''),
  ],
  [
    'unknown-purpose',
    head('purpose', 'news'),
    ['5:10 error unknown-purpose the policy has no purpose news — known here: newsletter, account, interest'],
    send(', category: service, purpose: account'),
  ],
  [
    'unknown-purpose',
    file(
      '  a: { choose: [{ when: { not: { consent: { channel: sms, purpose: offers }, is: granted } }, next: end }, { otherwise: end }] }',
    ),
    ['9:19 error unknown-purpose the policy has no purpose offers — known here: newsletter, account, interest'],
    file(
      '  a: { choose: [{ when: { not: { consent: { channel: sms, purpose: account }, is: granted } }, next: end }, { otherwise: end }] }',
    ),
  ],
  [
    'unknown-sender',
    head('sender', 'brnd'),
    ['6:9 error unknown-sender the policy has no sender brnd — did you mean brand?'],
    send(', sender: post'),
  ],
  [
    'sender-without-channel',
    file('  a: { send: { channel: sms, template: hello, sender: post } }'),
    [
      '9:55 error sender-without-channel sender post cannot send by sms — give senders.post of policy.yaml a value for sms, or name another sender',
    ],
    send(', sender: post'),
  ],
  [
    'unknown-audience',
    file('  a: { wait: 1d }', 'trigger: { event: X }\naudience: { not: { audience: regular } }\n'),
    ['8:1 error unknown-audience there is no audience called regular — did you mean regulars?'],
    file('  a: { wait: 1d }', 'trigger: { event: X }\naudience: { not: { audience: regulars } }\n'),
  ],
  [
    'unknown-placeholder',
    file('  a: { set: { x: "{{total}}" } }'),
    ['9:18 error unknown-placeholder {{total}} reads nothing — begin it with contact., event. or enrollment.'],
    file('  a: { set: { x: "{{event.total}}" } }'),
  ],
  [
    'unknown-placeholder',
    file('  a: { emit: { event: Told, properties: { sum: "{{total}}" } } }'),
    ['9:48 error unknown-placeholder {{total}} reads nothing — begin it with contact., event. or enrollment.'],
    file('  a: { emit: { event: Told, properties: { sum: "{{event.total}}" } } }'),
  ],
  [
    'unknown-scenario',
    file('  a: { enrol: { scenario: helo-there } }'),
    ['9:27 error unknown-scenario there is no scenario called helo-there — did you mean hello-there?'],
    file('  a: { wait: 1d }\n  b: { enrol: { scenario: hello-there } }'),
  ],
  [
    'cycle-without-wait',
    file('  a: { emit: { event: Told } }\n  b: { enrol: { scenario: hello-there }, next: a }'),
    [
      '9:3 error cycle-without-wait the steps a → b → a go round without a wait — put a wait or waitFor into the round, or lead out of it',
    ],
    file('  a: { emit: { event: Told } }\n  b: { wait: 1d, next: a }'),
  ],
  [
    'branch-never-taken',
    choose(['{ all: [{ attribute: country, equals: FR }, { attribute: country, equals: BE }] }']),
    [
      '9:19 error branch-never-taken nobody can take this branch: its condition contradicts itself — mend the condition (did you mean any instead of all?), or take the branch out',
    ],
    choose(['{ any: [{ attribute: country, equals: FR }, { attribute: country, equals: BE }] }']),
  ],
  [
    'branch-never-taken',
    choose(['{ attribute: score, gte: 10 }', '{ attribute: score, gte: 20 }']),
    [
      '9:71 error branch-never-taken nobody is left for this branch: branch 1 takes everyone who meets its condition — put it before branch 1, or take it out',
    ],
    choose(['{ attribute: score, gte: 20 }', '{ attribute: score, gte: 10 }']),
  ],
  [
    'branch-never-taken',
    choose([
      '{ event: Order Completed, within: 90d }',
      '{ attribute: vip, exists: true }',
      '{ any: [{ event: Order Completed, within: 30d }, { attribute: vip, equals: true }] }',
    ]),
    [
      '9:136 error branch-never-taken nobody is left for this branch: the branches before it take everyone who meets its condition — put it before them, or take it out',
    ],
    choose(['{ event: Order Completed, within: 30d }', '{ event: Order Completed, within: 90d }']),
  ],
  [
    'otherwise-never-taken',
    choose(['{ attribute: vip, exists: true }', '{ attribute: vip, exists: false }']),
    [
      '9:141 warning otherwise-never-taken nobody is left for otherwise: the branches before it take everyone — make the last branch the otherwise',
    ],
    choose(['{ attribute: score, gt: 5 }', '{ attribute: score, lte: 5 }']),
  ],
  [
    'condition-never-true',
    file('  a: { waitFor: { event: X, where: { property: total, gte: 10, lt: 5 } }, timeout: 1d }'),
    [
      '9:29 error condition-never-true nothing can meet this condition: it contradicts itself — take out one of the parts that contradict each other, or join them with any',
    ],
    file('  a: { waitFor: { event: X, where: { property: total, gte: 5, lt: 10 } }, timeout: 1d }'),
  ],
  [
    'condition-never-true',
    file(
      '  a: { wait: 1d }',
      'trigger: { event: X, where: { property: form, equals: news } }\naudience: { property: form, in: [a, b] }\n',
    ),
    [
      '8:1 error condition-never-true nobody who passes the filter of the trigger is in this audience — take out one of the parts that contradict each other, or join them with any',
    ],
    file(
      '  a: { wait: 1d }',
      'trigger: { event: X, where: { property: form, equals: news } }\naudience: { attribute: form, in: [a, b] }\n',
    ),
  ],
  [
    'exit-never-taken',
    file('  a: { wait: 1d }', 'trigger: { event: X }\nexit: [{ event: Paid }]\ngoal: { event: Paid }\n'),
    [
      '8:17 warning exit-never-taken whoever does Paid has reached the goal, and ends as converted before this exit is asked — take the exit out, or tell goal and exit apart with where',
    ],
    file('  a: { wait: 1d }', 'trigger: { event: X }\nexit: [{ event: Paid }]\ngoal: { event: Paid, within: 7d }\n'),
  ],
  [
    'exit-never-taken',
    file(
      '  a: { wait: 1d }',
      'trigger: { event: X }\nexit: [{ event: Paid, where: { property: total, gte: 20 } }]\ngoal: { event: Paid, where: { property: total, gte: 10 } }\n',
    ),
    [
      '8:17 warning exit-never-taken whoever does Paid has reached the goal, and ends as converted before this exit is asked — take the exit out, or tell goal and exit apart with where',
    ],
    file(
      '  a: { wait: 1d }',
      'trigger: { event: X }\nexit: [{ event: Paid, where: { property: total, gte: 10 } }]\ngoal: { event: Paid, where: { property: total, gte: 20 } }\n',
    ),
  ],
  [
    'goal-never-reached',
    file('  a: { set: { x: 1 } }', 'trigger: { event: X }\ngoal: { event: Paid }\n'),
    [
      '8:16 warning goal-never-reached the scenario is over in the instant in which it begins, so no Paid can come while somebody is inside — end with a waitFor of that event, or take the goal out',
    ],
    file('  a: { set: { x: 1 } }\n  b: { wait: 1d }', 'trigger: { event: X }\ngoal: { event: Paid, within: 1h }\n'),
  ],
  [
    'not-a-date',
    file('  a: { wait: { until: { attribute: country }, ifMissing: next, ifPast: next } }'),
    [
      '9:36 error not-a-date country of a contact is never a date, so its day never comes — name an attribute that holds a date, such as birthday or createdAt',
    ],
    file('  a: { wait: { until: { attribute: birthday }, ifMissing: next, ifPast: next } }'),
  ],
  [
    'not-a-date',
    file('  a: { wait: 1d }', 'trigger: { date: locale, at: "09:00" }\n'),
    [
      '7:18 error not-a-date locale of a contact is never a date, so its day never comes — name an attribute that holds a date, such as birthday or createdAt',
    ],
    file('  a: { wait: 1d }', 'trigger: { date: renewal, at: "09:00" }\n'),
  ],
  [
    'date-is-past',
    file('  a: { wait: { until: { date: 2026-05-29 } } }\n  b: { wait: 1d }'),
    [
      '9:31 warning date-is-past 2026-05-29 is past, so this wait passes at once — write a day to come, or take the wait out',
    ],
    file('  a: { wait: { until: { date: 2026-06-01 } } }'),
  ],
  [
    'date-is-past',
    file('  a: { wait: 1d }', 'trigger: { rrule: "FREQ=DAILY;UNTIL=20260501", at: "09:00", start: 2026-01-01 }\n'),
    [
      '7:19 warning date-is-past the last day of this schedule is past, so it lets nobody in any more — write a later UNTIL, or take the file out',
    ],
    file('  a: { wait: 1d }', 'trigger: { rrule: "FREQ=DAILY;UNTIL=20260701", at: "09:00", start: 2026-01-01 }\n'),
  ],
  [
    'sender-without-address',
    send(', sender: nowhere'),
    [
      '9:57 warning sender-without-address sender nowhere has no postal address, by which whoever gets its marketing mail could tell who writes — write senders.nowhere.address in policy.yaml, and {{sender.address}} at the end of the mails',
    ],
    send(', sender: nowhere, category: service, purpose: account'),
  ],
  [
    'purpose-against-category',
    head('purpose', 'account').replace('{ wait: 1d }', '{ send: { channel: email, template: hello } }'),
    [
      '5:10 warning purpose-against-category category marketing needs consent, and purpose account rests on a contract: whoever never consented gets no message — name a purpose with legalBasis consent or soft-opt-in, or a category without consent',
    ],
    head('purpose', 'account').replace(
      '{ wait: 1d }',
      '{ send: { channel: email, template: hello, purpose: newsletter } }',
    ),
  ],
  [
    'purpose-against-category',
    send(', category: service'),
    [
      '9:59 warning purpose-against-category category service is sent without consent, and purpose newsletter rests on it (consent): whoever withdrew gets the message all the same — name a category that needs consent, or a purpose with legalBasis contract',
    ],
    send(', category: service, purpose: interest'),
  ],
  [
    'always-blocked',
    file('  a: { send: { channel: sms, template: hello } }').replace('programme: welcome', 'programme: silent'),
    [
      '9:40 warning always-blocked no contact gets this message: pressure rule no-texts of the policy covers it with a maximum of 0 — give the rule a maximum above 0, or a scope without this message',
    ],
    send('').replace('programme: welcome', 'programme: silent'),
  ],
  [
    'always-blocked',
    send('').replace('programme: welcome', 'programme: barred'),
    [
      '9:42 warning always-blocked no contact gets this message: pressure rule nobody of the policy covers it with a maximum of 0 — give the rule a maximum above 0, or a scope without this message',
    ],
    send(', category: service, purpose: account').replace('programme: welcome', 'programme: barred'),
  ],
  [
    'window-never-open',
    send(', window: "Mon-Fri 22:00-06:00"'),
    [
      '9:57 error window-never-open this message can never leave: its window (Mon-Fri 22:00-06:00) and the quiet hours of the policy (Mon-Sun 07:00-22:00) are never open together — write hours that lie within Mon-Sun 07:00-22:00',
    ],
    send(', window: "Mon-Fri 22:00-08:00"'),
  ],
  [
    'window-never-open',
    send(', window: "Sun 09:00-12:00"'),
    [
      '9:57 warning window-never-open this message can never leave for contacts in FR: its window (Sun 09:00-12:00) and the quiet hours of the policy (Mon-Sun 07:00-22:00; Mon-Sat 07:00-22:00) are never open together — write hours that lie within Mon-Sat 07:00-22:00',
    ],
    send(', window: "Sat-Sun 09:00-12:00"'),
  ],
  [
    'expires-before-window',
    send(', window: "Mon-Fri 09:00-19:00", expires: 1d'),
    [
      '9:89 warning expires-before-window the window Mon-Fri 09:00-19:00 is shut for up to 62 hours, and the message expires after 1d: planned when it has just shut, it never leaves — write at least 62h, or a window that is shut for less',
    ],
    send(', window: "Mon-Fri 09:00-19:00", expires: 3d'),
  ],
  [
    'scenario-file-name',
    head('scenario', 'hello-you'),
    [
      '1:11 error scenario-file-name the scenario is called hello-you and its file hello-there.yaml — call the file hello-you.yaml',
    ],
    send(''),
  ],
];

describe('lint', () => {
  test.each(CASES)('%s (%#)', (code, broken, said, kept) => {
    expect(lint(broken).filter((fault) => fault.includes(` ${code} `))).toEqual(said);
    expect(lint(kept)).toEqual([]);
  });

  test('duplicate-scenario is told at the later file', () => {
    const twice = lintLibrary({
      scenarios: [read(send(''), 'a/hello-there.yaml'), read(send(''), 'b/hello-there.yaml')],
      policy,
      templates,
      now: NOW,
    });
    expect(twice).toMatchObject([
      {
        code: 'duplicate-scenario',
        file: 'b/hello-there.yaml',
        line: 1,
        message: 'a/hello-there.yaml already is the scenario hello-there',
      },
    ]);
  });

  describe('same-trigger', () => {
    const two = (one: string, other: string, steps = '  a: { send: { channel: email, template: hello } }') =>
      lintLibrary({
        scenarios: [
          read(file('  a: { send: { channel: email, template: hello } }', one), 'p/hello-there.yaml'),
          read(file(steps, other).replace('hello-there', 'hello-again'), 'p/hello-again.yaml'),
        ],
        policy,
        templates,
        now: NOW,
      });
    const event = (where: string): string => `trigger: { event: X${where} }\n`;

    test('names both, at the later file', () => {
      expect(two(event(''), event(', where: { property: form, equals: a }'))).toMatchObject([
        {
          code: 'same-trigger',
          severity: 'warning',
          file: 'p/hello-again.yaml',
          line: 7,
          column: 1,
          message: 'hello-there has the same trigger and the same priority (50), and sends by the same channel',
          hint: 'give one of the two another priority, or filters that exclude each other',
        },
      ]);
      const idle = 'trigger: { inactivity: 30d, activity: [A, B] }\n';
      expect(two(idle, 'trigger: { inactivity: 30d, activity: [B, A] }\n')).toHaveLength(1);
      const date = 'trigger: { date: birthday, at: "09:00", yearly: true }\n';
      expect(two(date, date)).toHaveLength(1);
    });

    test.each([
      [
        'filters that exclude each other',
        event(', where: { property: form, equals: a }'),
        event(', where: { property: form, equals: b }'),
      ],
      [
        'a filter and an audience that do',
        event(', where: { property: form, equals: a }'),
        `${event('')}audience: { property: form, equals: b }\n`,
      ],
      ['another priority', event(''), `${event('')}priority: 60\n`],
      ['another event', event(''), 'trigger: { event: Y }\n'],
      ['entered by hand', 'trigger: { manual: true }\n', 'trigger: { manual: true }\n'],
    ])('not with %s', (_what, one, other) => {
      expect(two(one, other)).toEqual([]);
    });

    test('not when the other sends by another channel, or nothing', () => {
      expect(two(event(''), event(''), '  a: { send: { channel: sms, template: hello } }')).toEqual([]);
      expect(two(event(''), event(''), '  a: { set: { x: 1 } }')).toEqual([]);
    });
  });

  test('naming is a warning', () => {
    const [fault, ...others] = lintLibrary({
      scenarios: [read(head('scenario', 'hello'), 'hello.yaml')],
      policy,
      templates,
      now: NOW,
    });
    expect(fault).toMatchObject({
      code: 'naming',
      severity: 'warning',
      hint: 'choose an id that matches ^[a-z]+-[a-z0-9-]+$',
    });
    expect(others).toEqual([]);
  });

  test('without a policy nothing is held against one', () => {
    expect(
      lintLibrary({
        scenarios: [read(head('purpose', 'other'), 'hello-there.yaml')],
        policy: undefined,
        templates,
        now: NOW,
      }),
    ).toEqual([]);
  });

  test('three hundred steps in a row are walked, and a round through all of them is found', () => {
    const steps = Array.from({ length: 300 }, (_, index) => `  s${index}: { set: { x: ${index} } }`);
    expect(lint(file(steps.join('\n')))).toEqual([]);
    const round = lint(file([...steps, '  last: { set: { x: 1 }, next: s0 }'].join('\n')));
    expect(round).toHaveLength(1);
    expect(round[0]).toContain('cycle-without-wait');
  });

  test('every rule has a broken and a kept example', () => {
    const shown = new Set([...CASES.map(([code]) => code), 'duplicate-scenario', 'naming', 'same-trigger']);
    expect(Object.keys(LINT_RULES).filter((code) => !shown.has(code))).toEqual([]);
  });

  test('every rule has a heading in docs/lint.md', () => {
    const page = readFileSync(new URL('../../docs/lint.md', import.meta.url), 'utf8');
    const headings = new Set([...page.matchAll(/^### (.+)$/gm)].map((match) => match[1]));
    expect(Object.keys(LINT_RULES).filter((code) => !headings.has(code))).toEqual([]);
  });
});
