import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Build {
  /** The compiled `cli/main.js`. */
  main: string;
  remove(): void;
}

/**
 * The sources of now, compiled into a folder of their own, for tests that start the service as processes again and
 * again: a start takes half as long as through `register.mjs`, and the project's own build is not touched.
 */
export async function buildService(): Promise<Build> {
  const settings = JSON.parse(readFileSync(path.join(ROOT, '.swcrc'), 'utf8')) as object;
  const dir = mkdtempSync(path.join(tmpdir(), 'relance-build-'));
  const src = path.join(ROOT, 'src');
  await Promise.all(
    readdirSync(src, { recursive: true, encoding: 'utf8' }).map(async (file) => {
      const from = path.join(src, file);
      const to = path.join(dir, 'dist', file);
      if (!/\.\w+$/.test(file)) return;
      mkdirSync(path.dirname(to), { recursive: true });
      if (!file.endsWith('.ts')) return copyFileSync(from, to);
      const { code } = await transform(readFileSync(from, 'utf8'), {
        ...settings,
        swcrc: false,
        configFile: false,
        filename: from,
      });
      writeFileSync(to.replace(/\.ts$/, '.js'), code);
    }),
  );
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(dir, 'node_modules'), 'junction');
  cpSync(path.join(ROOT, 'package.json'), path.join(dir, 'package.json'));
  return {
    main: path.join(dir, 'dist', 'cli', 'main.js'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
