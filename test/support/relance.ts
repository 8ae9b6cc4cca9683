import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** Runs the command line from source, as a process of its own in a folder, with these settings and no others. */
export function relance(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): { code: number | null; out: string; error: string } {
  const loader = pathToFileURL(path.join(ROOT, 'test/support/register.mjs')).href;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', loader, path.join(ROOT, 'src/cli/main.ts'), ...args],
    { cwd, env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' },
  );
  return { code: status, out: stdout, error: stderr };
}
