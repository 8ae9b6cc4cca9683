import { rm } from 'node:fs/promises';
import path from 'node:path';
import { runTests } from '../../src/rehearsal/index.ts';
import { POLICY, scenarioOf, writeFolder } from './people.ts';

/** What a failed test tells of what its guards answered. */
async function told(trigger: string, steps: string, timeline: string): Promise<string[]> {
  const folder = await writeFolder({
    'policy.yaml': POLICY,
    'trial.yaml': scenarioOf('trial', steps, trigger),
    'trial.test.yaml': `scenario: trial
contacts:
  ada: { userId: ada, timezone: Europe/Paris, country: FR, traits: { tier: gold } }
  bob: { userId: bob, timezone: Europe/Paris, country: BE }
tests:
  - name: never as expected
    contacts: [ada, bob]
    timeline: [${timeline}]
    until: 2026-03-10T00:00:00Z
    expect: { attributes: { ada: { never: true } } }
`,
  });
  const [result] = await runTests([folder], { templatesDir: path.join(folder, 'templates') });
  await rm(folder, { recursive: true });
  const { details } = result!;
  expect(result!.passed).toBe(false);
  // Guards and refusals stand two further to the right than what happened.
  return details.flatMap((line) => /^ {2}2026-03-(\S+)T\S+ {4}(.*)$/.exec(line)?.slice(1, 3).join(' ') ?? []);
}

const begins = (contact: string, properties = '{}', day = '02'): string =>
  `{ at: 2026-03-${day}T09:00:00+01:00, contact: ${contact}, track: Begun, properties: ${properties} }`;

test('what the trigger and the audience answered, and why somebody stays out', async () => {
  expect(
    await told(
      'trigger: { event: Begun, where: { property: n, gte: 2 } }\naudience: { attribute: country, equals: FR }',
      '  pause: { wait: 30d }',
      [begins('ada', '{ n: 1 }'), begins('ada', '{ n: 2 }', '03'), begins('bob', '{ n: 2 }', '04')].join(', '),
    ),
  ).toEqual([
    '02 ada trial, trigger: n ≥ 2 → false',
    '02 ada trial, audience: country = FR → true',
    '02 ada stays out of trial: its trigger or audience does not take this contact',
    '03 ada trial, trigger: n ≥ 2 → true',
    '03 ada trial, audience: country = FR → true',
    '04 bob trial, trigger: n ≥ 2 → true',
    '04 bob trial, audience: country = FR → false',
    '04 bob stays out of trial: its trigger or audience does not take this contact',
  ]);
});

test('who is inside already, or has been, stays out for that', async () => {
  const twice = [begins('ada'), begins('ada', '{}', '03')].join(', ');
  expect(await told('trigger: { event: Begun }', '  pause: { wait: 30d }', twice)).toEqual([
    expect.stringMatching(/^03 ada stays out of trial: is inside since 2026-03-02T08:00:00.000Z, in step pause$/),
  ]);
  expect(await told('trigger: { event: Begun }', '  pause: { wait: 1h }', twice)).toEqual([
    expect.stringMatching(/^03 ada stays out of trial: has been in it, .*; re-entry: never$/),
  ]);
});

test('each branch that a step was asked for, in the step that asked, up to the one that was taken', async () => {
  expect(
    await told(
      'trigger: { event: Begun }',
      '  which: { choose: [{ when: { attribute: tier, equals: silver }, next: end }, { when: { attribute: tier, equals: gold }, next: pause }, { otherwise: end }] }\n  pause: { wait: 30d }',
      begins('ada'),
    ),
  ).toEqual(['02 ada which: tier = silver → false', '02 ada which: tier = gold → true']);
});
