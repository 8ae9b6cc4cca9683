import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { POLICY, scenarioOf, writeFolder } from '../rehearsal/people.ts';
import { relance, relanceProcess } from '../support/relance.ts';

const TEST = (outcome: string): string => `scenario: trial
tests:
  - name: nobody agreed
    contact: { userId: ada, email: ada@example.com, timezone: Europe/Paris }
    timeline: [{ at: 2026-03-02T09:00:00Z, track: Begun }]
    expect: { messages: [{ outcome: ${outcome} }] }
`;

let folder: string;
beforeAll(async () => {
  folder = await writeFolder({
    'scenarios/policy.yaml': POLICY,
    'scenarios/trial.yaml': scenarioOf('trial', '  hello: { send: { channel: email, template: hello } }'),
    'scenarios/trial.test.yaml': TEST('blocked'),
    'other/policy.yaml': POLICY,
    'other/trial.yaml': scenarioOf('trial', '  hello: { send: { channel: email, template: hello } }'),
    'other/trial.test.yaml': TEST('sent'),
    'mild.yaml': POLICY.replace('needsConsent: true', 'needsConsent: false'),
    'nothing/policy.yaml': POLICY,
    'templates/hello/email.html.hbs': 'Hello',
    'templates/hello/meta.yaml': 'subject: Hello\n',
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

test('one line a test, the whole of SCENARIOS_DIR, exit 0 when all passed', async () => {
  expect(await relance(folder, ['test'])).toEqual({
    code: 0,
    out: 'ok   trial: nobody agreed\n1 passed, 0 failed\n',
    error: '',
  });
}, 60_000);

test('the process itself ends with the exit code', () => {
  expect(relanceProcess(folder, ['test', 'other'])).toMatchObject({
    code: 1,
    out: expect.stringContaining('0 passed, 1 failed') as string,
  });
}, 60_000);

test('a failure names file and line, exits 1, and goes into JSON and JUnit', async () => {
  const { code, out } = await relance(folder, ['test', 'scenarios', 'other', '--junit', 'report.xml']);
  expect(code).toBe(1);
  expect(out).toMatch(
    /FAIL trial: nobody agreed {2}\(other\/trial\.test\.yaml:3\)\n {7}messages\.0\.outcome: expected sent, got blocked {2}\(line \d+\)\n/,
  );
  expect(out).toMatch(/1 passed, 1 failed\n$/);
  expect(readFileSync(path.join(folder, 'report.xml'), 'utf8')).toContain('<testsuites tests="2" failures="1">');
  const json = await relance(folder, ['test', 'other', '--json']);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({
    passed: 0,
    failed: 1,
    results: [{ file: 'other/trial.test.yaml', line: 3, passed: false }],
  });
}, 60_000);

test('--policy replaces the policy of every file', async () => {
  expect((await relance(folder, ['test', 'other', '--policy', 'mild.yaml'])).code).toBe(0);
}, 60_000);

test('a run that tested nothing has shown nothing: exit 1; so has a path that does not exist', async () => {
  expect(await relance(folder, ['test', 'nothing'])).toMatchObject({
    code: 1,
    out: 'No scenario test files were found.\n',
  });
  expect(await relance(folder, ['test', 'nowhere'])).toMatchObject({
    code: 1,
    error: 'There is no file or folder nowhere\n',
  });
}, 60_000);
