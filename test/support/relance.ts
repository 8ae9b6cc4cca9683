import { spawnSync } from 'node:child_process';
import { run } from '../../src/cli/program.ts';
import { builtMain } from './built.ts';

export interface Outcome {
  code: number | null;
  out: string;
  error: string;
}

/** Runs the command line of the sources of now, as a process of its own in a folder, with these settings and no others. */
export function relanceProcess(cwd: string, args: readonly string[], env: Record<string, string> = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtMain(), ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  });
  return { code: status, out: stdout, error: stderr };
}

/** The same within this process, which saves the seconds in which a process loads it. One at a time. */
export async function relance(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const was = { cwd: process.cwd(), env: process.env, exitCode: process.exitCode };
  const streams = [process.stdout, process.stderr].map((stream) => {
    const heard = { text: '', write: stream.write };
    stream.write = ((chunk: string | Uint8Array): boolean => {
      heard.text += String(chunk);
      return true;
    }) as typeof stream.write;
    return { stream, heard };
  });
  try {
    process.chdir(cwd);
    process.env = { PATH: was.env['PATH'], ...env };
    process.exitCode = undefined;
    const code = await run(args);
    return { code, out: streams[0]!.heard.text, error: streams[1]!.heard.text };
  } finally {
    for (const { stream, heard } of streams) stream.write = heard.write;
    process.chdir(was.cwd);
    process.env = was.env;
    process.exitCode = was.exitCode;
  }
}
