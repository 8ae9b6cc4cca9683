import { availableParallelism } from 'node:os';
import { addDuration, durationMs, parseDuration } from '../../calendar/index.ts';
import { connect, createDataSource, Database, shareSnapshot, snapshot, type Sql } from '../../database/index.ts';
import {
  buildLibrary,
  readNextLibrary,
  readPolicy,
  readyLibrary,
  type LibraryPlaces,
  type Publishable,
} from '../../scenarios/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { UserError } from '../../shared/errors.ts';
import { nearest } from '../../shared/nearest.ts';
import { LANES } from '../../shared/ids.ts';
import { startThreads, type Threads } from './forecast.worker.ts';
import { LaneStore } from './lane.store.ts';
import type { EventInput, ForecastPlan, Variant } from './plan.ts';
import { audienceSizes, readRates } from './rates.service.ts';
import type { Forecast } from './forecast.ts';
import { forecastOf } from './report.ts';
import { theatreOf } from './stage.service.ts';

const WEEK = 7 * 86_400_000;

/** What somebody wants to know. */
export interface ForecastRequest {
  days: number;
  /** Ids of scenarios that are reported; without any, all are. */
  scenarios: readonly string[];
  /** Another policy's file, to be compared. */
  policy?: string;
  /** Scenarios, policy and templates as published, not as in the files. */
  published: boolean;
  /** How long the past is that is replayed; null for no events, unless there are rates. */
  replay: string | null;
  /** A file of rates, from which events are projected instead. */
  rates?: string;
  /** Above 0 to 1. */
  sample: number;
  seed: string;
  /** Of one part of a text message. */
  smsPrice: { amount: number; currency: string } | null;
}

/** Where a forecast runs. */
export interface ForecastPlace extends LibraryPlaces {
  url: string;
  publicUrl: string;
  threads: number;
}

/** Told of its course. */
export interface Course {
  /** Share that is done, 0 to 1. */
  progress(share: number): void;
  /** Given how many contacts there are, and what stops it: what was counted by then is reported, as an estimate. */
  begun(contacts: number, stop: () => void): void;
  ended(): void;
}

/** As many as there are cores: the database needs little beside. */
export function defaultThreads(): number {
  return Math.max(1, availableParallelism());
}

/**
 * Plays the whole base, or a sample of it, on a virtual clock from `now` on, by the engine that runs live (rule D7).
 * Writes nothing; all is read as of one instant. Throws UserError for whatever cannot be used.
 */
export async function forecast(
  request: ForecastRequest,
  place: ForecastPlace,
  course: Course,
  now: Instant,
): Promise<Forecast> {
  try {
    const { plan, threads } = await begin(request, place, course, now);
    return forecastOf(plan, await threads.done, request.smsPrice);
  } finally {
    course.ended();
  }
}

/** Other connections can take up this one's instant only while its transaction lasts: until all have begun. */
async function begin(
  request: ForecastRequest,
  place: ForecastPlace,
  course: Course,
  now: Instant,
): Promise<{ plan: ForecastPlan; threads: Threads }> {
  const dataSource = createDataSource({ url: place.url, poolSize: 1 });
  await connect(dataSource);
  try {
    return await snapshot(new Database(dataSource), async (sql) => {
      const plan = await planForecast(request, place, sql, now);
      let share = 0;
      const orders = { forecast: plan, url: place.url, snapshot: await shareSnapshot(sql) };
      const threads = startThreads(orders, place.threads, (more) => course.progress((share += more)));
      course.begun(plan.contacts, () => threads.stop());
      await threads.ready;
      return { plan, threads };
    });
  } finally {
    await dataSource.destroy();
  }
}

/** Reads and checks what a forecast is made of. */
export async function planForecast(
  request: ForecastRequest,
  place: Pick<ForecastPlace, keyof LibraryPlaces | 'publicUrl'>,
  sql: Sql,
  now: Instant,
): Promise<ForecastPlan> {
  const files = request.published ? null : (await readyLibrary(place)).files;
  const variants = await variantsOf(request, files, sql);
  const library = buildLibrary(variants[0]!.next.library);
  const ids = library.live.map(({ id }) => id);
  for (const id of request.scenarios) {
    if (ids.includes(id)) continue;
    const near = nearest(id, ids);
    throw new UserError(
      `There is no live scenario ${id}${near === undefined ? `: there are ${ids.join(', ') || 'none'}` : `: did you mean ${near}?`}`,
    );
  }
  const zone = library.policy.policy.timezone;
  const store = new LaneStore(sql);
  const plan: ForecastPlan = {
    from: now,
    until: addDuration(now, { months: 0, days: request.days, ms: 0 }, zone),
    days: request.days,
    zone,
    variants,
    publicUrl: place.publicUrl,
    only: request.scenarios.length === 0 ? null : [...request.scenarios],
    input: inputOf(request.replay, now),
    sample: request.sample < 1 ? { share: request.sample } : null,
    contacts: await store.countContacts(Array.from({ length: LANES }, (_, lane) => lane)),
    seed: request.seed,
  };
  return request.rates === undefined ? plan : withRates(plan, request.rates, sql);
}

async function withRates(plan: ForecastPlan, file: string, sql: Sql): Promise<ForecastPlan> {
  const { stages, listening } = theatreOf(plan, sql);
  const { library } = stages[0]!;
  const rates = await readRates(file, library, listening.names);
  if (plan.contacts === 0)
    throw new UserError(
      'There are no contacts yet, and rates are spread over contacts: begin with some, such as `relance seed` makes',
    );
  const unsized: EventInput = { kind: 'rates', rates, sizes: [] };
  const { wanted } = theatreOf({ ...plan, input: unsized }, sql);
  const sizes = await audienceSizes(rates, library, new LaneStore(sql), wanted, plan.contacts);
  return { ...plan, input: { ...unsized, sizes } };
}

async function variantsOf(request: ForecastRequest, files: Publishable | null, sql: Sql): Promise<Variant[]> {
  const own = { name: request.published ? 'published policy' : 'policy.yaml', next: await readNextLibrary(sql, files) };
  if (request.policy === undefined) return [own];
  const { file, source, value, faults } = await readPolicy(request.policy);
  if (value === undefined) throw new UserError(`${file} cannot be used`, faults);
  const other = { ...(files ?? { scenarios: [], templates: [], complete: false }), policy: { source } };
  return [own, { name: file, next: await readNextLibrary(sql, other) }];
}

/** Whole weeks, so that each event keeps its weekday. */
function inputOf(replay: string | null, now: Instant): EventInput {
  if (replay === null) return { kind: 'none' };
  const duration = parseDuration(replay);
  const weeks = duration === null ? 0 : Math.floor(durationMs(duration) / WEEK);
  if (weeks < 1) throw new UserError(`--replay: ${replay} is not a week or more: write a length such as 30d or 4w`);
  return { kind: 'replay', since: now - weeks * WEEK, weeks };
}
