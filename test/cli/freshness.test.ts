import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isBuilt, isInstalled, markBuilt, sourceDigest } from '../../src/cli/freshness.mjs';

let root: string;
const write = (file: string, content: unknown): void => {
  const full = path.join(root, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
};

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'relance launch '));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('dependencies', () => {
  const locked = {
    '': { name: 'relance' },
    'node_modules/pg': { version: '8.0.0', integrity: 'sha512-a' },
    'node_modules/jest': { version: '30.0.0', integrity: 'sha512-b', dev: true },
    'node_modules/fsevents': { version: '2.0.0', integrity: 'sha512-c', optional: true },
  };
  const { 'node_modules/pg': pg, 'node_modules/jest': jest } = locked;
  const isFresh = (installed: unknown, development = true): boolean => {
    write('package-lock.json', { packages: locked });
    if (installed !== undefined) write('node_modules/.package-lock.json', { packages: installed });
    return isInstalled(root, { development });
  };

  test('absent, or killed while they were being installed: stale', () => {
    expect(isFresh(undefined)).toBe(false);
  });

  test('a damaged list: stale', () => {
    write('package-lock.json', { packages: locked });
    write('node_modules/.package-lock.json', '{ "packages": ');
    expect(isInstalled(root, { development: true })).toBe(false);
  });

  test('all that is locked is installed, but for what is optional: fresh', () => {
    expect(isFresh({ 'node_modules/pg': pg, 'node_modules/jest': jest })).toBe(true);
  });

  test.each([
    ['another version', { ...pg, version: '8.0.1' }],
    ['other content', { ...pg, integrity: 'sha512-x' }],
  ])('%s: stale', (_name, changed) => {
    expect(isFresh({ 'node_modules/pg': changed, 'node_modules/jest': jest })).toBe(false);
  });

  test('without the development tools: fresh to run, stale to build and test', () => {
    expect(isFresh({ 'node_modules/pg': pg }, false)).toBe(true);
    expect(isFresh({ 'node_modules/pg': pg }, true)).toBe(false);
  });
});

describe('build', () => {
  beforeEach(() => {
    write('src/a.ts', 'export const a = 1;');
    write('tsconfig.json', {});
    mkdirSync(path.join(root, 'dist'));
  });

  test('never built, or killed while building: stale', () => {
    expect(isBuilt(root)).toBe(false);
  });

  test('built from these sources: fresh, whatever the times of the files', () => {
    markBuilt(root, sourceDigest(root));
    utimesSync(path.join(root, 'src', 'a.ts'), 1, 1);
    expect(isBuilt(root)).toBe(true);
  });

  test('in another place: fresh', () => {
    markBuilt(root, sourceDigest(root));
    const copy = `${root} copy`;
    cpSync(root, copy, { recursive: true });
    expect(isBuilt(copy)).toBe(true);
    rmSync(copy, { recursive: true });
  });

  test.each<[string, () => void]>([
    ['a changed file', () => write('src/a.ts', 'export const a = 2;')],
    ['a new file', () => write('src/deep/b.ts', '')],
    ['a removed file', () => rmSync(path.join(root, 'src', 'a.ts'))],
    ['changed compiler settings', () => write('tsconfig.json', { compilerOptions: {} })],
    ['other dependencies', () => write('package-lock.json', {})],
  ])('%s: stale', (_name, change) => {
    markBuilt(root, sourceDigest(root));
    change();
    expect(isBuilt(root)).toBe(false);
  });

  test('a change during the build: stale afterwards', () => {
    const before = sourceDigest(root);
    write('src/a.ts', 'export const a = 3;');
    markBuilt(root, before);
    expect(isBuilt(root)).toBe(false);
  });
});
