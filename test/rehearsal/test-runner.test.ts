import { rm } from 'node:fs/promises';
import path from 'node:path';
import { junit, runTests, type TestResult } from '../../src/rehearsal/index.ts';
import { POLICY, scenarioOf, writeFolder } from './people.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

const STEPS = `  hello: { send: { channel: email, template: hello } }
  pause: { wait: 2d }
  again: { send: { channel: email, template: hello } }`;
const HEAD = `scenario: trial
contacts:
  ada: { userId: ada, email: ada@example.com, timezone: Europe/Paris, consents: [{ channel: email, purpose: newsletter, action: granted }] }
  bob: { userId: bob, email: bob@example.com, timezone: Europe/Paris }
`;
const BEGUN = '{ at: 2026-03-02T09:00:00+01:00, track: Begun }';

/** Runs the tests of one file in a folder of its own. */
async function run(testFile: string, more: Record<string, string> = {}, policyFile?: string): Promise<TestResult[]> {
  const folder = await writeFolder({
    'scenarios/policy.yaml': POLICY,
    'scenarios/trial.yaml': scenarioOf('trial', STEPS),
    'scenarios/trial.test.yaml': testFile,
    'templates/hello/email.html.hbs': 'Hello <a href="{{links.unsubscribe}}">Unsubscribe</a>',
    'templates/hello/meta.yaml': 'subject: Hello\n',
    ...more,
  });
  folders.push(folder);
  return runTests([path.join(folder, 'scenarios')], {
    templatesDir: path.join(folder, 'none'),
    policyFile: policyFile === undefined ? undefined : path.join(folder, policyFile),
  });
}

const tests = (lines: string): string => `${HEAD}tests:\n${lines}`;

/** One test about ada, who begins. */
const one = (expected: string, more = ''): string =>
  tests(`  - name: it goes as written
    contact: ada
${more}    timeline:
      - ${BEGUN}
    expect: ${expected}
`);

describe('a test file that cannot be used', () => {
  test.each([
    ['a key that is none', one('{ mesages: [] }'), /:10:\d+ {2}error unknown-key .*mesages.*did you mean messages\?/],
    ['an outcome that is none', one('{ messages: [{ outcome: send }] }'), /:10:\d+ .*did you mean sent\?/],
    [
      'a contact nobody knows',
      one('{ messages: [] }').replace('contact: ada', 'contact: eve'),
      /:7:\d+ {2}error unknown-contact .*eve.*write one of ada, bob/,
    ],
    [
      'a time without its offset',
      one('{}').replace('+01:00', ''),
      /:9:\d+ .*is not an instant .* write it with its offset/,
    ],
    [
      'a confirmation before its request (L22)',
      one('{}').replace(
        'track: Begun',
        'consent: { channel: email, purpose: newsletter, action: granted, at: 2026-01-01T00:00:00Z, requestedAt: 2026-01-02T00:00:00Z }',
      ),
      /:9:\d+ .*is later than `at`: write in `requestedAt` when the double opt-in was asked for/,
    ],
    [
      'a line that is two things',
      one('{}').replace('track: Begun', 'track: Begun, identify: { a: 1 }'),
      /must have exactly one of track, identify, consent, confirm, preferences, click, open, reply, restrict, publish/,
    ],
    [
      'neither a timeline nor a start',
      tests('  - { name: nothing, contact: ada, expect: {} }\n'),
      /must say when it begins/,
    ],
    [
      'a scenario that is not there',
      one('{}').replace('scenario: trial', 'scenario: other'),
      /:1:\d+ {2}error unknown-scenario .*`other`/,
    ],
    [
      'a file to publish that is not there',
      one('{}').replace('track: Begun', 'publish: ./trial.v2.yaml'),
      /:9:\d+ {2}error unknown-file .*trial\.v2\.yaml/,
    ],
    [
      'several contacts and a line that names none',
      one('{}').replace('contact: ada', 'contacts: [ada, bob]'),
      /:9:\d+ {2}error missing-contact .*add contact: ada/,
    ],
    [
      'a map that leads to a step that is not there',
      one('{}').replace('track: Begun', 'publish: ./trial.yaml, inFlight: migrate, map: { hello: agian }'),
      /:9:\d+ {2}error wrong-map .*did you mean again\?/,
    ],
    ['no test at all', `${HEAD}tests: []\n`, /tests/],
    ['something that is no YAML', 'scenario: [', /error yaml-syntax/],
  ])('%s: a failed result, with the line and what to write', async (_what, file, fault) => {
    const results = await run(file);
    expect(results).toMatchObject([{ passed: false, name: 'the file can be read', line: 1 }]);
    expect(results[0]!.details.join('\n')).toMatch(fault);
  });

  test('a broken scenario, or a policy that is not there, fails the file too', async () => {
    const [broken] = await run(one('{}'), { 'scenarios/trial.yaml': scenarioOf('trial', '  a: { wait: 5 }') });
    expect(broken!.details).toEqual([expect.stringMatching(/trial\.yaml:9:\d+/)]);
    const [lost] = await run(one('{}'), {
      'scenarios/trial.yaml': scenarioOf('trial', STEPS.replace('{ wait: 2d }', '{ wait: 2d, next: agian }')),
    });
    expect(lost!.details).toEqual([
      expect.stringMatching(/trial\.yaml:\d+:\d+ {2}error unknown-step .*leads to agian.*did you mean again\?/),
    ]);
    const [without] = await run(one('{}'), {}, 'nowhere.yaml');
    expect(without!.details.join('\n')).toMatch(/nowhere\.yaml .*there is no policy/);
  });

  test('traits that cannot be used fail their test alone', async () => {
    const results = await run(
      tests(`  - name: broken
    contact: ada
    timeline: [{ at: 2026-03-02T09:00:00+01:00, identify: { phone: "12" } }]
    expect: {}
  - name: whole
    contact: ada
    timeline: [${BEGUN}]
    expect: {}
`),
    );
    expect(results.map(({ passed }) => passed)).toEqual([false, true]);
    expect(results[0]!.details).toEqual([
      'the traits at timeline line 1 cannot be used',
      expect.stringContaining('not a phone number'),
    ]);
  });
});

describe('a failure', () => {
  test('says what was expected and what came, then all that happened and why, with gate, rule and counters', async () => {
    const [result] = await run(
      one(
        '{ messages: [{ at: 2026-03-02T10:00:00+01:00, outcome: sent }, { outcome: sent }], enrollments: [{ status: converted }] }',
        '    sent: [{ at: 2026-03-01T09:00:00Z, channel: email, category: marketing }]\n',
      ),
    );
    expect(result).toMatchObject({ passed: false, line: 6, scenario: 'trial', name: 'it goes as written' });
    expect(result!.details).toEqual([
      'messages.0.at: expected 2026-03-02T09:00:00.000Z, got 2026-03-02T08:00:00.000Z  (line 11)',
      'messages.1.outcome: expected sent, got blocked  (line 11)',
      'enrollments.0.status: expected converted, got completed  (line 11)',
      'email hello was blocked by pressure, no-room, rule weekly (weekly 2 of 2): Not sent on Wed 4 Mar 2026 09:00: the rule “weekly” allows 2 marketing messages within 7 days, and 2 were sent already (email on Sun 1 Mar 2026 10:00 and hello on Mon 2 Mar 2026 09:00). What finds no room under this rule is dropped. Times are by the clock of Europe/Paris.',
      'messages:',
      '    expected                                    actual',
      '  ≠ at 2026-03-02T09:00:00.000Z, outcome sent | contact ada, at 2026-03-02T08:00:00.000Z, channel email, template hello, scenario trial, step hello, category marketing, outcome sent',
      '  ≠ outcome sent                              | contact ada, at 2026-03-04T08:00:00.000Z, channel email, template hello, scenario trial, step again, category marketing, outcome blocked, gate pressure, reason no-room, rule weekly',
      'what happened:',
      '  2026-03-02T08:00:00.000Z  event Begun',
      '  2026-03-02T08:00:00.000Z  enters trial',
      '  2026-03-02T08:00:00.000Z  email hello sent; weekly 1 of 2',
      '  2026-03-02T08:00:00.000Z    hello: blocked, expired or failed → false',
      '  2026-03-04T08:00:00.000Z  email hello blocked by pressure, no-room, rule weekly; weekly 2 of 2: Not sent on Wed 4 Mar 2026 09:00: the rule “weekly” allows 2 marketing messages within 7 days, and 2 were sent already (email on Sun 1 Mar 2026 10:00 and hello on Mon 2 Mar 2026 09:00). What finds no room under this rule is dropped. Times are by the clock of Europe/Paris.',
      '  2026-03-04T08:00:00.000Z    again: blocked, expired or failed → true',
      '  2026-03-04T08:00:00.000Z  trial completed',
    ]);
  });

  test('names messages too many and too few, and attributes', async () => {
    const few = await run(one('{ messages: [{}, {}, { template: hello }], attributes: { tier: vip } }'));
    expect(few[0]!.details.slice(0, 2)).toEqual([
      'messages.2: expected template hello, got no such message  (line 10)',
      'attributes.tier: expected "vip", got not set  (line 10)',
    ]);
    const many = await run(one('{ messages: [{}] }'));
    expect(many[0]!.details[0]).toMatch(
      /^messages\.1: expected no more messages, got contact ada, at 2026-03-04T08:00:00\.000Z, channel email/,
    );
    const none = await run(one('{ messages: [], enrollments: [] }'));
    expect(none[0]!.details.filter((line) => line.includes('expected no more'))).toHaveLength(3);
  });

  test('of a mail that cannot be rendered is a block by the gate `template` (rule D9)', async () => {
    const [result] = await run(one('{ messages: [{ outcome: blocked, gate: template }, { outcome: sent }] }'), {
      'templates/hello/email.html.hbs': '{{money "much" "EUR"}}',
    });
    expect(result!.details[0]).toBe('messages.1.outcome: expected sent, got blocked  (line 10)');
    expect(result!.details.join('\n')).toMatch(/email hello blocked by template, .*money/);
  });
});

describe('a test', () => {
  test('may be about several contacts, each line naming its own', async () => {
    const results = await run(
      tests(`  - name: only who agreed gets a mail
    contacts: [ada, bob]
    timeline:
      - { at: 2026-03-02T09:00:00+01:00, contact: ada, track: Begun }
      - { at: 2026-03-02T09:00:00+01:00, contact: bob, track: Begun }
      - { at: 2026-03-03T09:00:00+01:00, contact: bob, identify: { tier: vip } }
    until: 2026-03-03T10:00:00+01:00
    expect:
      messages:
        - { contact: ada, outcome: sent }
        - { contact: bob, outcome: blocked, gate: consent, reason: unknown }
      enrollments: [{ contact: ada, status: waiting, step: pause }, { contact: bob, status: active }]
      attributes: { bob: { tier: vip } }
`),
    );
    expect(results.flatMap(({ details }) => details)).toEqual([]);
  });

  test('may have its lines in any order: they happen in that of time', async () => {
    const [result] = await run(
      one('{ messages: [{ at: 2026-03-01T09:00:00Z, outcome: sent }, { outcome: sent }] }').replace(
        BEGUN,
        `${BEGUN}\n      - { at: 2026-03-01T09:00:00Z, track: Begun }`,
      ),
    );
    expect(result!.details).toEqual([]);
  });

  test('may publish: who is inside finishes the old version, who comes later takes the new', async () => {
    const results = await run(
      tests(`  - name: two versions
    contacts: [ada, bob]
    timeline:
      - { at: 2026-03-02T09:00:00+01:00, contact: ada, track: Begun }
      - { at: 2026-03-03T09:00:00+01:00, publish: ./trial.v2.yaml }
      - { at: 2026-03-03T10:00:00+01:00, contact: bob, track: Begun }
    expect:
      messages:
        - { contact: ada, outcome: sent, step: hello }
        - { contact: ada, at: 2026-03-04T09:00:00+01:00, outcome: sent, step: again }
      enrollments: [{ contact: ada, status: completed }, { contact: bob, status: completed }]
      attributes: { bob: { tier: new } }
`),
      { 'scenarios/trial.v2.yaml': scenarioOf('trial', '  mark: { set: { tier: new } }') },
    );
    expect(results.flatMap(({ details }) => details)).toEqual([]);
  });

  test('is judged by its own policy, else the nearest, unless another is given for all', async () => {
    const strict = POLICY.replace('max: 2', 'max: 1');
    const expected = one('{ messages: [{ outcome: sent }, { outcome: blocked, rule: weekly }] }');
    const own = `policy:\n${strict.trimEnd().replace(/^/gm, '  ')}\n${expected}`;
    expect((await run(expected))[0]!.passed).toBe(false);
    expect((await run(own))[0]!.details).toEqual([]);
    expect((await run(expected, { 'strict.yaml': strict }, 'strict.yaml'))[0]!.details).toEqual([]);
    expect((await run(own, { 'mild.yaml': POLICY }, 'mild.yaml'))[0]!.passed).toBe(false);
  });
});

test('JUnit: a suite a file, a case a test, and nothing that breaks the XML', () => {
  const passed: TestResult = {
    file: 'a.test.yaml',
    line: 3,
    scenario: 'a',
    name: 'x < y & "z"',
    passed: true,
    details: [],
    milliseconds: 12,
  };
  const xml = junit([
    passed,
    { ...passed, name: 'no', passed: false, details: ['expected <1>', 'got\u0000 2'] },
    { ...passed, file: 'b.test.yaml' },
  ]);
  expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1">
  <testsuite name="a.test.yaml" tests="2" failures="1">
    <testcase name="x &lt; y &amp; &quot;z&quot;" classname="a" file="a.test.yaml" line="3" time="0.012"/>
    <testcase name="no" classname="a" file="a.test.yaml" line="3" time="0.012"><failure message="expected &lt;1&gt;">expected &lt;1&gt;
got 2</failure></testcase>
  </testsuite>
  <testsuite name="b.test.yaml" tests="1" failures="0">
    <testcase name="x &lt; y &amp; &quot;z&quot;" classname="a" file="b.test.yaml" line="3" time="0.012"/>
  </testsuite>
</testsuites>
`);
});

test('emit, enrol and a schedule run as live', async () => {
  const results = await run(
    tests(`  - name: the first of the month, by way of three scenarios
    contact: ada
    start: 2026-03-20T00:00:00Z
    timeline: []
    until: 2026-04-02T00:00:00Z
    expect:
      messages: [{ at: 2026-04-01T09:00:00+02:00, template: hello, outcome: sent }]
      attributes: { told: "from monthly" }
      enrollments:
        - { scenario: monthly, status: completed }
        - { scenario: told, status: completed }
        - { scenario: trial, status: waiting }
`).replace('scenario: trial\n', 'scenario: monthly\nwith: [told, trial]\n'),
    {
      'scenarios/monthly.yaml': scenarioOf(
        'monthly',
        '  tell: { emit: { event: Told, properties: { by: monthly } } }',
        'trigger: { rrule: "FREQ=MONTHLY;BYMONTHDAY=1", at: "09:00" }',
      ),
      'scenarios/told.yaml': scenarioOf(
        'told',
        '  mark: { set: { told: "from {{event.by}}" } }\n  to: { enrol: { scenario: trial } }',
        'trigger: { event: Told }',
      ),
    },
  );
  expect(results).toMatchObject([{ passed: true }]);
});

test('a thousand tests run in well under twenty seconds', async () => {
  const many = Array.from(
    { length: 1_000 },
    (_, index) => `  - name: test ${index}
    contact: ada
    timeline: [${BEGUN}]
    expect: { messages: [{ outcome: sent }, { outcome: sent }] }
`,
  );
  const began = performance.now();
  const results = await run(tests(many.join('')));
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  expect(results).toHaveLength(1_000);
  expect(performance.now() - began).toBeLessThan(20_000);
}, 60_000);
