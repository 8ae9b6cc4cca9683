import type { Sql } from '../../database/index.ts';
import { Composer, outgrows, partsOf } from '../../dispatch/index.ts';
import { sendsSince } from '../../gate/index.ts';
import { buildLibrary, type CompiledScenario, type Library } from '../../scenarios/index.ts';
import type { Id } from '../../shared/ids.ts';
import { TemplateCache, TemplateStore } from '../../templates/index.ts';
import type { HandOver } from '../virtual-run.ts';
import type { SliceWanted } from './lane.store.ts';
import { listeningOf, type Listening } from './listening.ts';
import type { ForecastPlan, Variant } from './plan.ts';
import { askedByRates } from './rates.service.ts';

/** Messages are signed, as the length of a link counts; nobody receives them. */
const SECRET = 'a forecast';

/** One variant, compiled. */
export interface Stage {
  variant: Variant;
  library: Library;
  /** Renders a text message, whose parts are counted, and takes everything. */
  handOver: (parts: Map<Id, number>) => HandOver;
}

/** All variants of a plan, and what they want to know of contacts. */
export interface Theatre {
  stages: Stage[];
  listening: Listening;
  wanted: SliceWanted;
  /** Every contact's watch is looked at, so everybody is concerned. */
  concernsEverybody: boolean;
}

/** Compiles what a plan is played by. Templates that are published already are read through `sql`. */
export function theatreOf(plan: ForecastPlan, sql: Sql): Theatre {
  const stages = plan.variants.map((variant) => stageOf(variant, plan, sql));
  const libraries = stages.map(({ library }) => library);
  const listening = listeningOf(stages.map((stage) => ({ library: stage.library, older: olderVersions(stage) })));
  const begun = new Set(plan.variants.flatMap(({ next }) => next.watches.begin));
  const live = libraries.flatMap((library) => library.live);
  const sales = libraries.flatMap(({ policy }) => policy.compiled.sales);
  const once = new Set(libraries.flatMap(({ policy }) => [...policy.compiled.once]));
  const { input } = plan;
  const rates = input.kind === 'rates' ? askedByRates(input.rates, libraries[0]!) : null;
  // What a soft opt-in asks for is counted too.
  const counted = new Set([...listening.counted, ...sales.map(({ event }) => event), ...(rates?.names ?? [])]);
  return {
    stages,
    listening,
    concernsEverybody: begun.size > 0,
    wanted: {
      from: plan.from,
      until: plan.until,
      sendsSince: Math.min(...libraries.map(({ policy }) => sendsSince(policy, plan.from))),
      scenarioIds: [...new Set(live.filter(({ definition }) => definition.reentry !== 'always').map(({ id }) => id))],
      counted: [...counted],
      signs: signsOf(live, counted, begun),
      pastMessages: listening.messages || rates?.messages === true,
      once,
    },
  };
}

function signsOf(
  live: readonly CompiledScenario[],
  counted: ReadonlySet<string>,
  begun: ReadonlySet<string>,
): SliceWanted['signs'] {
  const signs = new Map<string, { scenarioId: string; names: string[]; everybody: boolean }>();
  for (const { id, definition } of live) {
    const { trigger } = definition;
    if (trigger.kind !== 'inactivity') continue;
    // What conditions count is read anyway, all of it.
    const names = trigger.activity.filter((name) => !counted.has(name));
    if (names.length > 0) signs.set(id, { scenarioId: id, names, everybody: begun.has(id) });
  }
  return [...signs.values()];
}

function stageOf(variant: Variant, { publicUrl }: ForecastPlan, sql: Sql): Stage {
  const { library: published, templates: made } = variant.next;
  const library = buildLibrary(published);
  const files = new Map(made.map(({ id, version, files: content }) => [`${version} ${id}`, content]));
  const store = new TemplateStore(sql);
  const composer = new Composer(
    new TemplateCache(async (id, version) => {
      const content = files.get(`${version} ${id}`);
      return content === undefined ? store.getForRender(id, version) : { id, files: { ...content } };
    }),
    { publicUrl, secret: SECRET },
  );
  return { variant, library, handOver: (parts) => counting(composer, library, parts) };
}

/** Mail is taken as it is: to render it would cost more than all the rest, and nothing is counted in it. */
function counting(composer: Composer, library: Library, parts: Map<Id, number>): HandOver {
  return async (message, world) => {
    if (message.channel !== 'sms') return { outcome: 'sent', parts: 1 };
    const { contact, enrollments, consents, suppressions } = world.of(message.contactId);
    const enrollment = message.enrollmentId === null ? undefined : enrollments.get(message.enrollmentId);
    const facts = {
      contact: contact!,
      consents,
      suppressions,
      sends: [],
      planned: [],
      inside: [],
      ownLimits: null,
      past: { sales: [], spent: [] },
    };
    try {
      const person = { facts, entry: enrollment?.entry ?? null, enteredAt: enrollment?.enteredAt ?? null };
      const length = partsOf(await composer.compose(message, person, library.policy.policy));
      if (outgrows(message, length, library.policy.policy)) return { outcome: 'outgrown', parts: length };
      parts.set(message.id, length);
      return { outcome: 'sent', parts: length };
    } catch (error) {
      return { outcome: 'blocked', reason: error instanceof Error ? error.message : String(error) };
    }
  };
}

/** Versions that somebody may still be inside; one that cannot be compiled any more is heard of when somebody is. */
function olderVersions({ library, variant }: Stage): CompiledScenario[] {
  return variant.next.library.scenarios.flatMap(({ id, version }) => {
    try {
      return library.scenario(id, version) ?? [];
    } catch {
      return [];
    }
  });
}
