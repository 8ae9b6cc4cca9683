import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { below, mustBe, type Figure } from './figure.ts';
import { FIXTURES } from './service.ts';

const FILES = 100;
const TESTS = 10;
const MOST_SECONDS = 20;

const HEAD = (id: string): string => `scenario: ${id}
contacts:
  ada: { userId: ada, email: ada@example.com, timezone: Europe/Paris, consents: [{ channel: email, purpose: newsletter, action: granted }] }
tests:
`;

const ENTERS = 'track: Form Submitted, properties: { form: newsletter } }';
const SENT = '{ template: bench-hello, outcome: sent }';

/** Somebody is welcomed and reminded; every second one orders before that. */
const TEST = (id: string, number: number): string =>
  number % 2 === 0
    ? `  - name: reminded after three days, ${number}
    contact: ada
    timeline: [{ at: 2026-03-02T09:00:00+01:00, ${ENTERS}]
    expect:
      messages: [${SENT}, { at: 2026-03-05T09:00:00+01:00, template: bench-remind, outcome: sent }]
      enrollments: [{ scenario: ${id}, status: completed }]
`
    : `  - name: not reminded after an order, ${number}
    contact: ada
    timeline:
      - { at: 2026-03-02T09:00:00+01:00, ${ENTERS}
      - { at: 2026-03-03T09:00:00+01:00, track: Order Completed, properties: { total: 50 } }
    expect: { messages: [${SENT}], enrollments: [{ scenario: ${id}, status: converted }] }
`;

/**
 * Seconds that the built `relance test` takes for a thousand tests in a hundred files, each beside its scenario, from
 * the start of the process to its end.
 */
export const test: Figure = async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'relance-bench-'));
  try {
    await cp(FIXTURES, folder, { recursive: true });
    const welcome = path.join(folder, 'scenarios', 'welcome');
    const scenario = await readFile(path.join(welcome, 'bench-welcome.yaml'), 'utf8');
    for (let file = 0; file < FILES; file++) {
      const id = `bench-welcome-${file}`;
      const tests = Array.from({ length: TESTS }, (_, number) => TEST(id, number));
      await writeFile(path.join(welcome, `${id}.yaml`), scenario.replace('scenario: bench-welcome', `scenario: ${id}`));
      await writeFile(path.join(welcome, `${id}.test.yaml`), `${HEAD(id)}${tests.join('')}`);
    }
    const main = path.resolve(import.meta.dirname, '..', 'dist', 'cli', 'main.js');
    const started = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, [main, 'test', path.join(folder, 'scenarios')], {
      maxBuffer: 10_000_000,
    });
    const value = (performance.now() - started) / 1000;
    mustBe('result of the tests', stdout.trimEnd().split('\n').at(-1), `${FILES * TESTS} passed, 0 failed`);
    return [{ figure: 'test', value, unit: 's', aim: below(value, MOST_SECONDS, 's') }];
  } finally {
    await rm(folder, { recursive: true });
  }
};
