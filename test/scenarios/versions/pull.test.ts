import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compareWithCopy } from '../../../src/scenarios/versions/compare.service.ts';
import type { PublishedDocument } from '../../../src/scenarios/versions/history.store.ts';
import { copyAt } from '../../../src/scenarios/versions/local.service.ts';
import { pull, type PulledFile } from '../../../src/scenarios/versions/pull.service.ts';
import { POLICY, scenarioSource, SEND, writeFile } from '../sources.ts';

const SOURCE = scenarioSource('hello', SEND('mail-a'));
const scenario = (place: string, source = SOURCE): PublishedDocument => ({
  kind: 'scenario',
  id: 'hello',
  version: 3,
  files: { [place]: source },
});
const template = (files: Record<string, string>): PublishedDocument => ({
  kind: 'template',
  id: 'mail-a',
  version: 2,
  files,
});
const POLICY_DOCUMENT: PublishedDocument = {
  kind: 'policy',
  id: 'policy',
  version: 1,
  files: { 'policy.yaml': POLICY },
};
const PLACES = { scenariosDir: 'scenarios', templatesDir: 'templates' };
const ALL = () => true;

let around: string;
let folder: string;
beforeEach(() => {
  around = mkdtempSync(path.join(realpathSync(tmpdir()), 'relance pull '));
  folder = path.join(around, 'copy');
  mkdirSync(folder);
});
afterEach(() => rmSync(around, { recursive: true }));

async function pulled(documents: PublishedDocument[], force = false, places = PLACES): Promise<string[]> {
  const files = await pull(documents, copyAt(folder, places), { force, isAsked: ALL });
  return files.map(({ file, outcome }: PulledFile) => `${outcome} ${path.relative(folder, file)}`);
}
const read = (place: string): string => readFileSync(path.join(folder, place), 'utf8');

test('an empty folder gets everything, byte for byte', async () => {
  const files = { 'meta.yaml': 'subject: A\r\n', 'fr/email.html.hbs': 'Bonjour' };
  expect(await pulled([POLICY_DOCUMENT, scenario('scenarios/welcome/hello.yaml'), template(files)])).toEqual([
    'written scenarios/policy.yaml',
    'written scenarios/welcome/hello.yaml',
    'written templates/mail-a/fr/email.html.hbs',
    'written templates/mail-a/meta.yaml',
  ]);
  expect([
    read('scenarios/policy.yaml'),
    read('scenarios/welcome/hello.yaml'),
    read('templates/mail-a/meta.yaml'),
  ]).toEqual([POLICY, SOURCE, 'subject: A\r\n']);
});

test('a file that differs stays as it is, and is overwritten only by force', async () => {
  writeFile(folder, 'scenarios/welcome/hello.yaml', `${SOURCE}# mine\n`);
  const published = [scenario('scenarios/welcome/hello.yaml')];
  expect(await pulled(published)).toEqual(['differs scenarios/welcome/hello.yaml']);
  expect(read('scenarios/welcome/hello.yaml')).toContain('# mine');
  expect(await pulled(published, true)).toEqual(['overwritten scenarios/welcome/hello.yaml']);
  expect(read('scenarios/welcome/hello.yaml')).toBe(SOURCE);
  expect(await pulled(published)).toEqual(['same scenarios/welcome/hello.yaml']);
});

test('a scenario that has moved is pulled to where it is, and line ends are no difference', async () => {
  writeFile(folder, 'scenarios/moved/hello.yaml', SOURCE.replaceAll('\n', '\r\n'));
  expect(await pulled([scenario('scenarios/welcome/hello.yaml')])).toEqual(['same scenarios/moved/hello.yaml']);
});

test.each([
  '/etc/relance/hello.yaml',
  '../outside/hello.yaml',
  'scenarios/../../hello.yaml',
  '.git/hooks/hello.yaml',
  '.git/hooks/pre-commit',
])('a path from the database never leads out of the folder: %s', async (place) => {
  expect(await pulled([scenario(place)], true)).toEqual(['written scenarios/trials/hello.yaml']);
});

test.each(['../../escape.hbs', '/etc/escape.hbs', '.hidden', 'fr/../../../x'])(
  'a template with such a file writes nothing at all: %s',
  async (name) => {
    await expect(pulled([POLICY_DOCUMENT, template({ [name]: 'x' })], true)).rejects.toThrow('leads out of its folder');
    expect(existsSync(path.join(folder, 'scenarios'))).toBe(false);
  },
);

test('a link that leads out of the folder is not followed', async () => {
  mkdirSync(path.join(around, 'elsewhere'));
  symlinkSync(path.join(around, 'elsewhere'), path.join(folder, 'scenarios'));
  await expect(pulled([POLICY_DOCUMENT])).rejects.toThrow('is a link that leads out of');
  rmSync(path.join(folder, 'scenarios'));
  mkdirSync(path.join(folder, 'scenarios'));
  symlinkSync(path.join(around, 'not-there-yet'), path.join(folder, 'scenarios', 'policy.yaml'));
  await expect(pulled([POLICY_DOCUMENT], true)).rejects.toThrow('is a link that leads out of');
});

test('folders of the settings that lie elsewhere have their usual names in the copy', async () => {
  const places = { scenariosDir: '/srv/scenarios', templatesDir: '/srv/templates' };
  expect(await pulled([POLICY_DOCUMENT, template({ 'meta.yaml': 'a' })], false, places)).toEqual([
    'written scenarios/policy.yaml',
    'written templates/mail-a/meta.yaml',
  ]);
});

test('a file that no published version of the template has is told of and left', async () => {
  writeFile(folder, 'templates/mail-a/sms.txt.hbs', 'mine');
  expect(await pulled([template({ 'meta.yaml': 'a' })], true)).toEqual([
    'extra templates/mail-a/sms.txt.hbs',
    'written templates/mail-a/meta.yaml',
  ]);
});

describe('what differs from the files', () => {
  const compared = async (documents: PublishedDocument[]): Promise<unknown[]> => {
    const shown = (file: string) => path.relative(folder, file);
    const found = await compareWithCopy(documents, copyAt(folder, PLACES), ALL, shown);
    return found.map(({ name, before, after }) => [
      name,
      before?.label ?? null,
      after?.label ?? null,
      (after ?? before)!.file,
    ]);
  };

  test('nothing after a pull', async () => {
    const documents = [POLICY_DOCUMENT, scenario('scenarios/welcome/hello.yaml'), template({ 'meta.yaml': 'a' })];
    await pulled(documents);
    expect(await compared(documents)).toEqual([]);
  });

  test('changed, new and missing files, each by its name', async () => {
    writeFile(folder, 'scenarios/welcome/hello.yaml', `${SOURCE}# mine\n`);
    writeFile(folder, 'scenarios/welcome/new.yaml', scenarioSource('new', SEND('mail-a')));
    writeFile(folder, 'templates/mail-a/sms.txt.hbs', 'mine');
    expect(await compared([POLICY_DOCUMENT, scenario('scenarios/hello.yaml'), template({ 'meta.yaml': 'a' })])).toEqual(
      [
        ['hello', 'version 3', 'file', 'scenarios/welcome/hello.yaml'],
        ['new', null, 'file', 'scenarios/welcome/new.yaml'],
        ['policy', 'version 1', null, 'scenarios/policy.yaml'],
        ['template:mail-a', 'version 2', null, 'templates/mail-a/meta.yaml'],
        ['template:mail-a', null, 'file', 'templates/mail-a/sms.txt.hbs'],
      ],
    );
  });
});
