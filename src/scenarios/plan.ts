import { canonicalJson, sha256 } from '../shared/hash.ts';

/** What people wrote, read and linted. */
export interface Publishable {
  scenarios: readonly { id: string; path: string; source: string }[];
  /** Null when there is none among the files. */
  policy: { source: string } | null;
  templates: readonly { id: string; files: Readonly<Record<string, string>> }[];
  /** True when these are all files there are: then what is published and not among them is retired. */
  complete: boolean;
}

/** What is published now, as far as a plan needs it: the newest version of everything. */
export interface PublishedHeads {
  revision: number;
  scenarios: readonly { id: string; version: number; hash: string; path: string; retired: boolean }[];
  policy: { version: number; hash: string } | null;
  templates: readonly { id: string; version: number; hash: string }[];
}

export type ChangeKind = 'new' | 'changed' | 'unchanged' | 'retired';

/** What becomes of one scenario, template or policy. */
export interface Change<Content> {
  id: string;
  kind: ChangeKind;
  /** The version published now; null when there is none. */
  from: number | null;
  /** The version it will have; equal to `from` when nothing is published. */
  version: number;
  hash: string;
  /** What will be published; null when nothing is. */
  content: Content | null;
}

/** What an `apply` would do. Good for the revision it was made for, and for no other. */
export interface PublishPlan {
  revision: number;
  scenarios: readonly Change<{ source: string; path: string }>[];
  policy: Change<{ source: string }> | null;
  templates: readonly Change<{ files: Readonly<Record<string, string>> }>[];
}

/** True when the plan changes nothing. */
export function isEmpty({ scenarios, policy, templates }: PublishPlan): boolean {
  return [...scenarios, ...(policy === null ? [] : [policy]), ...templates].every(({ kind }) => kind === 'unchanged');
}

/**
 * Compares files with what is published, by their content. The order of lists is that of ids. A scenario that was
 * retired and is back is published anew. Templates are never retired: messages on their way need them.
 */
export function planPublication(files: Publishable, published: PublishedHeads): PublishPlan {
  const heads = new Map(published.scenarios.map((head) => [head.id, head]));
  const templateHeads = new Map(published.templates.map((head) => [head.id, head]));
  const scenarios = files.scenarios.map(({ id, path, source }) => {
    const head = heads.get(id);
    return change(id, head, sourceHash(source), { source, path }, head?.retired === true);
  });
  if (files.complete) {
    const present = new Set(files.scenarios.map(({ id }) => id));
    for (const { id, version, hash, retired } of published.scenarios) {
      if (!retired && !present.has(id))
        scenarios.push({ id, kind: 'retired', from: version, version, hash, content: null });
    }
  }
  return {
    revision: published.revision,
    scenarios: scenarios.sort(byId),
    policy:
      files.policy === null
        ? null
        : change('policy', published.policy ?? undefined, sourceHash(files.policy.source), {
            source: files.policy.source,
          }),
    templates: files.templates
      .map(({ id, files: content }) =>
        change(id, templateHeads.get(id), sha256(canonicalJson(content)), { files: content }),
      )
      .sort(byId),
  };
}

function change<Content>(
  id: string,
  head: { version: number; hash: string } | undefined,
  hash: string,
  content: Content,
  anew = false,
): Change<Content> {
  if (head === undefined) return { id, kind: 'new', from: null, version: 1, hash, content };
  if (head.hash === hash && !anew)
    return { id, kind: 'unchanged', from: head.version, version: head.version, hash, content: null };
  return { id, kind: anew ? 'new' : 'changed', from: head.version, version: head.version + 1, hash, content };
}

/** Of the text as written, since the order of steps is their meaning; line ends differ between machines. */
function sourceHash(source: string): string {
  return sha256(source.replaceAll('\r\n', '\n'));
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
