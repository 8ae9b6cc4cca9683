import { readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** What a running server writes into `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** Reads the text of `postmaster.pid`; undefined when it is absent or half written. */
export function parsePostmaster(text: string): Postmaster | undefined {
  const lines = text.split('\n');
  const pid = Math.abs(Number(lines[0]));
  const port = Number(lines[3]);
  return Number.isInteger(pid) && pid > 0 && Number.isInteger(port) && port > 0 ? { pid, port } : undefined;
}

/** The server that last wrote its `postmaster.pid` into the data folder. */
export function readPostmaster(dataDir: string): Postmaster | undefined {
  try {
    return parsePostmaster(readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether a process of this number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Whether the file is left over from a server that is gone. PostgreSQL itself looks only at the number, so after
 * a container's restart it takes any process that now has it for a running server and refuses to start.
 * In doubt the server counts as alive: two servers on one folder would destroy it.
 */
export function isLeftOver(postmaster: Postmaster, dataDir: string): boolean {
  if (!isAlive(postmaster.pid)) return true;
  try {
    const state = /^State:\s+(\S)/m.exec(readFileSync(`/proc/${postmaster.pid}/status`, 'utf8'))?.[1];
    if (state === 'Z') return true;
    return readlinkSync(`/proc/${postmaster.pid}/cwd`) !== dataDir;
  } catch {
    return false;
  }
}
