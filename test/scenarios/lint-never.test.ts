import { lintLibrary } from '../../src/scenarios/index.ts';
import { file, read } from './files.ts';
import { choose, head, lint, NOW, policy, send, templates, type Case } from './lint-setting.ts';

const CASES: Case[] = [
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
    'short-months',
    file('  a: { wait: 1d }', 'trigger: { rrule: "FREQ=MONTHLY;BYMONTHDAY=31", at: "09:00" }\n'),
    [
      '7:19 warning short-months the 31st does not come in February, April, June, September, and November: nobody enters then — write BYMONTHDAY=-1 for the last day of each month, or a day up to the 28th',
    ],
    file('  a: { wait: 1d }', 'trigger: { rrule: "FREQ=MONTHLY;BYMONTHDAY=-1", at: "09:00" }\n'),
  ],
  [
    'short-months',
    file('  a: { wait: 1d }', 'trigger: { rrule: "FREQ=YEARLY", at: "09:00", start: 2024-02-29 }\n'),
    [
      '7:54 warning short-months the 29th (the day of start) comes in February in leap years only: other years lack it — write BYMONTHDAY=-1 for the last day of each month, or a day up to the 28th',
    ],
    file('  a: { wait: 1d }', 'trigger: { rrule: "FREQ=YEARLY", at: "09:00", start: 2024-02-28 }\n'),
  ],
  [
    'review-overdue',
    file('  a: { wait: 1d }', 'trigger: { event: X }\nreview: 2026-05-30\n'),
    [
      '8:9 warning review-overdue the review of hello-there was due on 2026-05-30 — see whom it reaches and whether its aim still holds, then write when to look again, and publish it',
    ],
    file('  a: { wait: 1d }', 'trigger: { event: X }\nreview: 2026-06-01\n'),
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
    'promotion-in-service',
    file('  a: { send: { channel: email, template: bonus, category: service, purpose: account } }'),
    [
      '9:42 warning promotion-in-service category service is sent without consent, and "20 % off" in bonus/email.mjml.hbs:3 is an offer — take the offer out, or name a category that needs consent, such as marketing',
    ],
    file('  a: { send: { channel: email, template: bonus } }'),
  ],
  [
    'promotion-in-service',
    send(', category: service, purpose: account').replace('name: Hello', 'name: Code promo de rentrée'),
    [
      '9:42 warning promotion-in-service category service is sent without consent, and "Code promo" in the name of the scenario is an offer — take the offer out, or name a category that needs consent, such as marketing',
    ],
    send('').replace('name: Hello', 'name: Code promo de rentrée'),
  ],
  [
    'missing-language',
    file(
      '  a: { send: { channel: email, template: bilingual } }\n  b: { send: { channel: email, template: hello } }\n  c: { send: { channel: email, template: hello } }',
    ),
    [
      '10:42 warning missing-language template hello is not written in fr, as bilingual is: whoever reads that gets en here — add templates/hello/fr/, or say with locale in its meta.yaml which language it is',
    ],
    file('  a: { send: { channel: email, template: bilingual } }'),
  ],
  [
    'missing-event',
    file(
      '  a: { send: { channel: email, template: receipt } }',
      'trigger: { date: birthday, at: "09:00", yearly: true }\n',
    ),
    [
      '9:42 warning missing-event template receipt reads event.total, and a date trigger has no event: nothing would stand there — read contact or data in the template, or send another one',
    ],
    file('  a: { send: { channel: email, template: receipt } }'),
  ],
  [
    'expires-before-window',
    send(', window: "Mon-Fri 09:00-19:00", expires: 1d'),
    [
      '9:89 warning expires-before-window the window Mon-Fri 09:00-19:00 is shut for up to 62 hours, and the message expires after 1d: planned when it has just shut, it never leaves — write at least 62h, or a window that is shut for less',
    ],
    send(', window: "Mon-Fri 09:00-19:00", expires: 3d'),
  ],
];

describe('what can never happen, or contradicts itself', () => {
  test.each(CASES)('%s (%#)', (code, broken, said, kept) => {
    expect(lint(broken).filter((fault) => fault.includes(` ${code} `))).toEqual(said);
    expect(lint(kept)).toEqual([]);
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
});

describe('what only some policies ask', () => {
  const faults = (source: string, more: object): string[] =>
    lintLibrary({
      scenarios: [read(source, 'p/hello-there.yaml')],
      policy: { ...policy, ...more },
      templates,
      now: NOW,
    }).map(({ code, severity, line, column }) => `${line}:${column} ${severity} ${code}`);

  test('L14: missing-owner: with a controller in the policy a scenario without an owner is refused', () => {
    const controller = { name: 'Acme', address: 'Paris', contact: 'dpo@example.com' };
    expect(faults(file('  a: { wait: 1d }'), { controller })).toEqual([
      '1:11 error missing-owner',
      '1:11 warning missing-objective',
    ]);
    expect(faults(file('  a: { wait: 1d }'), {})).toEqual([]);
    const owned = file('  a: { wait: 1d }', 'trigger: { event: X }\nowner: crm@example.com\nobjective: more orders\n');
    expect(faults(owned, { controller })).toEqual([]);
    const blank = owned.replace('crm@example.com', '" "').replace('more orders', '" "');
    expect(faults(blank, { controller })).toEqual(['1:11 error missing-owner', '1:11 warning missing-objective']);
    expect(faults(blank, {})).toEqual([]);
  });

  test('C3: made-sale: an emit step may not make the sale that a soft opt-in rests on', () => {
    const offers = { label: 'Offers', legalBasis: 'soft-opt-in', saleEvents: ['Order Completed'] };
    const purposes = { ...policy.purposes, offers };
    const emits = (event: string): string => file(`  a: { emit: { event: ${event} } }`);
    expect(faults(emits('Order Completed'), { purposes })).toEqual(['9:23 error made-sale']);
    expect(faults(emits('Order Praised'), { purposes })).toEqual([]);
  });
});
