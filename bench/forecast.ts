import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { below, mustBe, type Figure } from './figure.ts';
import { fillBase } from './forecast-base.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const PLACES = { scenariosDir: path.join(ROOT, 'scenarios'), templatesDir: path.join(ROOT, 'templates') };
const CONTACTS = 20_000;
const DAYS = 30;
/** What a base of a million may take: threads hold a slice each, whatever the base. */
const MOST_MEMORY = 1_000;

/**
 * Contacts a second that the built `relance forecast` plays over 30 days with the three programmes of this project, from
 * the start of the process to its end, and the most memory it holds meanwhile.
 */
export const forecast: Figure = async (bench) => {
  const url = await (await bench.server()).createDatabase();
  await fillBase(url, CONTACTS, Date.now(), PLACES);
  const folder = await mkdtemp(path.join(tmpdir(), 'relance-bench-'));
  try {
    const started = performance.now();
    const { out, memory } = await play(url, folder);
    const took = performance.now() - started;
    const found = JSON.parse(out) as { complete: boolean; contacts: { now: number }; policies: { entries: object }[] };
    mustBe('whether the forecast is whole', found.complete, true);
    mustBe('contacts of the forecast', found.contacts.now, CONTACTS);
    return [
      { figure: 'forecast', value: (CONTACTS / took) * 1000, unit: 'contacts/s' },
      { figure: 'forecast memory', value: memory, unit: 'MB', aim: below(memory, MOST_MEMORY, 'MB') },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** `memory` is the peak of the process with all its threads, MB, as it says itself when it ends. */
function play(url: string, cwd: string): Promise<{ out: string; memory: number }> {
  const tells = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'));`;
  const loader = `data:text/javascript,import { isMainThread } from 'node:worker_threads'; if (isMainThread) { ${tells} }`;
  const main = path.join(ROOT, 'dist', 'cli', 'main.js');
  const child = spawn(process.execPath, ['--import', loader, main, 'forecast', '--days', String(DAYS), '--json'], {
    cwd,
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      SECRET: 'a-secret-of-the-benchmark-only',
      SCENARIOS_DIR: PLACES.scenariosDir,
      TEMPLATES_DIR: PLACES.templatesDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const peak = /peak (\d+)\n$/.exec(error)?.[1];
      if (code !== 0 || peak === undefined) reject(new Error(`the forecast ended with ${code}: ${error}`));
      else resolve({ out, memory: Number(peak) / 1024 });
    });
  });
}
