import { recordAudit } from '../access/index.ts';
import type { Database } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { beginWatchingAfter } from './existing.service.ts';
import { replacements, type InFlightChoice, type Standing } from './in-flight.ts';
import { judgesOtherwise } from './judged-otherwise.ts';
import { isEmpty, planPublication, type Publishable, type PublishPlan } from './plan.ts';
import { auditEntries, type Publisher } from './publication-audit.ts';
import { registerGaps } from './register-gaps.service.ts';
import { VersionStore } from './version.store.ts';
import { watchChanges } from './watched.ts';

/** Most times that a publication is planned again because another one came first. */
const ATTEMPTS = 10;

const FINISH: InFlightChoice = { inFlight: 'finish' };
/** A process that starts publishes what has changed in the files. */
const AT_START: Publisher = { actor: 'system:start' };

/** Somebody else published between the plan and its publication. */
export class PlanOutdated extends UserError {
  constructor() {
    super('Something else was published since this plan was made: look at the new plan, then apply again');
  }
}

/**
 * Makes immutable versions of what people wrote (rule D8). Whoever is inside a scenario finishes in the version of the
 * entry, unless somebody chooses otherwise.
 */
export class PublishService {
  private readonly database: Database;
  private readonly store: VersionStore;

  constructor(database: Database) {
    this.database = database;
    this.store = new VersionStore(database);
  }

  /**
   * Compares with what is published now. Throws UserError when there is no policy, neither given nor published, and when
   * the register of processing would lack a field of a live scenario (law L14).
   */
  async plan(files: Publishable): Promise<PublishPlan> {
    const heads = await this.store.headsForPlan();
    if (files.policy === null && heads.policy === null) {
      throw new UserError('No policy has been published yet: apply one together with the scenarios');
    }
    const plan = planPublication(files, heads);
    const gaps = isEmpty(plan) ? [] : await registerGaps(this.database, plan);
    if (gaps.length > 0)
      throw new UserError('Nothing is published while the register of processing would lack something', gaps);
    return plan;
  }

  /** Who is inside each step of the scenarios that a plan changes or retires. */
  async standing(plan: PublishPlan): Promise<Standing> {
    const touched = plan.scenarios.filter(({ kind, from }) => kind !== 'unchanged' && from !== null);
    const inside = await this.store.peopleInside(touched.map(({ id }) => id));
    return { inside, published: inside.length === 0 ? [] : await this.store.scenarioSources() };
  }

  /**
   * Carries a plan out, all of it or nothing; the engine does to people in flight what `choice` says when it next
   * looks at them, at once. Returns the library's revision, which rises unless the plan is empty.
   * Throws PlanOutdated when the plan was made for another revision.
   */
  async publish(
    plan: PublishPlan,
    now: Instant,
    choice: InFlightChoice = FINISH,
    publisher: Publisher = AT_START,
  ): Promise<number> {
    if (isEmpty(plan)) return plan.revision;
    return this.database.transaction(async (sql) => {
      const store = new VersionStore(sql);
      await store.lockForPublication();
      if ((await store.revision()) !== plan.revision) throw new PlanOutdated();
      const policy = await store.policySource();
      const before = { scenarios: await store.scenarioSources(), policy };
      const watches = watchChanges(plan, before);
      const revision = await store.write(plan, now);
      for (const id of watches.begin) await beginWatchingAfter(sql, id, plan, before, now);
      await store.stopLooking(watches.stop);
      if (judgesOtherwise(plan, policy)) await store.judgeHeldAnew(now);
      if (choice.inFlight !== 'finish') await store.replaceInFlight(replacements(plan, choice), choice.inFlight, now);
      for (const entry of auditEntries(plan, choice, publisher)) await recordAudit(sql, entry, now);
      await store.wakeEngines();
      return revision;
    });
  }

  /** Plans and publishes, again when another process was faster: several may start with the same files at once. */
  async apply(files: Publishable, now: Instant): Promise<PublishPlan> {
    for (let attempt = 1; ; attempt++) {
      const plan = await this.plan(files);
      try {
        await this.publish(plan, now);
        return plan;
      } catch (error) {
        if (!(error instanceof PlanOutdated) || attempt === ATTEMPTS) throw error;
      }
    }
  }
}
