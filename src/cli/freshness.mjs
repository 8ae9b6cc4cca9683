// Whether what is installed and built still matches the sources. Node built-ins only: runs before anything is installed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const readPackages = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return undefined;
  }
};

/**
 * Whether `node_modules` holds the locked dependencies. npm writes its own lockfile into it when an installation is
 * complete, so one that was killed, or was made from another package-lock.json, counts as stale.
 * @param {string} root the project's root
 * @param {{ development: boolean }} wanted whether the tools that build and test are needed too
 */
export function isInstalled(root, { development }) {
  const locked = readPackages(path.join(root, 'package-lock.json'));
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (locked === undefined || installed === undefined) return false;
  return Object.entries(locked).every(([place, entry]) => {
    const found = installed[place];
    if (place === '') return true;
    if (found === undefined) return Boolean(entry.optional || entry.devOptional || (entry.dev && !development));
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(full) : [full];
  });

/** A digest of everything the build depends on. */
export function sourceDigest(root) {
  const settings = ['package-lock.json', 'tsconfig.json', '.swcrc', 'nest-cli.json'].map((name) =>
    path.join(root, name),
  );
  const files = [...settings.filter((file) => existsSync(file)), ...filesBelow(path.join(root, 'src'))].sort((a, b) =>
    a < b ? -1 : 1,
  );
  const digest = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    digest.update(`${path.relative(root, file)}\n${content.length}\n`).update(content);
  }
  return digest.digest('hex');
}

const builtMark = (root) => path.join(root, 'dist', '.built');

/** Whether `dist` was built to its end from these very sources. */
export function isBuilt(root) {
  try {
    return readFileSync(builtMark(root), 'utf8') === sourceDigest(root);
  } catch {
    return false;
  }
}

/** Notes what `dist` was built from; `digest` is taken before the build, so that a change during it counts. */
export function markBuilt(root, digest) {
  writeFileSync(builtMark(root), digest);
}
