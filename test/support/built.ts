import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const BUILD = path.join(import.meta.dirname, 'build.mjs');
const LOOK_AGAIN_MS = 50;
const PATIENCE_MS = 120_000;

/**
 * The `cli/main.js` of the sources of now, compiled once a run of the tests by whoever asks first, for tests that start
 * the command line or the service as processes again and again: a start takes half as long as through `register.mjs`,
 * and the project's own build is not touched. The folder is that of the run: its teardown removes it.
 */
export function builtMain(): string {
  const folder = process.env['RELANCE_TEST_BUILD']!;
  const done = path.join(folder, 'done');
  if (!existsSync(done)) {
    if (isFirst(folder)) {
      execFileSync(process.execPath, [BUILD, folder]);
      writeFileSync(done, '');
    } else awaitFile(done);
  }
  return path.join(folder, 'dist', 'cli', 'main.js');
}

/** Of all workers only one can make a folder. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(path.join(folder, 'begun'));
    return true;
  } catch {
    return false;
  }
}

function awaitFile(file: string): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (const until = Date.now() + PATIENCE_MS; !existsSync(file);) {
    if (Date.now() > until) throw new Error(`no build after ${PATIENCE_MS} ms: see the test that ran first`);
    Atomics.wait(cell, 0, 0, LOOK_AGAIN_MS);
  }
}
