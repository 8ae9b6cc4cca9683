import { lintLibrary } from '../../src/scenarios/index.ts';
import { file, read } from './files.ts';
import { head, lint, NOW, policy, send, templates, type Case } from './lint-setting.ts';

const call = (url: string): string => file(`  a: { webhook: { url: "${url}" } }`);
const refused = (host: string): string =>
  `9:24 error private-webhook ${host} is a private address, which may not be called — to allow it, write webhooks: { allowHosts: ["${host}"] } into policy.yaml`;

const CASES: Case[] = [
  ['private-webhook', call('http://127.1/x'), [refused('127.0.0.1')], call('http://localhost:9000/x')],
  ['private-webhook', call('https://0x7f000001:8443'), [refused('127.0.0.1:8443')], call('https://crm.internal:8443')],
  ['private-webhook', call('https://[::1]/'), [refused('[::1]')], call('https://93.184.216.34/')],
  ['private-webhook', call('http://localhost:9001'), [refused('localhost:9001')], call('https://crm.example.com/')],
  ['private-webhook', call('https://crm'), [refused('crm')], call('https://crm.internal')],
  [
    'unknown-placeholder',
    file('  a: { webhook: { url: "https://x.example/{{total}}", headers: { X-A: "{{total}}" } } }'),
    [
      '9:24 error unknown-placeholder {{total}} reads nothing — begin it with contact., event. or enrollment.',
      '9:55 error unknown-placeholder {{total}} reads nothing — begin it with contact., event. or enrollment.',
    ],
    call('https://x.example/{{event.total}}'),
  ],
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
    'switch-of-channel',
    file(
      '  a: { send: { channel: email, template: hello }, switch: { sms: b } }\n  b: { send: { channel: email, template: hello } }',
    ),
    [
      '9:66 error switch-of-channel step a switches to sms at b, which sends nothing by sms — name a step with send: { channel: sms, … }',
    ],
    file(
      '  a: { send: { channel: email, template: hello }, switch: { sms: b } }\n  b: { send: { channel: sms, template: hello } }',
    ),
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
    'property-without-event',
    file('  a: { wait: 1d }', 'trigger: { enters: { not: { property: total, gte: 20 } } }\n'),
    [
      '7:12 error property-without-event an audience trigger has no event at hand whose total it could read — ask for an attribute, or put it into the `where` of an event',
    ],
    file('  a: { wait: 1d }', 'trigger: { leaves: { event: X, where: { property: total, gte: 20 } } }\n'),
  ],
  [
    'wrong-placeholder',
    file('  a: { set: { x: "{{defalt contact.a 1}}" } }'),
    [
      '9:18 error wrong-placeholder there is no helper "defalt" — did you mean default? helpers are date, money, number, eq, default, plural',
    ],
    file('  a: { set: { x: "{{default contact.a 1}} {{contact.[a b]}}" } }'),
  ],
  [
    'wrong-placeholder',
    file('  a: { emit: { event: Told, properties: { x: "{{event.total" } } }'),
    [
      '9:46 error wrong-placeholder this is not a tag that can be read (unexpected invalid) — tags are {{name}}, {{helper value}} and {{#if value}}…{{/if}}',
    ],
    file('  a: { emit: { event: Told, properties: { x: "{{event.total}}" } } }'),
  ],
  [
    'entry-without-event',
    file(
      '  a: { choose: [{ when: { attribute: x, equals: { entry: y } }, next: end }, { otherwise: end }] }',
      'trigger: { inactivity: 30d, activity: [X] }\n',
    ),
    [
      '9:19 error entry-without-event compares with y of the entry, and no event lets contacts in here — compare with a value, or let an event or `manual: true` let contacts in',
    ],
    file('  a: { choose: [{ when: { attribute: x, equals: { entry: y } }, next: end }, { otherwise: end }] }'),
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
});
