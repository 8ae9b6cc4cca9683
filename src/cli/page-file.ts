import { spawn } from 'node:child_process';
import { mkdtemp, open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../shared/errors.ts';
import type { Html } from '../shared/html.ts';

/**
 * Writes a page for somebody to look at, and returns where it is. It may hold personal data: only this account may read
 * it, and unless a place is given it lies in a folder of its own.
 */
export async function writePage(page: Html, name: string, out: string | undefined): Promise<string> {
  const file = path.resolve(out ?? path.join(await mkdtemp(path.join(tmpdir(), `relance-${name}-`)), `${name}.html`));
  await writeFile(file, page.text, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => refuse(file, error));
  return file;
}

/** Throws UserError when no page can be written there: better before work that takes minutes than after it. */
export async function mustBeWritable(out: string): Promise<void> {
  const file = path.resolve(out);
  const opened = await open(file, 'a', 0o600).catch((error: NodeJS.ErrnoException) => refuse(file, error));
  await opened.close();
}

function refuse(file: string, { code, message }: NodeJS.ErrnoException): never {
  if (code === 'ENOENT') throw new UserError(`There is no folder ${path.dirname(file)}`);
  if (code === 'EISDIR')
    throw new UserError(`${file} is a folder: name a file in it, such as ${path.join(file, 'report.html')}`);
  throw new UserError(`${file} cannot be written: ${message}`);
}

/** Opens it where there is a screen; elsewhere the path that was printed has to do. */
export function openPage(file: string): void {
  const { platform, env } = process;
  if (platform === 'linux' && env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined) return;
  const command = platform === 'darwin' ? 'open' : platform === 'win32' ? 'explorer' : 'xdg-open';
  const opened = spawn(command, [file], { detached: true, stdio: 'ignore' });
  opened.on('error', () => {});
  opened.unref();
}
