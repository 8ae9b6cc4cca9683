import { RetryableDatabaseError } from '../../src/database/index.ts';
import { WorkLoops, type Work } from '../../src/engine/work-loops.worker.ts';
import { systemClock, type Instant } from '../../src/shared/clock.ts';

const { jest } = import.meta;
const HEARING = 5_000;
const DEAF = 2_000;

/** Wake-ups as the loops know them. */
class FakeSignal {
  listening = true;
  private readonly listeners = new Set<() => void>();

  onWake(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  wake(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Things that are due at instants; whoever takes one holds it until it is told to go on. */
class FakeWork implements Work {
  readonly name = 'fake';
  readonly loops: number;
  due: Instant[] = [];
  /** When a loop looked, and when one asked. */
  looks: Instant[] = [];
  asks: Instant[] = [];
  /** When each thing was taken. */
  taken: Instant[] = [];
  busy = 0;
  failure: Error | null = null;
  private readonly held: (() => void)[] = [];

  constructor(loops = 1) {
    this.loops = loops;
  }

  async run(took: () => void): Promise<number> {
    this.looks.push(systemClock.now());
    if (this.failure !== null) throw this.failure;
    const at = this.due.findIndex((due) => due <= systemClock.now());
    if (at < 0) return 0;
    this.due.splice(at, 1);
    this.taken.push(systemClock.now());
    took();
    this.busy += 1;
    await new Promise<void>((resolve) => this.held.push(resolve));
    this.busy -= 1;
    return 1;
  }

  nextDue(): Promise<Instant | null> {
    this.asks.push(systemClock.now());
    if (this.failure !== null) return Promise.reject(this.failure);
    return Promise.resolve(this.due.length === 0 ? null : Math.min(...this.due));
  }

  /** Lets all that is held be done with. */
  goOn(): void {
    for (const done of this.held.splice(0)) done();
  }
}

interface Scene {
  work: FakeWork;
  signal: FakeSignal;
  logged: string[];
  /** Milliseconds from the beginning. */
  since(instants: readonly Instant[]): number[];
}

const running: { loops: WorkLoops; work: FakeWork }[] = [];

/** Loops that have looked once, found nothing and rest. */
async function atRest(work: FakeWork): Promise<Scene> {
  const signal = new FakeSignal();
  const logged: string[] = [];
  const say = (level: string) => (_of: unknown, text: string) => void logged.push(`${level}: ${text}`);
  const log = { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug'), trace: say('trace') };
  const loops = new WorkLoops(work, signal, systemClock, log as never);
  running.push({ loops, work });
  loops.start();
  await jest.advanceTimersByTimeAsync(0);
  work.looks = [];
  work.asks = [];
  const began = systemClock.now();
  return { work, signal, logged, since: (instants) => instants.map((at) => at - began) };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(async () => {
  for (const { loops, work } of running.splice(0)) {
    const stopped = loops.stop();
    work.goOn();
    await stopped;
  }
  jest.useRealTimers();
});

test('at rest nobody looks: one question after the longest sleep is all, however many loops there are', async () => {
  const { work, since } = await atRest(new FakeWork(4));
  await jest.advanceTimersByTimeAsync(4 * HEARING + 1);
  expect(work.looks).toEqual([]);
  expect(since(work.asks)).toEqual([1, 2, 3, 4].map((times) => times * HEARING));
});

test('a wake-up has one loop look at once, before time has passed', async () => {
  const { work, signal, since } = await atRest(new FakeWork(4));
  await jest.advanceTimersByTimeAsync(1_234);
  work.due = [systemClock.now()];
  signal.wake();
  await jest.advanceTimersByTimeAsync(0);
  expect(since(work.taken)).toEqual([1_234]);
  // The one that took it, and the one it roused.
  expect(work.looks).toHaveLength(2);
});

test('who takes something rouses the next, until all are at it or nothing is left', async () => {
  const { work, signal } = await atRest(new FakeWork(4));
  work.due = Array.from({ length: 3 }, () => systemClock.now());
  signal.wake();
  await jest.advanceTimersByTimeAsync(0);
  expect([work.busy, work.looks.length]).toEqual([3, 4]);
  work.due = Array.from({ length: 3 }, () => systemClock.now());
  signal.wake();
  await jest.advanceTimersByTimeAsync(0);
  expect(work.busy).toBe(4);
  work.goOn();
  await jest.advanceTimersByTimeAsync(0);
  // Whoever is done looks again by itself.
  expect([work.busy, work.due]).toEqual([2, []]);
});

test('what falls due is taken at its instant, without a wake-up', async () => {
  const { work, signal, since } = await atRest(new FakeWork(2));
  work.due = [3_600_000, 3_600_000, 4_000_123].map((after) => systemClock.now() + after);
  signal.wake();
  await jest.advanceTimersByTimeAsync(3_600_000);
  expect(since(work.taken)).toEqual([3_600_000, 3_600_000]);
  work.goOn();
  await jest.advanceTimersByTimeAsync(400_123);
  expect(since(work.taken).at(-1)).toBe(4_000_123);
});

test('an instant that comes nearer is kept to as well', async () => {
  const { work, signal, since } = await atRest(new FakeWork(2));
  for (const after of [4_000, 1_000, 2_000]) {
    work.due.push(systemClock.now() + after);
    signal.wake();
    await jest.advanceTimersByTimeAsync(0);
  }
  await jest.advanceTimersByTimeAsync(1_000);
  expect(since(work.taken)).toEqual([1_000]);
  work.goOn();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(since(work.taken)).toEqual([1_000, 2_000]);
});

test.each([
  [HEARING, 'while others are heard', true],
  [DEAF, 'while they are not', false],
] as const)('D1: what nobody told of is found within %i ms %s', async (within, _when, listening) => {
  const { work, signal, since } = await atRest(new FakeWork(2));
  signal.listening = listening;
  signal.wake();
  await jest.advanceTimersByTimeAsync(0);
  work.due = [systemClock.now()];
  await jest.advanceTimersByTimeAsync(within + 10);
  const [taken] = since(work.taken);
  expect(taken).toBeLessThanOrEqual(within + 5);
});

test('a wake-up during a look that finds nothing leads to another look', async () => {
  const { work, signal } = await atRest(new FakeWork(1));
  const asked = work.nextDue.bind(work);
  work.nextDue = async () => {
    work.nextDue = asked;
    // Committed after the look, before the answer.
    work.due = [systemClock.now()];
    signal.wake();
    return null;
  };
  signal.wake();
  await jest.advanceTimersByTimeAsync(0);
  expect(work.busy).toBe(1);
});

test('what is due and held by somebody else is asked for again and again, not in a whirl', async () => {
  const { work, signal } = await atRest(new FakeWork(1));
  work.run = () => {
    work.looks.push(systemClock.now());
    return Promise.resolve(0);
  };
  work.due = [systemClock.now()];
  signal.wake();
  await jest.advanceTimersByTimeAsync(100);
  expect(work.looks.length).toBeGreaterThan(10);
  expect(work.looks.length).toBeLessThan(25);
});

test('a database that is away is one line in the log, is asked ever more seldom, and found again', async () => {
  const { work, signal, logged, since } = await atRest(new FakeWork(1));
  work.failure = new RetryableDatabaseError('away', null);
  signal.wake();
  await jest.advanceTimersByTimeAsync(3_000);
  // Wake-ups do not make it come back.
  signal.wake();
  await jest.advanceTimersByTimeAsync(0);
  expect(since(work.looks)).toEqual([0, 100, 300, 700, 1_500]);
  expect(logged).toEqual(['warn: database away; trying again']);
  work.failure = null;
  work.due = [systemClock.now()];
  await jest.advanceTimersByTimeAsync(5_000);
  expect(work.busy).toBe(1);
});

test('what cannot mend itself is an error each time', async () => {
  const { work, signal, logged } = await atRest(new FakeWork(1));
  work.failure = new TypeError('broken');
  signal.wake();
  await jest.advanceTimersByTimeAsync(300);
  expect(logged).toEqual(['error: work failed', 'error: work failed', 'error: work failed']);
});

test('stopping waits for what is under way, and begins nothing', async () => {
  const { work, signal } = await atRest(new FakeWork(2));
  const { loops } = running[0]!;
  work.due = [systemClock.now(), systemClock.now() + 1];
  signal.wake();
  await jest.advanceTimersByTimeAsync(0);
  let stopped = false;
  const stopping = loops.stop().then(() => (stopped = true));
  await jest.advanceTimersByTimeAsync(10_000);
  expect([stopped, work.busy]).toEqual([false, 1]);
  work.goOn();
  await stopping;
  expect(work.taken).toHaveLength(1);
  expect(jest.getTimerCount()).toBe(0);
  signal.wake();
  expect(work.due).toHaveLength(1);
});
