import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readyLibrary, readyPaths } from '../../src/scenarios/publishable.service.ts';
import type { UserError } from '../../src/shared/errors.ts';
import { scenarioSource, SEND, writeFile, writeLibrary } from './sources.ts';

let root: string;
const at = (...parts: string[]): string => path.join(root, ...parts);
const places = () => ({ scenariosDir: at('scenarios'), templatesDir: at('templates') });

const write = (place: string, text: string): void => writeFile(root, place, text);

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'relance-files-'));
  writeLibrary(root);
});
afterEach(() => rmSync(root, { recursive: true }));

const summary = ({ files }: Awaited<ReturnType<typeof readyLibrary>>): unknown => [
  files.scenarios.map(({ id }) => id),
  files.policy !== null,
  files.templates.map(({ id }) => id),
  files.complete,
];

test('the whole library is its scenarios, the policy and all templates', async () => {
  expect(summary(await readyLibrary(places()))).toEqual([['hello', 'other'], true, ['mail-a', 'mail-b'], true]);
});

test.each([
  [['scenarios/welcome/hello.yaml'], [['hello'], false, ['mail-a'], false]],
  [['scenarios/welcome'], [['hello', 'other'], false, ['mail-a', 'mail-b'], false]],
  [['scenarios'], [['hello', 'other'], true, ['mail-a', 'mail-b'], false]],
  [['scenarios/policy.yaml'], [[], true, [], false]],
  [['templates/mail-b'], [[], false, ['mail-b'], false]],
  [
    ['templates/mail-b/meta.yaml', 'scenarios/welcome/hello.yaml'],
    [['hello'], false, ['mail-a', 'mail-b'], false],
  ],
])('%j alone is what lies there, with the templates that are sent', async (paths, expected) => {
  expect(
    summary(
      await readyPaths(
        paths.map((each) => at(each)),
        places(),
      ),
    ),
  ).toEqual(expected);
});

test('errors block, and every one is named with its place', async () => {
  write('scenarios/welcome/other.yaml', scenarioSource('other', 'steps: { hello: { sned: { channel: email } } }'));
  write('scenarios/welcome/hello.yaml', scenarioSource('hello', SEND('mail-x')));
  const error = (await readyLibrary(places()).catch((caught: unknown) => caught)) as UserError;
  expect(error.message).toBe('Nothing is published while there are errors');
  expect(error.faults.map(({ code, line }) => [code, line])).toEqual([
    ['unknown-template', 8],
    ['unknown-key', 8],
  ]);
});

test('an empty or mistyped folder retires nothing', async () => {
  await expect(readyLibrary({ ...places(), scenariosDir: at('scenario') })).rejects.toThrow(
    /There is no scenario in .*scenario: write one/,
  );
  await expect(readyPaths([at('scenario')], places())).rejects.toThrow(/There is no file or folder/);
});
