import { rm } from 'node:fs/promises';
import path from 'node:path';
import { runTests } from '../../src/rehearsal/index.ts';
import { POLICY, scenarioOf, writeFolder } from './people.ts';

test('D7: a test counts the parts of a text as it was rendered, as live', async () => {
  const folder = await writeFolder({
    'scenarios/policy.yaml': `${POLICY.replace(/pressure:\n.*\n/, '')}pressure:\n  - { rule: texts, window: { rolling: 30d }, unit: sms-parts, max: 3, onBlocked: drop }\n`,
    'scenarios/trial.yaml': scenarioOf(
      'trial',
      '  one: { send: { channel: sms, template: long } }\n  two: { send: { channel: sms, template: long } }',
    ),
    'scenarios/trial.test.yaml': `scenario: trial
tests:
  - name: two parts fit, four do not
    contact: { userId: ada, phone: "+3225550100", country: BE, timezone: Europe/Brussels, consents: [{ channel: sms, purpose: newsletter, action: granted }] }
    timeline: [{ at: 2026-03-02T09:00:00+01:00, track: Begun }]
    expect: { messages: [{ step: one, outcome: sent }, { step: two, outcome: blocked, rule: texts }] }
`,
    'templates/long/sms.txt.hbs': `${'Hello. '.repeat(24)}STOP to end`,
    'templates/long/meta.yaml': '',
  });
  const results = await runTests([path.join(folder, 'scenarios')], { templatesDir: path.join(folder, 'none') });
  await rm(folder, { recursive: true });
  expect(results).toMatchObject([{ name: 'two parts fit, four do not', details: [], passed: true }]);
});
