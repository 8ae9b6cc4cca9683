import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { connect, createDataSource, Database, snapshot as atOneInstant } from '../../database/index.ts';
import { UserError, type Fault } from '../../shared/errors.ts';
import { LANES } from '../../shared/ids.ts';
import { LaneRun, type Counted } from './lane-run.service.ts';
import type { ForecastPlan } from './plan.ts';

/** What a thread is given. */
interface Orders {
  forecast: ForecastPlan;
  url: string;
  /** All threads read the same instant. */
  snapshot: string;
  /** Shared by all threads: the next lane to be taken, and whether to stop. */
  control: Int32Array;
}

/**
 * A slice and its counts need about 100 MB. Without a limit V8 lets garbage lie while the machine has memory, so that what
 * a forecast takes would grow with the base.
 */
const HEAP = { maxOldGenerationSizeMb: 224, maxYoungGenerationSizeMb: 48 };

const NEXT_LANE = 0;
const STOPPED = 1;

type Report =
  | { kind: 'ready' }
  | { kind: 'progress'; share: number }
  | { kind: 'done'; counted: Counted }
  | { kind: 'failed'; message: string; faults: readonly Fault[] };

/** Threads that forecast together. */
export interface Threads {
  /** All have begun to read: the snapshot is needed no more. */
  ready: Promise<unknown>;
  /** What each has counted; rejects when one has failed, and the others are ended. */
  done: Promise<Counted[]>;
  /** Has each count what it has in hand, and no more. */
  stop(): void;
}

/**
 * Forecasts in threads of their own, each with its own connection; a free one takes the next lane.
 * `progress` is told which share of the base is done since the last time.
 */
export function startThreads(
  orders: Omit<Orders, 'control'>,
  count: number,
  progress: (share: number) => void,
): Threads {
  const control = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const threads = Array.from({ length: count }, () => startThread({ ...orders, control }, progress));
  const done = allOf(threads);
  // Whoever waits for the beginning hears of a failure too; `done` may not be awaited by then.
  done.catch(() => {});
  return {
    ready: Promise.race([Promise.all(threads.map(({ ready }) => ready)), done]),
    done,
    stop: () => void Atomics.store(control, STOPPED, 1),
  };
}

async function allOf(threads: readonly ReturnType<typeof startThread>[]): Promise<Counted[]> {
  try {
    return await Promise.all(threads.map(({ done }) => done));
  } finally {
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }
}

function startThread(orders: Orders, progress: (share: number) => void) {
  const worker = new Worker(new URL(import.meta.url), { workerData: orders, resourceLimits: HEAP });
  let begun: () => void;
  const ready = new Promise<void>((resolve) => (begun = resolve));
  const done = new Promise<Counted>((resolve, reject) => {
    worker.on('message', (report: Report) => {
      if (report.kind === 'ready') begun();
      else if (report.kind === 'progress') progress(report.share);
      else if (report.kind === 'done') resolve(report.counted);
      else reject(new UserError(report.message, [...report.faults]));
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a thread of the forecast ended with ${code}`)));
  });
  return { worker, ready, done };
}

/** The thread's own part. */
async function work({ forecast, url, snapshot, control }: Orders, tell: (report: Report) => void): Promise<void> {
  const dataSource = createDataSource({ url, poolSize: 1 });
  await connect(dataSource);
  try {
    const database = new Database(dataSource);
    const isStopped = (): boolean => Atomics.load(control, STOPPED) === 1;
    const nextLane = (): number => Atomics.add(control, NEXT_LANE, 1);
    const counted = await atOneInstant(
      database,
      async (sql) => {
        tell({ kind: 'ready' });
        const run = new LaneRun(sql, forecast, { isStopped, progress: (share) => tell({ kind: 'progress', share }) });
        for (let lane = nextLane(); lane < LANES && !isStopped(); lane = nextLane()) await run.take(lane);
        return run.counted;
      },
      snapshot,
    );
    tell({ kind: 'done', counted });
  } finally {
    await dataSource.destroy();
  }
}

// This file is the thread, too: it is started from wherever it lies, built or not.
if (!isMainThread && (workerData as Partial<Orders> | null)?.forecast !== undefined) {
  const port = parentPort!;
  await work(workerData as Orders, (report) => port.postMessage(report)).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    port.postMessage({ kind: 'failed', message: error.message, faults: error.faults } satisfies Report);
  });
}
