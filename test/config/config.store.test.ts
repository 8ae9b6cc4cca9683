import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { libraryPlaces, loadConfig } from '../../src/config/config.store.ts';
import type { Fault, UserError } from '../../src/shared/errors.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'relance config '));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const kept = (): string => path.join(root, '.relance', 'generated.json');

function faultsOf(work: () => unknown): readonly Fault[] {
  try {
    work();
  } catch (error) {
    return (error as UserError).faults;
  }
  return [];
}

describe('settings of a folder', () => {
  test('secrets are made once, kept, and readable by their owner only', () => {
    const first = loadConfig({}, root);
    expect(loadConfig({}, root)).toEqual(first);
    expect(first.secret.length).toBeGreaterThanOrEqual(32);
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
    expect(readFileSync(kept(), 'utf8')).toContain(first.secret);
  });

  test('two folders have different secrets', () => {
    const other = mkdtempSync(path.join(tmpdir(), 'relance-config-'));
    try {
      expect(loadConfig({}, other).secret).not.toBe(loadConfig({}, root).secret);
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });

  test('nothing is written where nothing has to be made up', () => {
    loadConfig({ DATABASE_URL: 'postgres://localhost/x', SECRET: 's'.repeat(16) }, root);
    expect(() => statSync(kept())).toThrow('ENOENT');
  });

  test('a damaged file is not replaced: its secret signs links that are out in the world', () => {
    loadConfig({}, root);
    writeFileSync(kept(), '{ "secret": ');
    expect(() => loadConfig({}, root)).toThrow(/generated\.json is damaged/);
    expect(readFileSync(kept(), 'utf8')).toBe('{ "secret": ');
  });

  test('the environment wins over .env, .env over the defaults', () => {
    writeFileSync(path.join(root, '.env'), 'PORT=4000\nHOST=0.0.0.0\n');
    expect(loadConfig({ PORT: '5000' }, root)).toMatchObject({ port: 5000, host: '0.0.0.0', logLevel: 'info' });
  });

  test('a fault in .env is named with file and line; one that the environment overrides is not', () => {
    writeFileSync(path.join(root, '.env'), '# mine\nPORT=many\n');
    expect(faultsOf(() => loadConfig({}, root))).toEqual([expect.objectContaining({ file: '.env', line: 2 })]);
    expect(loadConfig({ PORT: '1' }, root).port).toBe(1);
  });

  test('verbs that only read files look where .env says, and make up no secrets', () => {
    expect(libraryPlaces({}, root)).toEqual({ scenariosDir: 'scenarios', templatesDir: 'templates' });
    writeFileSync(path.join(root, '.env'), 'SCENARIOS_DIR=plans\n');
    expect(libraryPlaces({ TEMPLATES_DIR: 'words' }, root)).toEqual({ scenariosDir: 'plans', templatesDir: 'words' });
    expect(() => readFileSync(kept())).toThrow(/ENOENT/);
  });
});
