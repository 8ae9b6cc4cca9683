import { rm } from 'node:fs/promises';
import path from 'node:path';
import { runTests, type TestResult } from '../../src/rehearsal/index.ts';
import { POLICY, writeFolder } from './people.ts';

const scenario = (id: string, priority: number, steps: string): string => `scenario: ${id}
programme: trial
name: ${id}
category: marketing
purpose: newsletter
sender: brand
priority: ${priority}
trigger: { event: Begun }
reentry: always
steps:
  ${steps}
`;
const MAIL = 'mail: { send: { channel: email, template: hello } }';
const TIGHT = `${POLICY.slice(0, POLICY.indexOf('pressure:'))}pressure:
  - { rule: one, scope: {}, window: { rolling: 7d }, max: 1, onBlocked: drop }
`;
const GRANTED = 'consents: [{ channel: email, purpose: newsletter, action: granted }]';
const person = (id: string, more: string): string =>
  `  ${id}: { userId: ${id}, email: ${id}@example.com, timezone: Europe/Paris, ${more} }\n`;
const BEGUN = 'at: 2026-03-01T09:00:00+01:00, track: Begun';

let folder: string;
let results: TestResult[];

beforeAll(async () => {
  folder = await writeFolder({
    'policy.yaml': TIGHT,
    'low.yaml': scenario('low', 20, MAIL),
    'high.yaml': scenario('high', 80, MAIL),
    'yearly.yaml': scenario(
      'yearly',
      50,
      'until: { wait: { until: { attribute: birthday, at: "09:00" }, ifMissing: exit, ifPast: exit } }\n  mail: { send: { channel: email, template: hello }, next: until }',
    ),
    'regular.yaml': scenario('regular', 50, MAIL).replace('{ event: Begun }', '{ enters: { audience: regulars } }'),
    'regular.test.yaml': `scenario: regular
policy:
  ${TIGHT.trim().replaceAll('\n', '\n  ')}
  audiences: { regulars: { any: [{ attribute: tier, equals: gold }, { event: Bought, within: 30d }] } }
contacts:
${person('ada', GRANTED)}${person('eve', `${GRANTED}, traits: { tier: gold }`)}tests:
  - name: who comes into an audience enters at once, and again when time has led out of it
    contact: ada
    timeline:
      - { at: 2026-03-01T09:00:00+01:00, track: Bought }
      - { at: 2026-03-30T09:00:00+02:00, track: Bought }
      - { at: 2026-04-29T09:00:01+02:00, track: Bought }
    expect:
      messages: [{ at: 2026-03-01T09:00:00+01:00, outcome: sent }, { at: 2026-04-29T09:00:01+02:00, outcome: sent }]
  - name: who was in it before the test begins does not enter, also by what happens as it begins
    contact: eve
    timeline: [{ at: 2026-03-01T09:00:00+01:00, track: Bought }]
    expect: { enrollments: [] }
`,
    'low.test.yaml': `scenario: low
with: [high]
contacts:
${person('ada', GRANTED)}${person('eve', 'consents: [{ channel: email, purpose: newsletter, action: granted, at: 2027-01-01T00:00:00Z }]')}${person('bob', GRANTED)}tests:
  - name: P2 what took the room stands before what was blocked by it, though both were settled at one instant
    contact: ada
    timeline: [{ ${BEGUN} }]
    expect: { messages: [{ scenario: high, outcome: sent }, { scenario: low, outcome: blocked, rule: one }] }
  - name: C1 a grant dated in the future does not outlive a later withdrawal
    contact: eve
    timeline:
      - { at: 2026-02-27T09:00:00+01:00, consent: { channel: email, purpose: newsletter, action: withdrawn } }
      - { ${BEGUN} }
    expect: { messages: [{ outcome: blocked, gate: consent }, { outcome: blocked, gate: consent }] }
  - name: lines may be written contact by contact, and attributes name theirs in each of the three forms
    contacts: [ada, bob]
    timeline:
      - { contact: ada, at: 2026-03-02T09:00:00+01:00, identify: { tier: a } }
      - { contact: bob, at: 2026-03-01T09:00:00+01:00, identify: { tier: b } }
    expect: { attributes: [{ contact: bob, tier: b }, { contact: ada, tier: a }] }
`,
    'yearly.test.yaml': `scenario: yearly
contacts:
${person('ada', `birthday: "--03-10", ${GRANTED}`)}tests:
  - name: a yearly wait that comes round again waits for the next year
    contact: ada
    timeline: [{ ${BEGUN} }]
    until: 2028-01-01T00:00:00Z
    expect: { messages: [{ at: 2026-03-10T09:00:00+01:00 }, { at: 2027-03-10T09:00:00+01:00 }] }
  - name: L12 a restricted contact is sent nothing until the lift, and then what fell due
    contact: ada
    timeline:
      - { ${BEGUN} }
      - { at: 2026-03-02T09:00:00+01:00, restrict: true }
      - { at: 2026-03-20T12:00:00+01:00, restrict: false }
    until: 2026-12-01T00:00:00Z
    expect: { messages: [{ at: 2026-03-20T12:00:00+01:00 }] }
`,
    'templates/hello/email.html.hbs': 'Hello <a href="{{links.unsubscribe}}">Unsubscribe</a>',
    'templates/hello/meta.yaml': 'subject: Hello\n',
  });
  results = await runTests([folder], { templatesDir: path.join(folder, 'none') });
});
afterAll(() => rm(folder, { recursive: true }));

test('rules that a test file can hold the engine to', () => {
  expect(results.filter(({ passed }) => !passed).map(({ name, details }) => [name, ...details])).toEqual([]);
  expect(results).toHaveLength(7);
});
