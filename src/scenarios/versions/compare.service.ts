import { UserError } from '../../shared/errors.ts';
import { differencesOf, type Difference } from './compare.ts';
import type { HistoryStore, PublishedDocument } from './history.store.ts';
import { isSameText, placesOf, readCopy, type Copy } from './local.service.ts';
import { formatName, parseReference, type DocumentName } from './reference.ts';

/**
 * What differs between what is published and a working copy, and so what the next `apply` would change.
 * `isAsked` tells which files are meant; `shown` names them. A scenario that only lies elsewhere is the same.
 */
export async function compareWithCopy(
  documents: readonly PublishedDocument[],
  copy: Copy,
  isAsked: (file: string) => boolean,
  shown: (file: string) => string,
): Promise<Difference[]> {
  const local = await readCopy(copy);
  const published = new Map(documents.map((document) => [formatName(document), document]));
  const asked = (files: Iterable<readonly [string, string]>): Record<string, string> =>
    Object.fromEntries([...files].filter(([file]) => isAsked(file)).map(([file, text]) => [shown(file), text]));
  return [...new Set([...published.keys(), ...local.keys()])].sort().flatMap((name) => {
    const [document, copied] = [published.get(name), local.get(name)];
    return differencesOf(
      name,
      document === undefined
        ? null
        : { label: `version ${document.version}`, files: asked(placesOf(document, copy, local)) },
      copied === undefined ? null : { label: 'file', files: asked(Object.entries(copied.files)) },
      (before, after) => isSameText((document ?? copied) as DocumentName, before, after),
    );
  });
}

/** What differs between two published versions of one document, `welcome@2` and `welcome@5`. Throws UserError. */
export async function compareVersions(history: HistoryStore, first: string, second: string): Promise<Difference[]> {
  const [before, after] = [parseReference(first), parseReference(second)];
  if (formatName(before) !== formatName(after))
    throw new UserError(`${first} and ${second} are not versions of the same thing: write ${formatName(before)} twice`);
  const [old, made] = [await history.get(before), await history.get(after)];
  return differencesOf(
    formatName(before),
    { label: `version ${old.version}`, files: named(old) },
    { label: `version ${made.version}`, files: named(made) },
    (a, b) => a === b,
  );
}

/** Scenarios may have moved between two versions; their one file is named after them. */
function named({ kind, id, files }: PublishedDocument): Readonly<Record<string, string>> {
  return kind === 'scenario' ? { [`${id}.yaml`]: Object.values(files)[0]! } : files;
}
