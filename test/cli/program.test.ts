import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { run } from '../../src/cli/program.ts';
import { builtMain } from '../support/built.ts';

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function relance(...args: string[]): Promise<Outcome> {
  const outcome = { code: -1, stdout: '', stderr: '' };
  outcome.code = await run(args, {
    out: (text) => void (outcome.stdout += text),
    error: (text) => void (outcome.stderr += text),
  });
  return outcome;
}

describe('relance', () => {
  test('--help lists the verbs, exit 0', async () => {
    const { code, stdout } = await relance('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/start.*run the service/);
  });

  test('every verb has --help, exit 0', async () => {
    const { code, stdout } = await relance('start', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: relance start');
  });

  test.each([
    ['/no/such/folder/report.html', 'There is no folder /no/such/folder'],
    [tmpdir(), `${tmpdir()} is a folder: name a file in it, such as ${tmpdir()}/report.html`],
  ])('forecast --out %s is refused before anything is counted', async (out, said) => {
    const { code, stdout, stderr } = await relance('forecast', '--days', '3', '--out', out);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(said);
  });

  test('--version', async () => {
    expect((await relance('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([[[]], [['strat']], [['start', '--prot', '1']], [['start', 'extra']]])(
    'wrong usage %j: exit 2, and how it is used',
    async (args) => {
      const { code, stdout, stderr } = await relance(...args);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).toContain('--help');
    },
  );

  test('a wrong choice: exit 2, and the choices', async () => {
    const { code, stderr } = await relance('apply', '--in-flight', 'move');
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are finish, migrate, stop.');
  });

  test('a mistyped verb names the nearest one', async () => {
    expect((await relance('strat')).stderr).toContain('Did you mean start?');
  });

  test('the process itself ends with the exit code', async () => {
    const code = await new Promise((resolve) => {
      execFile(process.execPath, [builtMain(), 'start', '--wrong'], (error) => resolve(error?.code ?? 0));
    });
    expect(code).toBe(2);
  });
});
