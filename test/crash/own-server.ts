import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbedded } from '../../src/database/index.ts';

/** A PostgreSQL of its own, which a test may crash. */
export interface OwnServer {
  url: string;
  /** Ends it as a power cut would, and with it all connections; it is started again by itself, on the same port. */
  crash(): void;
  stop(): Promise<void>;
}

export async function startOwnServer(): Promise<OwnServer> {
  const dir = mkdtempSync(path.join(tmpdir(), 'relance-crash-server-'));
  // As root the server runs as another user, who must be able to pass through.
  chmodSync(dir, 0o755);
  const embedded = await startEmbedded({
    dir,
    log: () => {},
    // The machine does not crash, the server does: what it has committed it must know afterwards.
    settings: { fsync: 'off', synchronous_commit: 'on', max_connections: '100' },
  });
  const place = realpathSync(path.join(dir, 'postgres'));
  const postmaster = (): number =>
    Number(readFileSync(path.join(place, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    url: embedded.url,
    // An immediate shutdown: no checkpoint, recovery at the next start.
    crash: () => void process.kill(postmaster(), 'SIGQUIT'),
    stop: async () => {
      await embedded.stop();
      for (const each of [place, dir]) rmSync(each, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
