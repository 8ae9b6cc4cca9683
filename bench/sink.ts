import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ask, startChild, stopChild } from './service.ts';

const PATIENCE_MS = 60_000;

/** A loopback SMTP server in a process of its own. */
export interface Sink {
  url: string;
  /** Waits for so many mails and forgets them. Mails a second among those after the first `warmUp`. */
  rate(mails: number, warmUp: number): Promise<number>;
  stop(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const child = startChild([path.join(import.meta.dirname, 'smtp-sink.mjs')]);
  const { port } = await new Promise<{ port: number }>((resolve) => child.once('message', resolve as never));
  return {
    url: `smtp://127.0.0.1:${port}`,
    rate: async (mails, warmUp) => {
      const started = performance.now();
      while ((await ask<{ count: number }>(child, {})).count < mails) {
        if (performance.now() - started > PATIENCE_MS) throw new Error('the mails do not arrive');
        await delay(50);
      }
      const { instants } = await ask<{ instants: number[] }>(child, { instants: true });
      if (instants.length !== mails) throw new Error(`${instants.length} mails arrived instead of ${mails}`);
      return ((mails - warmUp) / (instants.at(-1)! - instants[warmUp - 1]!)) * 1000;
    },
    stop: () => stopChild(child),
  };
}
