import { figures } from './figures.ts';
import type { Measured } from './figure.ts';
import { keepResult } from './performance-page.ts';
import { startServer, type Server } from './server.ts';
import { table } from './table.ts';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !figures.has(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no figure ${unknown.join(', ')}; there are ${[...figures.keys()].join(', ')}.\n`);
  process.exit(2);
}

let server: Promise<Server> | undefined;
const stop = async (): Promise<void> => {
  await (await server)?.stop();
  server = undefined;
};
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => void stop().finally(() => process.exit(code)));
}

const measured: Measured[] = [];
try {
  for (const [name, figure] of figures) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    process.stderr.write(`measuring ${name} …\n`);
    measured.push(...(await figure({ server: () => (server ??= startServer()) })));
  }
} finally {
  await stop();
}
const lines = table(measured);
process.stdout.write(`\n${lines.join('\n')}\n`);
// A run of some figures only is somebody's experiment.
if (asked.length === 0) keepResult(lines);
