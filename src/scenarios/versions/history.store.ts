import type { Sql } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { nearest } from '../../shared/nearest.ts';
import { peopleInside } from '../sql/library-heads.ts';
import {
  policyHistory,
  policyVersionSource,
  scenarioHistory,
  scenarioVersion,
  templateHistory,
  templateVersionFiles,
  type VersionRow,
} from '../sql/version-history.ts';
import type { DocumentKind, DocumentName, VersionReference } from './reference.ts';

/** One published version, without what is written in it. */
export interface VersionRecord extends VersionReference {
  publishedAt: Instant;
  /** Where it was published from; null but for scenarios. */
  path: string | null;
  /** `live`: what new entries use. `replaced`: an older one. `retired`: the newest, and nobody is let in any more. */
  state: 'live' | 'replaced' | 'retired';
  /** How many are inside now; null but for scenarios. */
  people: number | null;
}

/** One published version, byte for byte: its files by name. That of a scenario has the name it was published from. */
export interface PublishedDocument extends VersionReference {
  files: Readonly<Record<string, string>>;
}

/** The name of a policy's only file. */
export const POLICY_NAME = 'policy.yaml';

/** What was ever published. */
export class HistoryStore {
  constructor(private readonly sql: Sql) {}

  /** Versions of one document, the newest first; empty when there is none of that name. */
  async versionsOf({ kind, id }: DocumentName): Promise<VersionRecord[]> {
    const inside = kind === 'scenario' ? await this.sql.run(peopleInside, [[id]]) : [];
    return recordsOf(kind, await this.rowsOf(kind, id), inside);
  }

  /** Versions of all documents of a kind, by id, the newest first. */
  async allVersions(kind: DocumentKind): Promise<VersionRecord[]> {
    const rows = await this.rowsOf(kind, null);
    const ids = [...new Set(rows.map(({ id }) => id))];
    return recordsOf(kind, rows, kind === 'scenario' ? await this.sql.run(peopleInside, [ids]) : []);
  }

  /** One version; null when it was never published. */
  async find(reference: VersionReference): Promise<PublishedDocument | null> {
    const { kind, id, version } = reference;
    switch (kind) {
      case 'scenario': {
        const [row] = await this.sql.run(scenarioVersion, [id, version]);
        return row === undefined ? null : { ...reference, files: { [row.path]: row.source } };
      }
      case 'policy': {
        const [row] = await this.sql.run(policyVersionSource, [version]);
        return row === undefined ? null : { ...reference, files: { [POLICY_NAME]: row.source } };
      }
      case 'template': {
        const [row] = await this.sql.run(templateVersionFiles, [id, version]);
        return row === undefined ? null : { ...reference, files: row.files };
      }
    }
  }

  /** One version. Throws UserError that names the versions there are, or the nearest name. */
  async get(reference: VersionReference): Promise<PublishedDocument> {
    const found = await this.find(reference);
    if (found === null) throw new UserError(await this.whyMissing(reference));
    return found;
  }

  /** All that is published now: the newest version of everything but of scenarios that were retired. */
  async current(): Promise<PublishedDocument[]> {
    const found: PublishedDocument[] = [];
    for (const kind of ['policy', 'scenario', 'template'] as const) {
      for (const { id, version, state } of await this.allVersions(kind))
        if (state === 'live') found.push(await this.get({ kind, id, version }));
    }
    return found;
  }

  /** Says that there is no such document or version, and what there is. */
  async whyMissing({ kind, id, version }: DocumentName & { version?: number | string }): Promise<string> {
    const versions = (await this.rowsOf(kind, kind === 'policy' ? null : id)).map((row) => row.version);
    const what = kind === 'policy' ? 'The policy' : `${kind === 'scenario' ? 'Scenario' : 'Template'} ${id}`;
    if (versions.length > 0 && version !== undefined)
      return `${what} has no version ${version}: it has ${versions.toSorted((a, b) => a - b).join(', ')}`;
    const near = nearest(id, new Set((await this.rowsOf(kind, null)).map((row) => row.id)));
    return `${kind === 'policy' ? 'No policy' : `No ${kind} ${id}`} has been published${near === undefined ? '' : `: did you mean ${near}?`}`;
  }

  private rowsOf(kind: DocumentKind, id: string | null): Promise<VersionRow[]> {
    switch (kind) {
      case 'scenario':
        return this.sql.run(scenarioHistory, [id]);
      case 'policy':
        return this.sql.run(policyHistory);
      case 'template':
        return this.sql.run(templateHistory, [id]);
    }
  }
}

/** `rows` stand by id, the newest first. */
function recordsOf(
  kind: DocumentKind,
  rows: readonly VersionRow[],
  inside: readonly { id: string; version: number; people: number }[],
): VersionRecord[] {
  return rows.map(({ id, version, path, publishedAt, retiredAt }, index) => {
    const isNewest = rows[index - 1]?.id !== id;
    const people = inside
      .filter((each) => each.id === id && each.version === version)
      .reduce((sum, each) => sum + each.people, 0);
    return {
      kind,
      id,
      version,
      publishedAt,
      path,
      state: !isNewest ? 'replaced' : retiredAt === null ? 'live' : 'retired',
      people: kind === 'scenario' ? people : null,
    };
  });
}
