import { spawnSync } from 'node:child_process';
import { builtMain } from './built.ts';

/** Runs the command line of the sources of now, as a process of its own in a folder, with these settings and no others. */
export function relance(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): { code: number | null; out: string; error: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtMain(), ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  });
  return { code: status, out: stdout, error: stderr };
}
