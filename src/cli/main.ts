import { run } from './program.ts';

/** What may still be writing after a failure gets this long; a failed start may leave timers and sockets behind. */
const FLUSH_MS = 2_000;

process.exitCode = await run(process.argv.slice(2));
if (process.exitCode !== 0) setTimeout(() => process.exit(), FLUSH_MS).unref();
