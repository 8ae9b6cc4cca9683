import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { UserError } from '../../shared/errors.ts';
import { accountFor, isRoot, mayReach } from './account.ts';

/** Where a cluster is put when the account it runs as cannot enter the project's own folder. */
const REACHABLE = ['/var/lib', '/srv', '/opt', '/var/tmp'];

/**
 * The folder of the cluster that belongs to `dir`: `dir/postgres`. As root, in a project that only root may enter
 * (below `/root`, say), that is a link to a folder of its own below `/var/lib`.
 * @returns the real path
 */
export function clusterPlace(dir: string, log: (line: string) => void): string {
  mkdirSync(dir, { recursive: true });
  const place = path.join(dir, 'postgres');
  if (lstatSync(place, { throwIfNoEntry: false }) !== undefined) {
    if (existsSync(place)) return realpathSync(place);
    throw new UserError(`${place} points to a folder that is gone: put it back, or remove ${dir} to start empty`);
  }
  if (isRoot()) {
    const account = accountFor(path.join(place, 'data'));
    // An inherited umask of 077 would shut the account out of a folder that is otherwise in a good place.
    if (mayReach(account, path.dirname(path.resolve(dir)))) chmodSync(dir, 0o755);
    if (!mayReach(account, dir)) {
      const elsewhere = makeElsewhere(dir, log);
      symlinkSync(elsewhere, place);
      return realpathSync(place);
    }
  }
  mkdirSync(place, { recursive: true });
  chmodSync(place, 0o755);
  return realpathSync(place);
}

/** A new folder each time: data that an earlier `.relance/` pointed to is never taken over, nor removed. */
function makeElsewhere(dir: string, log: (line: string) => void): string {
  const prefix = `relance-${createHash('sha256').update(path.resolve(dir)).digest('hex').slice(0, 8)}-`;
  for (const base of REACHABLE) {
    try {
      const left = readdirSync(base).filter((name) => name.startsWith(prefix));
      const made = mkdtempSync(path.join(base, prefix));
      chmodSync(made, 0o755);
      for (const name of left) log(`an earlier database of this folder is still in ${path.join(base, name)}`);
      return made;
    } catch {
      // Read-only or absent: the next one.
    }
  }
  throw new UserError(
    `PostgreSQL cannot run as root, and no other account can reach ${dir}: ` +
      'start Relance as an ordinary user, move the project (to /opt, say), or set DATABASE_URL',
  );
}
