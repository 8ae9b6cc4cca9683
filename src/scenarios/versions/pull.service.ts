import { lstat, mkdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../shared/errors.ts';
import { isBelow, isSameText, placesOf, readCopy, type Copy } from './local.service.ts';
import type { PublishedDocument } from './history.store.ts';
import { formatName } from './reference.ts';

/** What became of one file. `differs`: it was left as it is. `extra`: the published version has no such file. */
export interface PulledFile {
  file: string;
  outcome: 'written' | 'overwritten' | 'same' | 'differs' | 'extra';
  version: number;
}

/**
 * Writes published documents into a working copy, byte for byte. A file that says something else stays as it is unless
 * `force`. `isAsked` tells which files are meant. Nothing is written when something of it would lie outside the copy:
 * then UserError.
 */
export async function pull(
  documents: readonly PublishedDocument[],
  copy: Copy,
  { force, isAsked }: { force: boolean; isAsked: (file: string) => boolean },
): Promise<PulledFile[]> {
  const local = await readCopy(copy);
  const there = new Map([...local.values()].flatMap(({ files }) => Object.entries(files)));
  const pulled: (PulledFile & { text: string })[] = [];
  for (const document of documents) {
    const places = placesOf(document, copy, local);
    for (const [file, text] of Object.entries(local.get(formatName(document))?.files ?? {}))
      if (!places.has(file) && isAsked(file)) pulled.push({ file, version: document.version, text, outcome: 'extra' });
    for (const [file, text] of places) {
      if (!isAsked(file)) continue;
      await refuseOutside(file, copy.root);
      const { version } = document;
      const before = there.get(file) ?? ((await isThere(file)) ? '' : undefined);
      if (before === undefined) pulled.push({ file, version, text, outcome: 'written' });
      else if (isSameText(document, text, before)) pulled.push({ file, version, text, outcome: 'same' });
      else pulled.push({ file, version, text, outcome: force ? 'overwritten' : 'differs' });
    }
  }
  for (const { file, text, outcome } of pulled) {
    if (outcome !== 'written' && outcome !== 'overwritten') continue;
    await mkdir(path.dirname(file), { recursive: true });
    // What appeared meanwhile is not written over.
    await writeFile(file, text, { flag: outcome === 'written' ? 'wx' : 'w' });
  }
  return pulled.map(({ text: _text, ...rest }) => rest);
}

const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );

/** Through a link, a path that looks like one of the copy may lead anywhere. */
async function refuseOutside(file: string, root: string): Promise<void> {
  if (!isBelow(file, root)) throw new UserError(`${file} lies outside ${root}: nothing was written`);
  const real = await realpath(root).catch(() => root);
  for (let place = file; isBelow(place, root); place = path.dirname(place)) {
    const found = await realpath(place).catch(() => null);
    const leadsNowhere = found === null && (await isThere(place));
    if (leadsNowhere || (found !== null && !isBelow(found, real)))
      throw new UserError(`${place} is a link that leads out of ${root}: nothing was written`);
  }
}
