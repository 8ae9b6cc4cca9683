import { wakeLoops, type Sql } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import { LANES } from '../shared/ids.ts';
import { sequenceAt } from '../shared/sequence.ts';
import type { PeopleInside, Replacement } from './in-flight.ts';
import type { PublishedLibrary, PublishedScenario } from './library.ts';
import type { Change, PublishedHeads, PublishPlan } from './plan.ts';
import {
  libraryRevision,
  peopleInside,
  policyHead,
  scenarioHeads,
  scenarioSources,
  templateHeads,
} from './sql/library-heads.ts';
import {
  backfillWatches,
  insertPolicyVersion,
  insertScenarioVersions,
  judgeHeldAnew,
  insertTemplateVersions,
  lockPublication,
  raiseRevision,
  replaceInFlight,
  retireScenarios,
  stopWatches,
} from './sql/publish.ts';

/**
 * Advisory lock of publications (others are in database/migrate.ts): exclusive for a publication; whoever holds it
 * shared until his commit works with a library that stays the newest.
 */
export const PUBLICATION_LOCK = 7_235_003;

/** Published versions: immutable (rule D8). */
export class VersionStore {
  private readonly sql: Sql;

  constructor(sql: Sql) {
    this.sql = sql;
  }

  async revision(): Promise<number> {
    const [row] = await this.sql.run(libraryRevision);
    return row!.revision;
  }

  async headsForPlan(): Promise<PublishedHeads> {
    const revision = await this.revision();
    const scenarios = await this.sql.run(scenarioHeads);
    const templates = await this.sql.run(templateHeads);
    const [policy] = await this.sql.run(policyHead);
    return { revision, scenarios, templates, policy: policy ?? null };
  }

  /** All of one revision; null when no policy has ever been published: then there is nothing to run by. */
  async allForLibrary(): Promise<PublishedLibrary | null> {
    for (;;) {
      const revision = await this.revision();
      const [policy] = await this.sql.run(policyHead);
      if (policy === undefined) return null;
      const library = {
        revision,
        policy,
        scenarios: await this.sql.run(scenarioSources),
        templates: await this.sql.run(templateHeads),
      };
      // Published meanwhile: what was read may be half of the one and half of the other.
      if ((await this.revision()) === revision) return library;
    }
  }

  async scenarioSources(): Promise<PublishedScenario[]> {
    return this.sql.run(scenarioSources);
  }

  async policySource(): Promise<string | undefined> {
    const [policy] = await this.sql.run(policyHead);
    return policy?.source;
  }

  /** How many people are inside each step of each version of these scenarios. */
  async peopleInside(scenarios: readonly string[]): Promise<PeopleInside[]> {
    return scenarios.length === 0 ? [] : this.sql.run(peopleInside, [scenarios]);
  }

  /** One publication at a time, until the end of the transaction. */
  async lockForPublication(): Promise<void> {
    await this.sql.run(lockPublication, [PUBLICATION_LOCK]);
  }

  /** Writes a plan's versions. Returns the new revision. */
  async write(plan: PublishPlan, now: Instant): Promise<number> {
    const scenarios = plan.scenarios.filter(isPublished);
    if (scenarios.length > 0) {
      await this.sql.run(insertScenarioVersions, [
        ...identity(scenarios),
        scenarios.map(({ content }) => content.source),
        scenarios.map(({ content }) => content.path),
        now,
      ]);
    }
    const retired = plan.scenarios.filter(({ kind }) => kind === 'retired');
    if (retired.length > 0)
      await this.sql.run(retireScenarios, [retired.map(({ id }) => id), retired.map(({ version }) => version), now]);
    const templates = plan.templates.filter(isPublished);
    if (templates.length > 0) {
      await this.sql.run(insertTemplateVersions, [
        ...identity(templates),
        templates.map(({ content }) => JSON.stringify(content.files)),
        now,
      ]);
    }
    if (plan.policy !== null && isPublished(plan.policy)) {
      const { version, hash, content } = plan.policy;
      await this.sql.run(insertPolicyVersion, [version, hash, content.source, now]);
    }
    const [row] = await this.sql.run(raiseRevision);
    return row!.revision;
  }

  /** Makes every contact due for a look by this scenario's trigger of time; `noted` is remembered of each. */
  async lookAtEveryContact(scenario: string, now: Instant, noted: object): Promise<void> {
    await this.sql.run(backfillWatches, [scenario, now, JSON.stringify(noted)]);
  }

  /** Has whoever is inside a scenario taken over by its new version (null: it was retired). */
  async replaceInFlight(replaced: readonly Replacement[], inFlight: 'migrate' | 'stop', now: Instant): Promise<void> {
    if (replaced.length === 0) return;
    const ids = replaced.map(({ id }) => id);
    const maps = replaced.map(({ map }) => (Object.keys(map).length === 0 ? null : JSON.stringify(map)));
    const versions = replaced.map(({ version }) => version);
    await this.sql.run(replaceInFlight, [ids, versions, inFlight, sequenceAt(now), now, maps]);
  }

  /** Has everything judged again that is held: by the new policy it may leave sooner (rule P9). */
  async judgeHeldAnew(now: Instant): Promise<void> {
    await this.sql.run(judgeHeldAnew, [LANES, now]);
  }

  /** Idle engines look at the new library and the watches that are due, at the commit. */
  async wakeEngines(): Promise<void> {
    await this.sql.run(wakeLoops);
  }

  async stopLooking(scenarios: readonly string[]): Promise<void> {
    if (scenarios.length > 0) await this.sql.run(stopWatches, [scenarios]);
  }
}

type Published<Content> = Change<Content> & { content: Content };

function isPublished<Content>(change: Change<Content>): change is Published<Content> {
  return change.content !== null;
}

const identity = (changes: readonly Change<unknown>[]): [string[], number[], string[]] => [
  changes.map(({ id }) => id),
  changes.map(({ version }) => version),
  changes.map(({ hash }) => hash),
];
