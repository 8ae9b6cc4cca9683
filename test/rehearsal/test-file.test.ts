import { rm } from 'node:fs/promises';
import path from 'node:path';
import { runTests, type TestResult } from '../../src/rehearsal/index.ts';
import { POLICY, scenarioOf, writeFolder } from './people.ts';

// One test a sentence of what docs/scenarios.md says of test files.

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const MAIL = {
  'templates/hello/email.html.hbs': 'Hello <a href="{{links.unsubscribe}}">Unsubscribe</a>',
  'templates/hello/sms.txt.hbs': 'Hello STOP 36000',
  'templates/hello/meta.yaml': 'subject: Hello\n',
};
const HELLO = 'hello: { send: { channel: email, template: hello } }';
const BEGUN = 'track: Begun';
const AT = 'at: 2026-03-02T09:00:00+01:00';

interface Setting {
  steps?: string;
  /** Lines of the scenario beside its steps. */
  more?: string;
  policy?: string;
  files?: Record<string, string>;
  /** Lines at the head of the test file. */
  head?: string;
}

/** The results of a test file with these tests, each a YAML map without its name. */
async function results(tests: readonly string[], setting: Setting = {}): Promise<TestResult[]> {
  const { steps = `  ${HELLO}`, more = 'trigger: { event: Begun }', policy = POLICY, files = {}, head = '' } = setting;
  const folder = await writeFolder({
    'scenarios/policy.yaml': policy,
    'scenarios/trial.yaml': scenarioOf('trial', steps, more),
    ...MAIL,
    ...files,
    'scenarios/trial.test.yaml': `scenario: trial
${head}contacts:
  ada: { userId: ada, email: ada@example.com, phone: "+33612345678", timezone: Europe/Paris, country: FR, consents: [{ channel: email, purpose: newsletter, action: granted }, { channel: sms, purpose: newsletter, action: granted }] }
  bob: { userId: bob, email: bob@example.com, timezone: Europe/Paris, country: FR }
tests:
${tests.map((test, index) => `  - { name: number ${index}, ${test} }`).join('\n')}
`,
  });
  folders.push(folder);
  return runTests([path.join(folder, 'scenarios', 'trial.test.yaml')], {
    templatesDir: path.join(folder, 'elsewhere'),
  });
}

/** What was not as expected in the one test there is; nothing when it passed. */
async function details(test: string, setting?: Setting): Promise<string[]> {
  const [result] = await results([test], setting);
  return result!.details;
}
const ofAda = (timeline: string, expected: string, more = ''): string =>
  `contact: ada, ${more}timeline: [${timeline}], expect: ${expected}`;

describe('the virtual clock', () => {
  test('begins at `start`, and contacts are known from then on', async () => {
    const more = 'trigger: { inactivity: 5d, activity: [Logged In], neverActive: true, at: "10:00" }';
    const expected = '{ messages: [{ at: 2026-03-06T10:00:00+01:00, outcome: sent }] }';
    const run = `start: 2026-03-01T09:00:00Z, until: 2026-03-20T00:00:00Z, `;
    expect(await details(ofAda('', expected, run), { more })).toEqual([]);
  });

  test('without `start` begins at the first line of the timeline, whatever its place', async () => {
    const more = 'trigger: { inactivity: 5d, activity: [Logged In], neverActive: true, at: "10:00" }';
    const lines = '{ at: 2026-03-03T09:00:00Z, track: Other }, { at: 2026-03-01T09:00:00Z, track: Other }';
    const expected = '{ messages: [{ at: 2026-03-06T10:00:00+01:00, outcome: sent }] }';
    expect(await details(ofAda(lines, expected, 'until: 2026-03-20T00:00:00Z, '), { more })).toEqual([]);
  });

  test('nothing may happen before `start`', async () => {
    const said = await details(ofAda(`{ ${AT}, ${BEGUN} }`, '{}', 'start: 2026-03-03T00:00:00Z, '));
    expect(said.join()).toMatch(/must not begin before `start`/);
  });

  test('stands still at `until`: what falls due at that very instant still happens, and nothing after it', async () => {
    const steps = '  pause: { wait: 1h }\n  mark: { set: { done: true } }';
    const [at, before] = await results(
      [
        ofAda(`{ ${AT}, ${BEGUN} }`, '{ attributes: { done: true } }', 'until: 2026-03-02T10:00:00+01:00, '),
        ofAda(
          `{ ${AT}, ${BEGUN} }`,
          '{ enrollments: [{ status: waiting, step: pause }] }',
          'until: 2026-03-02T09:59:59.999+01:00, ',
        ),
      ],
      { steps },
    );
    expect([...at!.details, ...before!.details]).toEqual([]);
  });

  test('without `until` runs until nothing is left to happen', async () => {
    const steps = '  pause: { wait: 390d }\n  mark: { set: { done: true } }';
    expect(await details(ofAda(`{ ${AT}, ${BEGUN} }`, '{ attributes: { done: true } }'), { steps })).toEqual([]);
  });

  test('without `until` runs at most 400 days: the first of every month comes thirteen times', async () => {
    const more = 'trigger: { rrule: "FREQ=MONTHLY;BYMONTHDAY=1", at: "09:00" }\nreentry: always';
    const thirteen = Array.from({ length: 13 }, () => '{ status: completed }').join(', ');
    const expected = `{ enrollments: [${thirteen}] }`;
    const steps = '  mark: { set: { done: true } }';
    expect(await details(ofAda('', expected, 'start: 2026-01-15T00:00:00Z, '), { more, steps })).toEqual([]);
  });
});

test.each([
  ['a day late still lets in', '2026-03-01T09:00:00+01:00', '[{ status: completed }]'],
  ['later than policy.lateEvents lets nobody in', '2026-03-01T08:59:59+01:00', '[]'],
])('`timestamp` makes an event older than its arrival: one that is %s', async (_what, timestamp, enrollments) => {
  const line = `{ ${AT}, timestamp: ${timestamp}, ${BEGUN} }`;
  expect(await details(ofAda(line, `{ enrollments: ${enrollments} }`))).toEqual([]);
});

describe('contacts', () => {
  test('one may be written where it is used', async () => {
    const written = '{ userId: eve, traits: { tier: gold } }';
    expect(
      await details(`contact: ${written}, timeline: [{ ${AT}, track: Other }], expect: { attributes: { tier: gold } }`),
    ).toEqual([]);
  });

  test('with several, `sent`, lines, messages, enrollments and attributes name theirs', async () => {
    const lines = ['ada', 'bob'].map((who) => `{ ${AT}, contact: ${who}, ${BEGUN} }`).join(', ');
    const full = ['03-01', '02-28']
      .map((day) => `{ contact: ada, at: 2026-${day}T09:00:00Z, channel: email, category: marketing }`)
      .join(', ');
    const expected = `{
      messages: [{ contact: ada, outcome: blocked, gate: pressure }, { contact: bob, outcome: blocked, gate: consent }],
      enrollments: [{ contact: bob, status: completed }, { contact: ada, status: completed }],
      attributes: [{ contact: bob, tier: vip }] }`.replaceAll('\n', ' ');
    const more = `{ ${AT}, contact: bob, identify: { tier: vip } }`;
    expect(
      await details(`contacts: [ada, bob], sent: [${full}], timeline: [${lines}, ${more}], expect: ${expected}`),
    ).toEqual([]);
  });

  test('a word about consent holds from its own instant on', async () => {
    const withdrawn =
      '{ at: 2026-03-03T09:00:00+01:00, consent: { channel: email, purpose: newsletter, action: withdrawn } }';
    const expected = '{ messages: [{ outcome: sent }, { outcome: blocked, gate: consent, reason: withdrawn }] }';
    const steps = `  ${HELLO}\n  pause: { wait: 2d }\n  again: { send: { channel: email, template: hello } }`;
    expect(await details(ofAda(`{ ${AT}, ${BEGUN} }, ${withdrawn}`, expected), { steps })).toEqual([]);
  });

  test('P8: what a contact prefers holds from its own instant on, and null lifts it', async () => {
    const paused =
      '{ at: 2026-03-03T09:00:00+01:00, preferences: { pauseUntil: 2026-04-01T00:00:00Z, maxPerWeek: 7, language: fr } }';
    const lifted = '{ at: 2026-03-05T10:00:00+01:00, preferences: { pauseUntil: null, maxPerWeek: 1 } }';
    const expected =
      '{ messages: [{ outcome: sent }, { outcome: blocked, rule: own-pause, reason: paused }, { outcome: blocked, rule: own-max-per-week }], attributes: { locale: fr } }';
    const steps = `  ${HELLO}\n  pause: { wait: 2d }\n  again: { send: { channel: email, template: hello } }\n  later: { wait: 2d }\n  last: { send: { channel: email, template: hello } }`;
    expect(await details(ofAda(`{ ${AT}, ${BEGUN} }, ${paused}, ${lifted}`, expected), { steps })).toEqual([]);
  });

  test('a choice of nothing, or of more than the page offers, is a fault', async () => {
    for (const [chosen, says] of [
      ['{}', 'must choose `maxPerWeek`, `pauseUntil` or `language`'],
      ['{ maxPerWeek: 8 }', '7'],
    ] as const)
      expect((await details(ofAda(`{ ${AT}, preferences: ${chosen} }`, '{}'))).join('\n')).toContain(says);
  });
});

test('`sent` is history: conditions know of it, and rules count it', async () => {
  const steps = `  which: { choose: [{ when: { message: { template: other }, is: sent, within: 7d }, next: hello }, { otherwise: end }] }\n  ${HELLO}`;
  const sent = (templates: string[]): string =>
    templates
      .map(
        (template, hour) =>
          `{ at: 2026-03-01T0${hour}:00:00Z, channel: email, category: marketing, template: ${template} }`,
      )
      .join(', ');
  const run = (templates: string[], messages: string): string =>
    ofAda(`{ ${AT}, ${BEGUN} }`, `{ messages: ${messages} }`, `sent: [${sent(templates)}], `);
  const all = await results(
    [
      run(['old'], '[]'),
      run(['other'], '[{ outcome: sent }]'),
      run(['other', 'old'], '[{ outcome: blocked, rule: weekly }]'),
    ],
    { steps },
  );
  expect(all.flatMap((result) => result.details)).toEqual([]);
});

describe('expectations', () => {
  const POLICY_OF_KEYS = `${POLICY}quietHours: [{ channels: [email], allow: "Mon-Sun 12:00-20:00" }]\n`;
  const MESSAGE = {
    at: ['2026-03-02T12:00:00+01:00', '2026-03-02T12:00:01+01:00'],
    heldUntil: ['2026-03-02T12:00:00+01:00', '2026-03-02T13:00:00+01:00'],
    channel: ['email', 'sms'],
    template: ['hello', 'other'],
    scenario: ['trial', 'other'],
    step: ['hello', 'other'],
    category: ['marketing', 'service'],
    outcome: ['blocked', 'sent'],
    gate: ['pressure', 'consent'],
    reason: ['no-room', 'unknown'],
    rule: ['weekly', 'monthly'],
  };
  const ENROLLMENT = {
    contact: ['ada', 'bob'],
    scenario: ['trial', 'other'],
    status: ['exited', 'completed'],
    key: ['A7', 'A8'],
    step: ['end', 'pause'],
    reason: ['Left', 'Gone'],
  };
  const setting: Setting = {
    steps: `  ${HELLO}\n  pause: { wait: 9d }`,
    more: 'trigger: { event: Begun }\nkey: properties.order\nexit: [{ event: Left }]',
    policy: POLICY_OF_KEYS,
  };
  const full =
    'sent: [{ at: 2026-03-01T08:00:00Z, channel: sms, category: marketing }, { at: 2026-03-01T09:00:00Z, channel: sms, category: marketing }], ';
  const lines = `{ ${AT}, ${BEGUN}, properties: { order: A7 } }, { at: 2026-03-03T09:00:00+01:00, track: Left }`;
  const one = (list: string, expected: Record<string, string>): string =>
    ofAda(
      lines,
      `{ ${list}: [{ ${Object.entries(expected)
        .map(([key, value]) => `${key}: ${value}`)
        .join(', ')} }] }`,
      full,
    );

  test.each([
    ['messages', MESSAGE],
    ['enrollments', ENROLLMENT],
  ])(
    'of %s: all keys together hold, each that is wrong is told alone, and those left out are free',
    async (list, keys) => {
      const right = Object.fromEntries(Object.entries(keys).map(([key, [value]]) => [key, value!]));
      const wrong = Object.entries(keys).map(([key, [, value]]) => [key, { ...right, [key]: value! }] as const);
      const [whole, free, ...each] = await results(
        [
          one(list, right),
          ofAda(lines, `{ ${list}: [{}] }`, full),
          ...wrong.map(([, expected]) => one(list, expected)),
        ],
        setting,
      );
      expect([whole!.details, free!.details]).toEqual([[], []]);
      expect(each.map(({ details: said }) => said.filter((line) => line.startsWith(`${list}.`)).length)).toEqual(
        wrong.map(() => 1),
      );
      for (const { details: said } of each) expect(said[0]).toMatch(new RegExp(`^${list}\\.0`));
    },
  );

  test('messages stand in the order in which they were settled, then those that are held, as they were planned', async () => {
    const steps = '  both: { emit: { event: Both } }\n  hello: { send: { channel: email, template: hello } }';
    const files = {
      'scenarios/text.yaml': scenarioOf(
        'text',
        '  pause: { wait: 1h }\n  text: { send: { channel: sms, template: hello } }',
        'trigger: { event: Both }',
      ),
    };
    const expected =
      '{ messages: [{ at: 2026-03-02T10:00:00+01:00, channel: sms, outcome: sent }, { channel: email, outcome: held }] }';
    expect(
      await details(ofAda(`{ ${AT}, ${BEGUN} }`, expected, 'until: 2026-03-02T11:00:00+01:00, '), {
        steps,
        files,
        policy: POLICY_OF_KEYS,
        head: 'with: [text]\n',
      }),
    ).toEqual([]);
  });

  test('`messages: []` asserts that there are none; without the key they are free', async () => {
    const [none, free] = await results([
      ofAda(`{ ${AT}, ${BEGUN} }`, '{ messages: [] }'),
      ofAda(`{ ${AT}, ${BEGUN} }`, '{}'),
    ]);
    expect(none!.details[0]).toMatch(/^messages\.0: expected no more messages/);
    expect(free!.details).toEqual([]);
  });

  test.each([
    ['sent', `  ${HELLO}`, ''],
    [
      'blocked',
      `  ${HELLO}`,
      '{ at: 2026-03-02T08:59:00+01:00, consent: { channel: email, purpose: newsletter, action: withdrawn } }, ',
    ],
    ['expired', '  hello: { send: { channel: email, template: hello, expires: 1h, window: "Sun 10:00-11:00" } }', ''],
    [
      'cancelled',
      '  hello: { send: { channel: email, template: hello, window: "Sun 10:00-11:00" } }',
      '{ at: 2026-03-03T09:00:00+01:00, track: Left }, ',
    ],
  ])('the outcome %s', async (outcome, steps, lines_) => {
    const more = 'trigger: { event: Begun }\nexit: [{ event: Left }]';
    const test_ = ofAda(`${lines_}{ ${AT}, ${BEGUN} }`, `{ messages: [{ outcome: ${outcome} }] }`);
    expect(await details(test_, { steps, more })).toEqual([]);
  });

  test('the outcome holdout: entered, measured, nothing received', async () => {
    const more = 'trigger: { event: Begun }\nholdout: 100%';
    expect(
      await details(
        ofAda(`{ ${AT}, ${BEGUN} }`, '{ messages: [{ outcome: holdout }], enrollments: [{ status: completed }] }'),
        { more },
      ),
    ).toEqual([]);
  });
});

describe('the files around a test file', () => {
  const OTHER = { 'scenarios/other.yaml': scenarioOf('other', '  mark: { set: { other: true } }') };

  test('other scenarios run only when `with` lists them, wherever below the folder they are', async () => {
    const files = { 'scenarios/far/below/other.yaml': OTHER['scenarios/other.yaml'] };
    const run = ofAda(`{ ${AT}, ${BEGUN} }`, '{ attributes: { other: true } }');
    expect((await details(run, { files }))[0]).toMatch(/^attributes\.other: expected true, got not set/);
    expect(await details(run, { files, head: 'with: [other]\n' })).toEqual([]);
  });

  test('a later version is read only where a test publishes it', async () => {
    const files = { 'scenarios/trial.v2.yaml': 'nonsense: [' };
    expect(await details(ofAda(`{ ${AT}, ${BEGUN} }`, '{}'), { files })).toEqual([]);
    const [broken] = await results([ofAda(`{ ${AT}, publish: ./trial.v2.yaml }`, '{}')], { files });
    expect(broken!.details.join()).toMatch(/trial\.v2\.yaml.* yaml-syntax/);
  });

  test('the policy is the nearest above, and the templates are the nearest above', async () => {
    const files = {
      'scenarios/policy.yaml': 'timezone: [',
      'scenarios/near/policy.yaml': POLICY.replace('max: 2', 'max: 0'),
      'scenarios/near/trial.yaml': scenarioOf('trial', `  ${HELLO}`),
      'scenarios/near/trial.test.yaml': `scenario: trial
tests:
  - { name: near, contact: { userId: ada, email: a@example.com, consents: [{ channel: email, purpose: newsletter, action: granted }] }, timeline: [{ ${AT}, ${BEGUN} }], expect: { messages: [{ outcome: blocked, rule: weekly }] } }
`,
      ...MAIL,
    };
    const folder = await writeFolder(files);
    folders.push(folder);
    const [result] = await runTests([path.join(folder, 'scenarios/near')], { templatesDir: '/nowhere' });
    expect(result!.details).toEqual([]);
  });

  test('without templates above, those of TEMPLATES_DIR are taken', async () => {
    const folder = await writeFolder({
      'a/policy.yaml': POLICY,
      'a/trial.yaml': scenarioOf('trial', `  ${HELLO}`),
      'a/trial.test.yaml': `scenario: trial
tests:
  - { name: far, contact: { userId: ada, email: a@example.com, consents: [{ channel: email, purpose: newsletter, action: granted }] }, timeline: [{ ${AT}, ${BEGUN} }], expect: { messages: [{ outcome: sent }] } }
`,
      'b/hello/email.html.hbs': MAIL['templates/hello/email.html.hbs'],
      'b/hello/meta.yaml': 'subject: Hello\n',
    });
    folders.push(folder);
    const [result] = await runTests([path.join(folder, 'a')], { templatesDir: path.join(folder, 'b') });
    expect(result!.details).toEqual([]);
  });
});

test('an enrollment that goes round without a wait is stopped as it would be live, and its timeline says why', async () => {
  const steps =
    '  a: { webhook: { url: "https://crm.example/" }, next: b }\n  b: { webhook: { url: "https://crm.example/" }, next: a }';
  const stopped = '{ enrollments: [ { status: stopped } ] }';
  expect(await details(ofAda(`{ ${AT}, ${BEGUN} }`, stopped), { steps })).toEqual([]);
  const said = await details(ofAda(`{ ${AT}, ${BEGUN} }`, '{ enrollments: [ { status: completed } ] }'), { steps });
  expect(said.join('\n')).toContain('runaway: 3 messages and calls in a row without a wait');
});
