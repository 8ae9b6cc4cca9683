import type { Sql } from '../database/index.ts';
import { NothingPublished, UserError } from '../shared/errors.ts';
import { withPlan } from './library-after.service.ts';
import type { PublishedLibrary } from './library.ts';
import { planPublication, type Publishable, type PublishPlan } from './plan.ts';
import { VersionStore } from './version.store.ts';
import { watchChanges, type WatchChanges } from './watched.ts';

/** What the engine would run by after a publication: plain data, so that another thread can be given it. */
export interface NextLibrary {
  library: PublishedLibrary;
  /** Files of the template versions that this publication would make. */
  templates: { id: string; version: number; files: Readonly<Record<string, string>> }[];
  /** Whose watches it would have looked at, and whose no more. */
  watches: WatchChanges;
}

/**
 * What `apply` would make of these files, without publishing anything; without files, what is published now.
 * People in flight finish in their versions. Throws UserError when there is no policy, neither given nor published.
 */
export async function readNextLibrary(sql: Sql, files: Publishable | null): Promise<NextLibrary> {
  const store = new VersionStore(sql);
  const published = await store.allForLibrary();
  if (files === null) {
    if (published === null) throw new NothingPublished();
    return { library: published, templates: [], watches: { begin: [], stop: [] } };
  }
  const plan = planPublication(files, await store.headsForPlan());
  const watches = watchChanges(plan, {
    scenarios: published?.scenarios ?? [],
    policy: published?.policy.source,
  });
  const templates = plan.templates.flatMap(({ id, version, content }) =>
    content === null ? [] : [{ id, version, files: content.files }],
  );
  return { library: withPlan(published ?? nothingBut(plan), plan), templates, watches };
}

/** What a plan begins from where nothing is published yet. */
function nothingBut({ revision, policy }: PublishPlan): PublishedLibrary {
  if (policy === null || policy.content === null)
    throw new UserError('No policy has been published yet: apply one together with the scenarios');
  return { revision, scenarios: [], policy: { version: policy.version, source: policy.content.source }, templates: [] };
}
