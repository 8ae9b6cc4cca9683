import { rm } from 'node:fs/promises';
import { runTests, type TestResult } from '../../src/rehearsal/index.ts';
import { POLICY, writeFolder } from './people.ts';

const HEAD = (trigger: string): string => `programme: trial
name: Trial
category: marketing
purpose: newsletter
sender: brand
trigger: ${trigger}
reentry: always
steps:
`;

/** The fifteenth of April by the clock of Paris, in every way in which people send it. */
const FORMS: unknown[] = [
  '2026-04-15',
  '2026-04-15T08:00',
  '2026-04-15 00:00:00',
  '2026-04-15T08:00:00Z',
  '2026-04-14T22:30:00Z',
  '2026-04-15 00:00:00+02',
  1_776_211_200,
  1_776_211_200_000,
  '1776211200',
];
const NONE: unknown[] = ['2026-02-31', '2026-02-31T08:00:00Z', '2026-13-01', '15/04/2026', 20_260_415, 'soon'];
/** Written as the traits of a contact, in the flow style that JSON is. */
const person = (due: unknown): string =>
  `{ userId: ada, timezone: Europe/Paris, country: FR, traits: ${JSON.stringify({ due })} }`;

const asked = (when: string): string =>
  `scenario: asked\n${HEAD('{ event: Login }')}  ask: { choose: [{ when: ${when}, next: yes }, { otherwise: no }] }
  yes: { set: { seen: true }, next: end }
  no: { set: { seen: false } }
`;
const LOGIN = '[{ at: 2026-04-20T09:00:00+02:00, track: Login }]';

let folder: string;
let results: TestResult[];

function testsOf(scenario: string, timeline: string, expected: (due: unknown, isDate: boolean) => string): string {
  const test = (due: unknown, isDate: boolean): string =>
    `  - { name: '${scenario} ${JSON.stringify(due)}', contact: ${person(due)}, start: 2026-03-02T08:00:00Z, timeline: ${timeline}, until: 2026-06-01T00:00:00Z, expect: ${expected(due, isDate)} }`;
  const tests = [...FORMS.map((due) => test(due, true)), ...NONE.map((due) => test(due, false))];
  return `scenario: ${scenario}\ntests:\n${tests.join('\n')}\n`;
}

beforeAll(async () => {
  folder = await writeFolder({
    'policy.yaml': POLICY,
    'waits.yaml': `scenario: waits\n${HEAD('{ event: Login }')}  until: { wait: { until: { attribute: due, offset: -7d, at: "09:00" }, ifMissing: missing, ifPast: past } }
  ready: { set: { seen: ready }, next: end }
  missing: { set: { seen: missing }, next: end }
  past: { set: { seen: past } }
`,
    'waits.test.yaml': testsOf(
      'waits',
      '[{ at: 2026-03-02T09:00:00+01:00, track: Login }]',
      (_, isDate) => `{ attributes: { seen: ${isDate ? 'ready' : 'missing'} } }`,
    ),
    'fires.yaml': `scenario: fires\n${HEAD('{ date: due, at: "09:00" }')}  mark: { set: { seen: fired } }\n`,
    'fires.test.yaml': testsOf(
      'fires',
      '[]',
      (_, isDate) => `{ enrollments: [${isDate ? '{ scenario: fires, status: completed }' : ''}] }`,
    ),
    'days.yaml': asked('{ daysSince: due, equals: 5 }').replace('asked', 'days'),
    'days.test.yaml': testsOf('days', LOGIN, (_, isDate) => `{ attributes: { seen: ${isDate} } }`),
    'before.yaml': asked('{ attribute: due, before: 2026-04-16 }').replace('asked', 'before'),
    'before.test.yaml': testsOf('before', LOGIN, (_, isDate) => `{ attributes: { seen: ${isDate} } }`),
    'after.yaml': asked('{ attribute: due, after: "2026-04-14T23:59" }').replace('asked', 'after'),
    'after.test.yaml': testsOf('after', LOGIN, (_, isDate) => `{ attributes: { seen: ${isDate} } }`),
  });
  results = await runTests([folder], { templatesDir: folder });
});

afterAll(() => rm(folder, { recursive: true }));

test('T9: waits, date triggers, daysSince, before and after read a value alike, and what is no date as none', () => {
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  expect(results).toHaveLength(5 * (FORMS.length + NONE.length));
});
