import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describePlan } from '../../src/cli/publication.ts';
import type { Fate, PublishPlan } from '../../src/scenarios/index.ts';
import { scenarioSource, SEND, writeFile, writeLibrary } from '../scenarios/sources.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { relance } from '../support/relance.ts';
import { until } from '../support/until.ts';

const hash = 'h';

describe('the plan as text', () => {
  const plan: PublishPlan = {
    revision: 3,
    scenarios: [
      { id: 'birthday', kind: 'changed', from: 2, version: 3, hash, content: { source: '', path: '' } },
      { id: 'old', kind: 'retired', from: 1, version: 1, hash, content: null },
      { id: 'same', kind: 'unchanged', from: 4, version: 4, hash, content: null },
    ],
    policy: null,
    templates: [{ id: 'mail-a', kind: 'new', from: null, version: 1, hash, content: { files: {} } }],
  };

  test('names what changes and who is inside', async () => {
    const inside: Fate[] = [
      { id: 'birthday', step: 'pause', people: 12, becomes: 'finish' },
      { id: 'old', step: 'hello', people: 1, becomes: 'finish' },
    ];
    expect(describePlan(plan, inside)).toBe(`changed  scenario birthday                        version 2 → 3
           12 in pause, who finish in the version of the entry
retired  scenario old                             version 1; lets nobody in any more
           1 in hello, who finishes in the version of the entry
new      template mail-a                          version 1
1 unchanged.
`);
  });

  test('says who goes on in the new version, and where, and who has nowhere to go on', async () => {
    const inside: Fate[] = [
      { id: 'birthday', step: 'pause', people: 12, becomes: 'migrate' },
      { id: 'birthday', step: 'hello', people: 1, becomes: 'lost' },
      { id: 'birthday', step: 'rest', people: 3, becomes: 'migrate', to: 'pause' },
      { id: 'birthday', step: 'text', people: 1, becomes: 'enter', to: 'mail' },
      { id: 'old', step: 'hello', people: 2, becomes: 'stop' },
    ];
    const lines = describePlan(plan, inside).split('\n');
    expect(lines.filter((line) => line.startsWith(' ')).map((line) => line.trim())).toEqual([
      '12 in pause, who go on there in version 3',
      '1 in hello, who has nowhere to go on: version 3 has no such step',
      '3 in rest, who go on in pause in version 3',
      '1 in text, who enters mail anew in version 3',
      '2 in hello, who are stopped',
    ]);
  });

  test('says so when there is nothing to do', async () => {
    expect(describePlan({ ...plan, scenarios: plan.scenarios.slice(2), templates: [] }, [])).toBe(
      'Nothing to publish: 1 unchanged.\n',
    );
  });
});

describe('relance apply', () => {
  let folder: string;
  let database: { url: string; close(): Promise<void> };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'relance apply '));
    writeLibrary(folder);
    database = await createEmptyDatabase();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.close();
  });

  const apply = (...args: string[]) =>
    relance(folder, ['apply', ...args], { DATABASE_URL: database.url, SECRET: 'a-secret-of-the-tests-only' });

  test('prints the plan first, publishes once, and exits 1 on a fault', async () => {
    const plan = `new      scenario hello                           version 1
new      scenario other                           version 1
new      policy                                   version 1
new      template mail-a                          version 1
new      template mail-b                          version 1
0 unchanged.
`;
    expect(await apply('--dry-run')).toEqual({ code: 0, out: plan, error: '' });
    expect(await apply()).toEqual({ code: 0, out: `${plan}Published.\n`, error: '' });
    expect(await apply()).toEqual({ code: 0, out: 'Nothing to publish: 5 unchanged.\n', error: '' });

    writeFile(folder, 'scenarios/welcome/hello.yaml', scenarioSource('hello', `review: PT0.1S\n${SEND('mail-a')}`));
    expect((await apply()).error).toBe('');
    const overdue = /^scenarios\/welcome\/hello\.yaml:8:9 {2}warning review-overdue /;
    await until(async () => overdue.test((await apply('--dry-run')).error));
    expect(await apply('--dry-run')).toMatchObject({ code: 0, out: 'Nothing to publish: 5 unchanged.\n' });

    writeFile(folder, 'scenarios/welcome/hello.yaml', scenarioSource('hello', SEND('mail-x')));
    const refused = await apply('scenarios/welcome/hello.yaml');
    expect(refused.code).toBe(1);
    expect(refused.error).toMatch(
      /Nothing is published while there are errors:\n {2}scenarios\/welcome\/hello.yaml:8:\d+ {2}error unknown-template/,
    );
  }, 120_000);
});
