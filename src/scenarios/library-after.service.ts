import type { Sql } from '../database/index.ts';
import { NothingPublished } from '../shared/errors.ts';
import { buildLibrary, type PublishedLibrary, type PublishedScenario } from './library.ts';
import type { Library } from './machine.ts';
import type { PublishPlan } from './plan.ts';
import { PlanOutdated } from './publish.service.ts';
import { VersionStore } from './version.store.ts';

/**
 * What the engine would run by once a plan was carried out; nothing is published. Throws PlanOutdated when the plan was
 * made for another revision, and UserError when there is no policy.
 */
export async function libraryAfter(sql: Sql, plan: PublishPlan): Promise<Library> {
  const published = await new VersionStore(sql).allForLibrary();
  if (published === null) throw new NothingPublished();
  if (published.revision !== plan.revision) throw new PlanOutdated();
  return buildLibrary(withPlan(published, plan));
}

/** What is published once a plan was carried out. */
export function withPlan(published: PublishedLibrary, { scenarios, policy, templates }: PublishPlan): PublishedLibrary {
  const gone = new Set(scenarios.flatMap(({ id, kind }) => (kind === 'retired' ? [id] : [])));
  const changed = scenarios.flatMap(({ id, version, content }): PublishedScenario[] =>
    content === null ? [] : [{ id, version, ...content, retired: false }],
  );
  return {
    revision: published.revision,
    scenarios: [...published.scenarios.map((row) => (gone.has(row.id) ? { ...row, retired: true } : row)), ...changed],
    policy:
      policy?.content === undefined || policy.content === null
        ? published.policy
        : { version: policy.version, source: policy.content.source },
    templates: [
      ...published.templates.filter(({ id }) => !templates.some((change) => change.id === id)),
      ...templates.map(({ id, version }) => ({ id, version })),
    ],
  };
}
