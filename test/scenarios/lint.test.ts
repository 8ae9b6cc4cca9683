import { readFileSync } from 'node:fs';
import { policySchema } from '../../src/gate/index.ts';
import { lintLibrary } from '../../src/scenarios/index.ts';
import { LINT_RULES } from '../../src/scenarios/lint/lint.ts';
import type { TemplateInfo } from '../../src/templates/index.ts';
import { file, HEAD, read } from './files.ts';

const policy = policySchema.parse({
  timezone: 'Europe/Paris',
  country: 'FR',
  senders: { brand: { email: 'hello@example.com', sms: 'RELANCE' }, post: { email: 'post@example.com' } },
  purposes: {
    newsletter: { label: 'Newsletter', legalBasis: 'consent' },
    account: { label: 'Account', legalBasis: 'contract' },
  },
  naming: { scenario: '^[a-z]+-[a-z0-9-]+$' },
  audiences: { regulars: { event: 'Order Completed', count: { gte: 3 } } },
});

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
  }).map(
    ({ code, severity, line, column, message, hint }) =>
      `${line}:${column} ${severity} ${code} ${message}${hint === undefined ? '' : ` — ${hint}`}`,
  );

const head = (key: string, value: string): string =>
  `${HEAD.replace(new RegExp(`^${key}: .*$`, 'm'), `${key}: ${value}`)}trigger: { event: X }\nsteps: { a: { wait: 1d } }\n`;
const send = (more: string): string => file(`  a: { send: { channel: email, template: hello${more} } }`);

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
    file('  a: { send: { channel: email, template: bare, category: transactional } }'),
  ],
  [
    'unknown-category',
    head('category', 'marketting'),
    ['4:11 error unknown-category the policy has no category marketting — did you mean marketing?'],
    send(', category: service'),
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
    ['5:10 error unknown-purpose the policy has no purpose news — known here: newsletter, account'],
    send(', purpose: account'),
  ],
  [
    'unknown-purpose',
    file(
      '  a: { choose: [{ when: { not: { consent: { channel: sms, purpose: offers }, is: granted } }, next: end }, { otherwise: end }] }',
    ),
    ['9:19 error unknown-purpose the policy has no purpose offers — known here: newsletter, account'],
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
      lintLibrary({ scenarios: [read(head('purpose', 'other'), 'hello-there.yaml')], policy: undefined, templates }),
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
    const shown = new Set([...CASES.map(([code]) => code), 'duplicate-scenario', 'naming']);
    expect(Object.keys(LINT_RULES).filter((code) => !shown.has(code))).toEqual([]);
  });

  test('every rule has a heading in docs/lint.md', () => {
    const page = readFileSync(new URL('../../docs/lint.md', import.meta.url), 'utf8');
    const headings = new Set([...page.matchAll(/^### (.+)$/gm)].map((match) => match[1]));
    expect(Object.keys(LINT_RULES).filter((code) => !headings.has(code))).toEqual([]);
  });
});
