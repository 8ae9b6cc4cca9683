import { rm } from 'node:fs/promises';
import path from 'node:path';
import { runTests } from '../../src/rehearsal/index.ts';
import { POLICY, scenarioOf, writeFolder } from './people.ts';

const STEPS = '  pause: { wait: 3d }\n  mark: { set: { by: first } }';
const LONGER = '  pause: { wait: 5d }\n  mark: { set: { by: second } }';
const OTHER = '  rest: { wait: 5d }';

let folder: string;
const aTest = (name: string, publish: string, expected: string): string => `  - name: ${name}
    contact: ada
    timeline:
      - { at: 2026-03-02T09:00:00+01:00, track: Begun }
      ${publish.replaceAll('\n', '\n      ')}
    expect: ${expected}
`;
const DAY_LATER = 'at: 2026-03-03T09:00:00+01:00';

beforeAll(async () => {
  folder = await writeFolder({
    'policy.yaml': POLICY,
    'trial.yaml': scenarioOf('trial', STEPS),
    'trial.v2.yaml': scenarioOf('trial', LONGER),
    'trial.v3.yaml': scenarioOf('trial', OTHER),
    'trial.v4.yaml': scenarioOf('trial', '  pause: { wait: 6d }'),
    'trial.test.yaml': `scenario: trial
contacts: { ada: { userId: ada, email: ada@example.com, timezone: Europe/Paris } }
tests:
${aTest('finish', `- { ${DAY_LATER}, publish: ./trial.v2.yaml }`, '{ enrollments: [{ status: completed }], attributes: { by: first } }')}
${aTest('migrate', `- { ${DAY_LATER}, publish: ./trial.v2.yaml, inFlight: migrate }`, '{ enrollments: [{ status: completed }], attributes: { by: second } }')}
    until: 2026-03-07T09:00:00+01:00
${aTest('migrate, to the instant', `- { ${DAY_LATER}, publish: ./trial.v2.yaml, inFlight: migrate }`, '{ enrollments: [{ status: waiting, step: pause }] }')}
    until: 2026-03-07T08:59:59.999+01:00
${aTest('stop', `- { ${DAY_LATER}, publish: ./trial.v2.yaml, inFlight: stop }`, '{ enrollments: [{ status: stopped }], attributes: {} }')}
${aTest('a map', `- { ${DAY_LATER}, publish: ./trial.v3.yaml, inFlight: migrate, map: { pause: rest } }`, '{ enrollments: [{ status: completed }] }')}
${aTest('a map that stops', `- { ${DAY_LATER}, publish: ./trial.v2.yaml, inFlight: migrate, map: { pause: stop } }`, '{ enrollments: [{ status: stopped, reason: replaced by version 2 }] }')}
${aTest('a step that is gone', `- { ${DAY_LATER}, publish: ./trial.v3.yaml, inFlight: migrate }`, '{ enrollments: [{ status: stopped }] }')}
${aTest(
  'an older file is a newer version when published later',
  `- { ${DAY_LATER}, publish: ./trial.v4.yaml, inFlight: migrate }\n- { ${DAY_LATER}, publish: ./trial.v2.yaml, inFlight: migrate }`,
  '{ enrollments: [{ status: completed }], attributes: { by: second } }',
)}
`,
  });
});
afterAll(() => rm(folder, { recursive: true }));

test('a test publishes a version, and says what becomes of those inside', async () => {
  const results = await runTests([folder], { templatesDir: path.join(folder, 'templates') });
  expect(results.map(({ name, passed, details }) => [name, passed, details])).toEqual(
    ['finish', 'migrate', 'migrate, to the instant', 'stop', 'a map', 'a map that stops', 'a step that is gone']
      .concat('an older file is a newer version when published later')
      .map((name) => [name, true, []]),
  );
});

test.each([
  ['inFlight: migrate, map: { pause: rust }', /the new version has no step `rust`.*did you mean rest\?/],
  ['inFlight: migrate, map: { pauze: rest }', /no version has a step `pauze`/],
  ['map: { pause: rest }', /is for a `publish` line with `inFlight: migrate`/],
])('a map that means nothing is a fault: %s', async (line, fault) => {
  const wrong = await writeFolder({
    'policy.yaml': POLICY,
    'trial.yaml': scenarioOf('trial', STEPS),
    'trial.v3.yaml': scenarioOf('trial', OTHER),
    'trial.test.yaml': `scenario: trial
contacts: { ada: { userId: ada } }
tests:
${aTest('wrong', `- { ${DAY_LATER}, publish: ./trial.v3.yaml, ${line} }`, '{}')}`,
  });
  const [result] = await runTests([wrong], { templatesDir: path.join(wrong, 'templates') });
  await rm(wrong, { recursive: true });
  expect(result!.details.join('\n')).toMatch(fault);
});

test('a word that is none is a fault with the choices', async () => {
  const wrong = await writeFolder({
    'policy.yaml': POLICY,
    'trial.yaml': scenarioOf('trial', STEPS),
    'trial.v2.yaml': scenarioOf('trial', LONGER),
    'trial.test.yaml': `scenario: trial
contacts: { ada: { userId: ada } }
tests:
${aTest('wrong', `- { ${DAY_LATER}, publish: ./trial.v2.yaml, inFlight: migrat }`, '{}')}`,
  });
  const [result] = await runTests([wrong], { templatesDir: path.join(wrong, 'templates') });
  await rm(wrong, { recursive: true });
  expect(result!.passed).toBe(false);
  expect(result!.details.join('\n')).toMatch(/did you mean migrate\?/);
});
