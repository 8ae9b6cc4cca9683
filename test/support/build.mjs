// Compiles the sources of now into the folder given: `node test/support/build.mjs FOLDER`. See built.ts.
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = process.argv[2];
const settings = JSON.parse(readFileSync(path.join(ROOT, '.swcrc'), 'utf8'));
const src = path.join(ROOT, 'src');

await Promise.all(
  readdirSync(src, { recursive: true, encoding: 'utf8' }).map(async (file) => {
    const from = path.join(src, file);
    const to = path.join(folder, 'dist', file);
    if (!/\.\w+$/.test(file)) return;
    mkdirSync(path.dirname(to), { recursive: true });
    if (!file.endsWith('.ts')) return copyFileSync(from, to);
    const options = { ...settings, swcrc: false, configFile: false, sourceMaps: 'inline', filename: from };
    const { code } = await transform(readFileSync(from, 'utf8'), options);
    writeFileSync(to.replace(/\.ts$/, '.js'), code);
  }),
);
symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
for (const name of ['package.json', 'scenarios', 'templates', 'docs'])
  cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
