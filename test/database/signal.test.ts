import { Signal, wakeLoops, type Statement } from '../../src/database/index.ts';
import type { Heartbeat } from '../../src/database/signal.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProxy } from '../support/proxy.ts';

const signalBackends: Statement<{ pid: number }> = {
  name: 't_signal_backends',
  text: `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'relance signal'`,
};
const terminate: Statement = { name: 't_signal_terminate', text: 'SELECT pg_terminate_backend($1)' };

describe('Signal', () => {
  let db: TestDatabase;
  const open: Signal[] = [];

  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((signal) => signal.close()));
  });
  afterAll(() => db.close());

  const opened = async (url = db.url, heartbeat?: Heartbeat): Promise<Signal> => {
    const signal = new Signal(url, heartbeat);
    open.push(signal);
    await signal.open();
    return signal;
  };
  /** Resolves at the next wake-up. */
  const woken = (signal: Signal): Promise<void> =>
    new Promise((resolve) => {
      const stop = signal.onWake(() => {
        stop();
        resolve();
      });
    });

  test('wakes the listeners of its own process at once', async () => {
    const signal = await opened();
    let woke = 0;
    signal.onWake(() => woke++);
    signal.wake();
    expect(woke).toBe(1);
  });

  test('wakes those of other processes', async () => {
    const [here, there] = [await opened(), await opened()];
    const there1 = woken(there);
    here.wake();
    await there1;
    const here1 = woken(here);
    there.wake();
    await here1;
  });

  test('does not hear its own wake-up twice', async () => {
    const [here, there] = [await opened(), await opened()];
    let woke = 0;
    here.onWake(() => woke++);
    here.wake();
    // An answer from the other side arrives after the echo would have.
    const back = woken(there).then(() => there.wake());
    const answered = woken(here);
    await back;
    await answered;
    expect(woke).toBe(2);
  });

  test('merges many wake-ups into few notifications, and the last one is never lost', async () => {
    const [here, there] = [await opened(), await opened()];
    let heard = 0;
    let work = 0;
    let seen = 0;
    const caughtUp = new Promise<void>((resolve) =>
      there.onWake(() => {
        heard++;
        seen = work;
        if (seen === 1000) resolve();
      }),
    );
    for (work = 1; work <= 1000; work++) here.wake();
    work = 1000;
    here.wake();
    await caughtUp;
    expect(heard).toBeLessThan(5);
  });

  test('a listener that was removed is not called', async () => {
    const signal = await opened();
    let woke = 0;
    const stop = signal.onWake(() => woke++);
    stop();
    signal.wake();
    expect(woke).toBe(0);
  });

  test('connects again by itself after its backend was terminated, and wakes for what it may have missed', async () => {
    const signal = await opened();
    const [backend] = await db.database.run(signalBackends);
    const afterReconnect = woken(signal);
    await db.database.run(terminate, [backend!.pid]);
    await afterReconnect;
    expect(signal.listening).toBe(true);
    const other = await opened();
    const again = woken(signal);
    other.wake();
    await again;
  });

  test('a verb wakes all with a statement', async () => {
    const signal = await opened();
    const heard = woken(signal);
    await db.database.run(wakeLoops);
    await heard;
  });

  test('a connection that has fallen silent is given up, and what came meanwhile is woken for', async () => {
    const proxy = await startProxy(db.url);
    try {
      const there = await opened(proxy.url, { every: 20, patience: 500 });
      // Alive, it is asked and kept.
      const here = await opened();
      const heard = woken(there);
      here.wake();
      await heard;
      const again = woken(there);
      proxy.stall();
      here.wake();
      await again;
      expect(there.listening).toBe(true);
      const anew = woken(there);
      here.wake();
      await anew;
    } finally {
      await proxy.close();
    }
  });

  test('a wake-up while the connection is away reaches the others once it is back', async () => {
    const [here, there] = [await opened(), await opened()];
    const lost = woken(there);
    // Both lose their connections; `here` signals while it has none.
    for (const { pid } of await db.database.run(signalBackends)) await db.database.run(terminate, [pid]);
    here.wake();
    await lost;
  });

  test('opens although the database is away, and closes while it tries again', async () => {
    const signal = await opened('postgres://relance@127.0.0.1:9/nowhere');
    expect(signal.listening).toBe(false);
    signal.wake();
    await signal.close();
  });

  test('leaves no connection behind', async () => {
    const signal = await opened();
    await signal.close();
    await signal.close();
    let left: unknown[];
    do left = await db.database.run(signalBackends);
    while (left.length > 0);
    expect(left).toEqual([]);
  });
});
