import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// A project in small: its own npm and compiler note that they were called and leave behind what the real ones do.

const CLI = path.resolve(import.meta.dirname, '..', '..', 'src', 'cli');

const NPM = `
  import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
  appendFileSync('calls', process.argv[2] + '\\n');
  if (process.env.NPM_FAILS) { console.error('npm error no such package'); process.exit(1); }
  await new Promise((resolve) => setTimeout(resolve, 300));
  mkdirSync('node_modules/@nestjs/cli/bin', { recursive: true });
  writeFileSync('node_modules/@nestjs/cli/bin/nest.js', ${JSON.stringify(`
    const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
    appendFileSync('calls', 'build\\n');
    if (process.env.BUILD_FAILS) { console.log('src/a.ts: no such type'); process.exit(1); }
    mkdirSync('dist/cli', { recursive: true });
    writeFileSync('dist/cli/main.js', 'console.log(JSON.stringify(process.argv.slice(2)))');
  `)});
  cpSync('package-lock.json', 'node_modules/.package-lock.json');
`;

let root: string;

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function launch(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const options = {
    cwd: root,
    env: { PATH: process.env['PATH'], npm_execpath: path.join(root, 'npm-cli.mjs'), ...env },
  };
  return new Promise((resolve) => {
    execFile(process.execPath, ['src/cli/launch.mjs', ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const calls = (): string[] => {
  const file = path.join(root, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'relance launch '));
  mkdirSync(path.join(root, 'src', 'cli'), { recursive: true });
  for (const name of ['launch.mjs', 'freshness.mjs', 'chromium.mjs', 'pure-tests.mjs']) {
    copyFileSync(path.join(CLI, name), path.join(root, 'src', 'cli', name));
  }
  writeFileSync(path.join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    path.join(root, 'package-lock.json'),
    '{ "packages": { "": {}, "node_modules/a": { "version": "1.0.0" } } }',
  );
  writeFileSync(path.join(root, 'npm-cli.mjs'), NPM);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The compiler of this small project is CommonJS. */
beforeEach(() => {
  mkdirSync(path.join(root, 'node_modules', '@nestjs', 'cli'), { recursive: true });
  writeFileSync(path.join(root, 'node_modules', '@nestjs', 'cli', 'package.json'), '{ "type": "commonjs" }');
});

describe('the launcher', () => {
  test('installs and builds what is absent, in a path with spaces, then hands the arguments over', async () => {
    const { code, stdout, stderr } = await launch(['check', 'a b', '--json']);
    expect(calls()).toEqual(['ci', 'build']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '["check","a b","--json"]\n' });
    expect(stderr).toBe('Installing dependencies…\nBuilding…\n');
  });

  test('does neither the second time, and says nothing', async () => {
    await launch(['check']);
    expect((await launch(['check'])).stderr).toBe('');
    expect(calls()).toEqual(['ci', 'build']);
  });

  test('builds again after a change of the sources, without installing', async () => {
    await launch(['check']);
    writeFileSync(path.join(root, 'src', 'a.ts'), 'export const a = 1;');
    await launch(['check']);
    expect(calls()).toEqual(['ci', 'build', 'build']);
  });

  test('of two at the same moment one installs, and the other one waits', async () => {
    const outcomes = await Promise.all([launch(['check']), launch(['check'])]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
    expect(calls()).toEqual(['ci', 'build']);
  });

  test('the mark of one that was killed is not waited for', async () => {
    const mark = path.join(root, '.relance', 'launching');
    mkdirSync(path.dirname(mark));
    writeFileSync(mark, '');
    utimesSync(mark, 1, 1);
    expect((await launch(['check'])).code).toBe(0);
    expect(existsSync(mark)).toBe(false);
  });

  test('an installation that fails: why, exit 1, and the next start tries again', async () => {
    const { code, stderr } = await launch(['check'], { NPM_FAILS: '1' });
    expect(code).toBe(1);
    expect(stderr).toContain('npm error no such package\nThe dependencies could not be installed');
    expect((await launch(['check'])).code).toBe(0);
  });

  test('a build that fails: why, exit 1, and the next start tries again', async () => {
    const { code, stderr } = await launch(['check'], { BUILD_FAILS: '1' });
    expect(code).toBe(1);
    expect(stderr).toContain('no such type\nThe build failed');
    expect((await launch(['check'])).code).toBe(0);
  });

  test('the suite without a browser is refused before anything else, and says how to mend it', async () => {
    const { code, stderr } = await launch(['test-suite'], { CHROMIUM_PATH: '/nowhere' });
    expect({ code, calls: calls() }).toEqual({ code: 1, calls: [] });
    expect(stderr).toBe('The whole suite cannot run: CHROMIUM_PATH is /nowhere, and no such file exists\n');
  });
});
