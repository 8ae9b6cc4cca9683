import { rm } from 'node:fs/promises';
import path from 'node:path';
import {
  rehearsalJson,
  rehearsalPage,
  rehearsalText,
  rehearseRequest,
  runTests,
  type Rehearsal,
} from '../../src/rehearsal/index.ts';
import { ADA, PLACES, POLICY, scenarioOf, writeFolder } from './people.ts';

const STEPS = `  tell: { webhook: { url: "https://crm.example/{{contact.userId}}", body: { by: "{{contact.email}}", note: "<b>" } }, onError: sorry, next: end }
  sorry: { set: { told: false } }`;
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function folderOf(more: Record<string, string>, steps = STEPS): Promise<string> {
  const folder = await writeFolder({
    'scenarios/policy.yaml': POLICY,
    'scenarios/trial.yaml': scenarioOf('trial', steps),
    'ada.yaml': ADA(),
    ...more,
  });
  folders.push(folder);
  return folder;
}

/** What a test about ada says, as a list of what differs. */
async function details(expected: string, more = ''): Promise<string[]> {
  const folder = await folderOf({
    'scenarios/trial.test.yaml': `scenario: trial
tests:
  - name: it
    contact: { userId: ada, email: ada@example.com }
${more}    timeline: [{ at: 2026-03-02T09:00:00+01:00, track: Begun }]
    expect: ${expected}
`,
  });
  const [result] = await runTests([path.join(folder, 'scenarios')], { templatesDir: path.join(folder, 'none') });
  return result!.details;
}

describe('a scenario test with webhooks', () => {
  test('calls are taken, and their method, url and body can be expected', async () => {
    const call =
      '{ at: 2026-03-02T09:00:00+01:00, scenario: trial, step: tell, method: POST, url: https://crm.example/ada, body: { note: "<b>", by: ada@example.com }, outcome: done }';
    expect(await details(`{ webhooks: [${call}], enrollments: [{ status: completed }] }`)).toEqual([]);
  });

  test('one that is said to fail leads to onError', async () => {
    const fails = '    webhooks: [{ step: tell, outcome: failed }]\n';
    expect(await details('{ webhooks: [{ outcome: failed }], attributes: { told: false } }', fails)).toEqual([]);
  });

  test('what differs is told, with what happened', async () => {
    expect(await details('{ webhooks: [] }')).toEqual([
      expect.stringMatching(/^webhooks\.0: expected no more webhooks, got .*step tell/),
      'webhooks:',
      '    expected   actual',
      expect.stringMatching(/^ {2}≠ \(none\) {3}\| contact ada, at .*, step tell, method POST, .*outcome done$/),
      'what happened:',
      expect.stringContaining('event Begun'),
      expect.stringContaining('enters trial'),
      expect.stringContaining('tell calls POST https://crm.example/ada: done'),
      expect.stringContaining('  tell: the call failed → false'),
      expect.stringContaining('trial completed'),
    ]);
    expect((await details('{ webhooks: [{ body: { by: x } }] }'))[0]).toBe(
      'webhooks.0.body: expected {"by":"x"}, got {"by":"ada@example.com","note":"<b>"}  (line 6)',
    );
  });

  test('an outcome of a step that calls nothing is a fault', async () => {
    expect((await details('{}', '    webhooks: [{ step: sorry, outcome: failed }]\n'))[0]).toMatch(
      /unknown-step .*there is no webhook step `sorry`.*write one of tell/,
    );
  });
});

describe('a rehearsal with webhooks', () => {
  const rehearsed = async (steps = STEPS, more = ''): Promise<Rehearsal> => {
    const folder = await folderOf({ 'scenarios/trial.yaml': scenarioOf('trial', steps) + more });
    const request = { scenario: path.join(folder, 'scenarios/trial.yaml'), contact: path.join(folder, 'ada.yaml') };
    return rehearseRequest({ ...request, from: '2026-03-02T09:00' }, PLACES, null, 0);
  };

  test('shows each call with its body and its answer, as text, page and JSON; nothing is called', async () => {
    const played = await rehearsed();
    expect(rehearsalText(played)).toContain(
      'webhook   POST https://crm.example/ada {"by":"ada@example.com","note":"<b>"}\n  answer    tell: taken',
    );
    expect(rehearsalPage(played).text).toContain('POST https://crm.example/ada {&quot;by&quot;');
    expect(rehearsalJson(played)['timeline']).toContainEqual({
      at: '2026-03-02T08:00:00.000Z',
      kind: 'webhook',
      scenario: 'trial',
      step: 'tell',
      method: 'POST',
      url: 'https://crm.example/ada',
      body: { by: 'ada@example.com', note: '<b>' },
      notMade: null,
    });
    expect(played.status).toBe('completed');
  });

  test('says why one would not be made', async () => {
    const lacking = await rehearsed(STEPS.replace('{{contact.userId}}', '{{contact.ref}}'));
    expect(rehearsalText(lacking)).toMatch(
      /\(not made: nothing to put for \{\{contact\.ref\}\} into the path\)\n  answer    tell: given up/,
    );
    const withheld = rehearsalText(await rehearsed(STEPS, 'holdout: 100%\n'));
    expect(withheld).toContain('(not made: the contact is in the holdout)');
    expect(withheld).not.toContain('answer');
  });
});
