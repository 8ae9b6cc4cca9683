import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createMachine } from 'xstate';
import { rehearsalPage, rehearseRequest, runTests } from '../../src/rehearsal/index.ts';
import { checkPaths, findScenario, machineJson } from '../../src/scenarios/index.ts';
import { ADA, POLICY, scenarioOf, writeFolder } from './people.ts';

const STEPS = 300;

/** Sixty rounds of five steps, which wait, ask, mark, and lead past each other. */
function rounds(): string {
  const lines: string[] = [];
  for (let n = 0; n < STEPS / 5; n++) {
    const next = n + 1 < STEPS / 5 ? `pause-${n + 1}` : 'end';
    lines.push(
      `  pause-${n}: { wait: 1h }`,
      `  which-${n}: { choose: [{ when: { attribute: odd, equals: true }, next: even-${n} }, { otherwise: odd-${n} }] }`,
      `  odd-${n}: { set: { odd: true, rounds: ${n + 1} }, next: until-${n} }`,
      `  even-${n}: { set: { odd: false, rounds: ${n + 1} } }`,
      `  until-${n}: { waitFor: { event: Hurry }, timeout: 1d, onEvent: ${next}, onTimeout: ${next} }`,
    );
  }
  return lines.join('\n');
}

let folder: string;
beforeAll(async () => {
  folder = await writeFolder({
    'policy.yaml': POLICY,
    'trial.yaml': scenarioOf('trial', rounds()),
    'trial.test.yaml': `scenario: trial
contacts: { ada: { userId: ada, timezone: UTC } }
tests:
  - name: to the end
    contact: ada
    timeline: [{ at: 2026-01-01T00:00:00Z, track: Begun }]
    expect: { enrollments: [{ status: completed }], attributes: { rounds: 60, odd: false }, messages: [] }
  - name: to the last step
    contact: ada
    timeline: [{ at: 2026-01-01T00:00:00Z, track: Begun }]
    until: 2026-03-04T11:59:59Z
    expect: { enrollments: [{ status: waiting, step: until-59 }] }
`,
    'ada.yaml': ADA(),
    'templates/hello/sms.txt.hbs': 'Hello STOP 36000',
  });
});
afterAll(() => rm(folder, { recursive: true }));

test('a scenario of 300 steps is checked without a fault', async () => {
  const { faults } = await checkPaths([path.join(folder, 'trial.yaml')], path.join(folder, 'templates'));
  expect(faults).toEqual([]);
});

test('it is compiled into a machine that XState takes, with a state for every step', async () => {
  const { scenario } = await findScenario(path.join(folder, 'trial.yaml'), folder);
  const json = machineJson(scenario, null) as { states: object };
  expect(Object.keys(scenario.steps).filter((step) => !Object.keys(json.states).includes(step))).toEqual([]);
  expect(() => createMachine(JSON.parse(JSON.stringify(json)) as never)).not.toThrow();
});

test('its tests run to its end, two months later', async () => {
  const results = await runTests([path.join(folder, 'trial.test.yaml')], { templatesDir: folder });
  expect(results.map(({ name, details }) => [name, details])).toEqual([
    ['to the end', []],
    ['to the last step', []],
  ]);
});

test('the page of its rehearsal draws every step once, and marks those that were passed', async () => {
  const request = {
    scenario: path.join(folder, 'trial.yaml'),
    contact: path.join(folder, 'ada.yaml'),
    from: '2026-03-02T09:00',
  };
  const places = { scenariosDir: folder, templatesDir: path.join(folder, 'templates') };
  const { text } = rehearsalPage(await rehearseRequest(request, places, null, 0));
  // Four of each five are passed: one of the two marks is not.
  expect(text.match(/class="node \w+ visited"/g)).toHaveLength((STEPS / 5) * 4 + 1);
  expect(text.length).toBeLessThan(3_000_000);
});
