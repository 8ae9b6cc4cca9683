import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** The system account PostgreSQL runs as when the service itself is root, which PostgreSQL refuses. */
export interface Account {
  uid: number;
  gid: number;
}

/** Accounts that exist on nearly every system and own nothing of value, in the order of preference. */
const CANDIDATES = ['postgres', '_postgres', 'nobody'];

/** Reads `/etc/passwd` lines; a negative uid, as macOS writes for `nobody`, is its unsigned 32-bit value. */
export function accountsOf(passwd: string): Map<string, Account> {
  const accounts = new Map<string, Account>();
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && !name.startsWith('#') && uid && gid)
      accounts.set(name, { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 });
  }
  return accounts;
}

/** True where this process is root (never on Windows). */
export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * The account to run PostgreSQL as; undefined: the one this process has.
 * Existing data keeps the owner it was made with.
 */
export function accountFor(dataDir: string): Account | undefined {
  if (!isRoot()) return undefined;
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  let accounts = new Map<string, Account>();
  try {
    accounts = accountsOf(readFileSync('/etc/passwd', 'utf8'));
  } catch {
    // No such file: there may still be the customary number below.
  }
  const name = CANDIDATES.find((candidate) => (accounts.get(candidate)?.uid ?? 0) !== 0);
  const other = [...accounts.values()].find(({ uid }) => uid !== 0);
  return (name === undefined ? other : accounts.get(name)) ?? { uid: 65_534, gid: 65_534 };
}

/** Permission bits wanted of a file or folder. */
const READ = 4;
const ENTER = 1;

const allows = (mode: number, owner: Account, account: Account, wanted: number): boolean => {
  if (owner.uid === account.uid) return ((mode >> 6) & wanted) === wanted;
  if (owner.gid === account.gid) return ((mode >> 3) & wanted) === wanted;
  return (mode & wanted) === wanted;
};

/** Whether the account may enter every folder from the root down to `place`, and read `place` itself. */
export function mayReach(account: Account | undefined, place: string): boolean {
  if (account === undefined) return true;
  let current = path.resolve(place);
  let wanted = READ | ENTER;
  for (;;) {
    const stat = statSync(current, { throwIfNoEntry: false });
    if (stat !== undefined && !allows(stat.mode, { uid: stat.uid, gid: stat.gid }, account, wanted)) return false;
    const parent = path.dirname(current);
    if (parent === current) return true;
    current = parent;
    wanted = ENTER;
  }
}
