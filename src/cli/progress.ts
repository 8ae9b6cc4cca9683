/**
 * Says on a terminal how far long work has come, on one line that is rewritten and cleared at the end; elsewhere
 * nothing, so that logs and pipes stay clean.
 */
export class Progress {
  private written = false;

  constructor(
    private readonly what: string,
    private readonly total: number,
    private readonly terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
  ) {}

  to(done: number): void {
    if (!this.terminal.isTTY) return;
    const percent = this.total === 0 ? 100 : Math.min(100, Math.floor((100 * done) / this.total));
    this.terminal.write(`\r${this.what}: ${done} of ${this.total}, ${percent} %`);
    this.written = true;
  }

  end(): void {
    if (this.written) this.terminal.write('\r\u001B[K');
  }
}
