import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkPaths, readLibraryFiles } from '../../src/scenarios/index.ts';
import { builtMain } from '../support/built.ts';

const POLICY = `timezone: Europe/Paris
country: FR
senders: { brand: { email: hello@example.com, address: '1 rue de la Paix, 75002 Paris' } }
purposes: { newsletter: { label: Newsletter, legalBasis: consent } }
`;
const MAIL = 'Hello <a href="{{links.unsubscribe}}">Unsubscribe</a>';
const scenario = (
  id: string,
  template = 'hello',
): string => `# yaml-language-server: $schema=../docs/schemas/scenario.json
scenario: ${id}
programme: p
name: N
category: marketing
purpose: newsletter
sender: brand
trigger: { event: X }
steps:
  a: { send: { channel: email, template: ${template} } }
`;

describe('relance check', () => {
  let root: string;
  const write = async (files: Record<string, string | Buffer>): Promise<void> => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), content);
    }
  };
  const check = async (...paths: string[]) => {
    const result = await checkPaths(
      paths.map((each) => path.join(root, each)),
      path.join(root, 'elsewhere', 'templates'),
    );
    return {
      ...result,
      faults: result.faults.map(({ file, line, code }) => `${path.relative(root, file ?? '')}:${line ?? ''} ${code}`),
    };
  };

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'relance check '));
    await write({
      'scenarios/policy.yaml': POLICY,
      'scenarios/p/one.yaml': scenario('one'),
      'templates/hello/email.html.hbs': MAIL,
      'templates/hello/meta.yaml': 'subject: Hello\n',
      'templates/other/email.html.hbs': '{{nonsense}}',
    });
  });
  afterEach(() => rm(root, { recursive: true }));

  test('holds scenarios against the nearest policy and templates above them', async () => {
    expect(await check('scenarios')).toMatchObject({
      faults: [],
      checked: { scenarios: 1, policies: 1, templates: 1 },
    });
    await write({
      'scenarios/q/policy.yaml': POLICY.replace('brand', 'other'),
      'scenarios/q/two.yaml': scenario('two'),
    });
    expect((await check('scenarios')).faults).toEqual(['scenarios/q/two.yaml:7 unknown-sender']);
    await write({ 'scenarios/q/templates/hello/sms.txt.hbs': 'Hello STOP 36000' });
    expect((await check('scenarios')).faults).toEqual([
      'scenarios/q/two.yaml:7 unknown-sender',
      'scenarios/q/two.yaml:10 template-without-channel',
    ]);
  });

  test('a template outside the paths is reported only where a scenario uses it', async () => {
    expect((await check('scenarios')).faults).toEqual([]);
    expect((await check('scenarios', 'templates')).faults.every((fault) => fault.startsWith('templates/other/'))).toBe(
      true,
    );
    expect((await check('templates')).faults).not.toEqual([]);
    expect((await check('.')).faults).not.toEqual([]);
  });

  test('tests, later versions, campaigns and hidden folders are not scenarios', async () => {
    await write({
      'scenarios/p/one.test.yaml': 'scenario: one\n',
      'scenarios/p/one.v2.yaml': 'nonsense: 1\n',
      'scenarios/campaigns/spring.yaml': 'campaign: spring\n',
      'scenarios/.old/two.yaml': 'nonsense: 1\n',
      'scenarios/p/notes.txt': 'notes',
    });
    const { faults, tests, checked } = await check('scenarios');
    expect({ faults, checked: checked.scenarios }).toEqual({ faults: [], checked: 1 });
    expect(tests.map((file) => path.relative(root, file))).toEqual(['scenarios/p/one.test.yaml']);
  });

  test('a file alone, and a policy alone, are checked', async () => {
    await write({ 'scenarios/p/one.yaml': scenario('one', 'helo'), 'lonely/policy.yaml': 'timezone: Mars/Base\n' });
    expect((await check('scenarios/p/one.yaml')).faults).toEqual(['scenarios/p/one.yaml:10 unknown-template']);
    expect((await check('lonely/policy.yaml')).faults).toContain('lonely/policy.yaml:1 missing-key');
  });

  test('no policy at all is one fault', async () => {
    await write({ 'bare/one.yaml': scenario('one') });
    await rm(path.join(root, 'scenarios'), { recursive: true });
    expect((await check('bare')).faults).toEqual(['bare/policy.yaml: missing-policy']);
  });

  test('a file that is not UTF-8, and one that is empty', async () => {
    await write({ 'scenarios/p/two.yaml': Buffer.from([0x61, 0x3a, 0x20, 0xe9]), 'scenarios/p/three.yaml': '' });
    expect((await check('scenarios')).faults).toEqual([
      'scenarios/p/three.yaml:1 wrong-type',
      'scenarios/p/two.yaml: not-utf-8',
    ]);
  });

  test('faults are in the order of files and lines, and errors in one file keep no other from being checked', async () => {
    await write({ 'scenarios/p/a.yaml': 'nonsense: 1\n', 'scenarios/p/b.yaml': scenario('other', 'helo') });
    expect((await check('scenarios')).faults.filter((fault) => fault.includes('/b.yaml'))).toEqual([
      'scenarios/p/b.yaml:2 scenario-file-name',
      'scenarios/p/b.yaml:10 unknown-template',
    ]);
  });

  test('files that do not tell editors their schema are named', async () => {
    expect((await check('scenarios')).withoutSchema.map((file) => path.relative(root, file))).toEqual([
      'scenarios/policy.yaml',
    ]);
  });

  test('a path that does not exist is refused', async () => {
    await expect(check('nowhere')).rejects.toThrow('There is no file or folder');
  });

  test('the library to publish is read whole', async () => {
    const library = await readLibraryFiles({
      scenariosDir: path.join(root, 'scenarios'),
      templatesDir: path.join(root, 'templates'),
    });
    expect(library.scenarios.map(({ value }) => value?.scenario.scenario)).toEqual(['one']);
    expect(library.policy.value?.country).toBe('FR');
    expect(library.templates.map(({ info }) => info.id)).toEqual(['hello', 'other']);
    expect(library.faults.some(({ severity }) => severity === 'error')).toBe(true);
  });
});

describe('the command', () => {
  const run = (cwd: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [builtMain(), 'check', ...args], { cwd }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'relance check '));
    for (const folder of ['scenarios/p', 'templates/hello']) await mkdir(path.join(root, folder), { recursive: true });
    await writeFile(path.join(root, 'scenarios/policy.yaml'), POLICY);
    await writeFile(path.join(root, 'scenarios/p/one.yaml'), scenario('one'));
    await writeFile(path.join(root, 'templates/hello/email.html.hbs'), MAIL);
    await writeFile(path.join(root, 'templates/hello/meta.yaml'), 'subject: Hello\n');
  });
  afterEach(() => rm(root, { recursive: true }));

  test('without paths checks the library, says how much it was, and exits 0', async () => {
    const { code, out } = await run(root);
    expect(out.split('\n')[0]).toBe('1 scenario, 1 policy, 1 template, 0 test files checked: nothing wrong');
    expect(code).toBe(0);
  });

  test('prints file:line:column, what is wrong and what to write, and exits 1', async () => {
    await writeFile(path.join(root, 'scenarios/p/one.yaml'), scenario('one', 'helo'));
    const { code, out } = await run(root, 'scenarios');
    expect(out.split('\n').slice(0, 2)).toEqual([
      'scenarios/p/one.yaml:10:42  error unknown-template  there is no template called helo (steps.a.send.template) — did you mean hello?',
      '1 scenario, 1 policy, 0 templates, 0 test files checked: 1 error, 0 warnings',
    ]);
    expect(code).toBe(1);
  });

  test('the form of test files is checked', async () => {
    await writeFile(path.join(root, 'scenarios/p/one.test.yaml'), 'scenario: one\ntets: []\n');
    const { code, out } = await run(root, 'scenarios');
    expect(out).toContain(
      'scenarios/p/one.test.yaml:2:1  error unknown-key  there is no "tets" here (tets) — did you mean tests?',
    );
    expect(code).toBe(1);
  });

  test('--json prints the faults for programs', async () => {
    await writeFile(path.join(root, 'scenarios/p/one.yaml'), scenario('one', 'helo'));
    const { code, out } = await run(root, '--json');
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      errors: 1,
      warnings: 0,
      faults: [{ code: 'unknown-template', line: 10, column: 42 }],
    });
    expect(code).toBe(1);
  });

  test('a path that is not there is told without a stack', async () => {
    const { code, err } = await run(root, 'nowhere');
    expect(err).toBe(`There is no file or folder ${path.join(await realpath(root), 'nowhere')}\n`);
    expect(code).toBe(1);
  });
});
