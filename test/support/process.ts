import { spawn, type ChildProcess } from 'node:child_process';

/** Everything started and not ended yet: a run that is interrupted leaves nothing behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The real service in a process of its own. */
export class ServiceProcess {
  /** All it wrote. */
  output = '';
  /** Where it listens; rejects when it ends before it does. */
  readonly ready: Promise<string>;
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private listening = false;
  private killed = false;

  /** `main`: of `buildService`. `settings`: its whole environment, beside the path. `cwd`: nothing of a project in it. */
  constructor(main: string, settings: Readonly<Record<string, string>>, cwd: string) {
    const env = { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', SAMPLE_DATA: 'false', ...settings };
    this.child = spawn(process.execPath, [main, 'start'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.child);
    const heard = (chunk: Buffer): void => void (this.output += chunk.toString());
    this.child.stderr!.on('data', heard);
    this.ended = new Promise((resolve) => {
      this.child.once('close', () => {
        running.delete(this.child);
        resolve();
      });
    });
    this.ready = new Promise((resolve, reject) => {
      this.child.stdout!.on('data', (chunk: Buffer) => {
        heard(chunk);
        const url = /Relance is running at (\S+)/.exec(this.output)?.[1];
        if (url === undefined) return;
        this.listening = true;
        resolve(url);
      });
      void this.ended.then(() => reject(new Error(`the service ended before it listened:\n${this.output}`)));
    });
    // Whoever asks is told; a process that is killed while it starts need not be asked.
    this.ready.catch(() => {});
  }

  get isReady(): boolean {
    return this.listening;
  }

  /** It ended, and not because it was told to. */
  get hasFailed(): boolean {
    return !this.killed && this.child.exitCode !== null;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.killed = true;
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to close, and waits until it has. */
  async stop(): Promise<void> {
    this.killed = true;
    this.child.kill('SIGTERM');
    await this.ended;
  }
}
