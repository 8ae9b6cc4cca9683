import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';

/** Registers `relance bench`. */
export function register(program: Command): void {
  program
    .command('bench')
    .description('measure this machine: one table, each figure beside its reference')
    .argument('[figures...]', 'only these figures')
    .action(async (figures: string[]) => {
      process.exitCode = await bench(figures);
    });
}

/** The benchmark is no part of the build: it runs from its sources, in a process of its own. */
function bench(figures: readonly string[]): Promise<number> {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
  const loader = path.join(root, 'test', 'support', 'register.mjs');
  const child = spawn(
    process.execPath,
    ['--import', pathToFileURL(loader).href, path.join(root, 'bench', 'run.ts'), ...figures],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve(code ?? 1)));
}
