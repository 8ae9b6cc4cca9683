import { readdirSync } from 'node:fs';

const src = new URL('../../src/', import.meta.url);

/** Imports every `*.entity.ts`, so that `createDataSource` knows the whole schema and not only what a test uses. */
export async function loadAllEntities(): Promise<void> {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.entity.ts'));
  for (const file of files) await import(new URL(file, src).href);
}
