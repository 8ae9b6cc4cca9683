#!/usr/bin/env node
// What `npm start`, `npm test` and `relance` run first: it brings the dependencies and the build up to date, then
// hands over. Node built-ins only, in a syntax that old versions of Node understand well enough to be told so.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromiumAdvice, findChromium, includesBrowserTests } from './chromium.mjs';
import { isBuilt, isInstalled, markBuilt, sourceDigest } from './freshness.mjs';
import { pureTests } from './pure-tests.mjs';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const OLDEST_NODE = [20, 19];
const MARK_LIFE_MS = 15_000;
const VERIFY_STEPS = ['format:check', 'lint', 'typecheck', 'boundaries', 'unused', 'build', 'test'];

/** Something that went wrong and says by itself what to do. */
class LaunchFailure extends Error {}

const say = (line) => process.stderr.write(`${line}\n`);

function fail(line) {
  say(line);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  fail(
    `Relance needs Node ${OLDEST_NODE.join('.')} or later; this is ${process.versions.node}. Get a newer one from https://nodejs.org`,
  );
}

/** Runs a program from the project's root. `quiet` keeps its output back unless it fails. */
function run(command, args, { quiet = false, env = process.env, shell = false } = {}) {
  return new Promise((resolve) => {
    const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(command, args, { cwd: ROOT, env, stdio, shell });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    // Ctrl-C reaches the child by itself; a signal sent to this process alone is passed on.
    const forward = (signal) => child.kill(signal);
    process.on('SIGTERM', forward).on('SIGINT', () => {});
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => {
      process.off('SIGTERM', forward);
      process.removeAllListeners('SIGINT');
      resolve({ code: code ?? 1, output });
    });
  });
}

async function install() {
  say('Installing dependencies…');
  const args = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const npm = process.env.npm_execpath;
  const found = npm !== undefined && /npm-cli\.[cm]?js$/.test(npm);
  const { code, output } = found
    ? await run(process.execPath, [npm, ...args], { quiet: true })
    : await run('npm', args, { quiet: true, shell: process.platform === 'win32' });
  if (code === 0) return;
  // npm ends with pages of its own usage; the reason comes first.
  const reason = output.split('\n').filter((line) => line.trim() !== 'npm error' && line.trim() !== '');
  throw new LaunchFailure(
    `${reason.slice(0, 8).join('\n')}\nThe dependencies could not be installed (npm ci); see above.`,
  );
}

async function build() {
  say('Building…');
  const digest = sourceDigest(ROOT);
  const { code, output } = await run(
    process.execPath,
    [path.join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'],
    { quiet: true },
  );
  if (code !== 0 || !existsSync(path.join(ROOT, 'dist', 'cli', 'main.js')))
    throw new LaunchFailure(`${output.trim()}\nThe build failed; see above.`);
  markBuilt(ROOT, digest);
}

/**
 * Two launches at once would remove each other's files while installing or building: the second one waits.
 * The mark is renewed while the work lasts. One that is not is left over; process numbers would tell less, since
 * every restart of a container gives them out again.
 */
async function alone(work) {
  const mark = path.join(ROOT, '.relance', 'launching');
  mkdirSync(path.dirname(mark), { recursive: true });
  const take = () => {
    try {
      writeFileSync(mark, '', { flag: 'wx' });
      return true;
    } catch (error) {
      if (error.code === 'EEXIST') return false;
      throw error;
    }
  };
  const age = () => Date.now() - (statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  for (let told = false; !take(); told = true) {
    if (age() > MARK_LIFE_MS) rmSync(mark, { force: true });
    else {
      if (!told) say('Waiting for another start of Relance to finish installing…');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  const renewal = setInterval(() => writeFileSync(mark, ''), MARK_LIFE_MS / 10);
  try {
    await work();
  } finally {
    clearInterval(renewal);
    rmSync(mark, { force: true });
  }
}

/** Brings what is stale up to date. `development`: the tools are needed even if nothing has to be built. */
async function prepare({ development }) {
  const isReady = () => {
    const built = isBuilt(ROOT);
    return { built, installed: isInstalled(ROOT, { development: development || !built }) };
  };
  const before = isReady();
  if (before.built && before.installed) return;
  await alone(async () => {
    const { built, installed } = isReady();
    if (!installed) await install();
    if (!built) await build();
  });
}

/** Runs the tests with Jest's own arguments. `--pure` instead of paths: what needs no database, process or browser. */
async function testSuite(asked) {
  const pure = asked.includes('--pure');
  const args = asked.filter((arg) => arg !== '--pure');
  if (pure) args.push('--runTestsByPath', ...pureTests(ROOT));
  const chromium = findChromium();
  if (chromium === undefined && !pure && includesBrowserTests(args))
    fail(`The whole suite cannot run: ${chromiumAdvice()}`);
  await prepare({ development: true });
  const { environmentSchema } = await import(pathToFileURL(path.join(ROOT, 'dist', 'config', 'config.schema.js')).href);
  const settings = new Set(Object.keys(environmentSchema.shape));
  // The caller's own settings (a DATABASE_URL, say) are none of the tests' business.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.has(name)));
  if (chromium !== undefined) env.CHROMIUM_PATH = chromium;
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const { code } = await run(
    process.execPath,
    [...node, path.join('node_modules', 'jest', 'bin', 'jest.js'), ...args],
    { env },
  );
  return code;
}

/** All that a change must pass, in the order of what fails fastest. */
async function verify() {
  await prepare({ development: true });
  const cli = process.env.npm_execpath;
  for (const step of VERIFY_STEPS) {
    say(`\n── ${step}`);
    const { code } = cli
      ? await run(process.execPath, [cli, 'run', '--silent', step])
      : await run('npm', ['run', '--silent', step], { shell: process.platform === 'win32' });
    if (code !== 0) fail(`\nverify: ${step} failed`);
  }
  say('\nverify: all passed');
  return 0;
}

async function launch(args) {
  const parent = process.ppid;
  checkNode();
  const [verb, ...rest] = args;
  if (verb === 'test-suite') return process.exit(await testSuite(rest));
  if (verb === 'verify') return process.exit(await verify());
  if (verb === 'build') return prepare({ development: true });
  await prepare({ development: verb === 'bench' });
  // npm was told to stop while we were installing: a signal sent to it ends only the shell between us.
  if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) process.exit(143);
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(path.join(ROOT, 'dist', 'cli', 'main.js')).href);
}

try {
  await launch(process.argv.slice(2));
} catch (error) {
  const denied = error.code === 'EACCES' || error.code === 'EROFS';
  if (denied) fail(`This account may not write ${error.path}: change its owner or its permissions`);
  fail(error instanceof LaunchFailure ? error.message : error.stack);
}
