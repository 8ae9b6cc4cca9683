import { createHash } from 'node:crypto';
import { snapshot, type Database } from '../../../src/database/index.ts';
import { LibraryService, PublishService, readyLibrary } from '../../../src/scenarios/index.ts';
import type { Library } from '../../../src/scenarios/index.ts';
import { LANES } from '../../../src/shared/ids.ts';
import { planForecast, type ForecastRequest } from '../../../src/rehearsal/forecast/forecast.service.ts';
import { LaneRun } from '../../../src/rehearsal/forecast/lane-run.service.ts';
import type { Forecast } from '../../../src/rehearsal/forecast/forecast.ts';
import { forecastOf } from '../../../src/rehearsal/forecast/report.ts';
import { PLACES } from '../people.ts';

export const EVERYTHING: ForecastRequest = {
  days: 10,
  scenarios: [],
  published: true,
  replay: null,
  sample: 1,
  seed: '1',
  smsPrice: null,
};

/** Publishes the project's own files; what an engine runs by then. */
export async function publish(database: Database, now: number, places = PLACES): Promise<Library> {
  const publisher = new PublishService(database);
  await publisher.publish(await publisher.plan((await readyLibrary(places)).files), now);
  return new LibraryService(database, { now: () => now }).current();
}

/** A forecast in this very thread. `until` tells when to stop it, by the share that is done. */
export async function forecastHere(
  database: Database,
  now: number,
  request: Partial<ForecastRequest> = {},
  { places = PLACES, stopAt = 2 } = {},
): Promise<Forecast> {
  const { plan, counted } = await snapshot(database, async (sql) => {
    const made = await planForecast(
      { ...EVERYTHING, ...request },
      { ...places, publicUrl: 'https://relance.example' },
      sql,
      now,
    );
    let done = 0;
    const isStopped = (): boolean => done >= stopAt;
    const run = new LaneRun(sql, made, { progress: (share) => (done += share), isStopped });
    for (let lane = 0; lane < LANES && !isStopped(); lane++) await run.take(lane);
    return { plan: made, counted: run.counted };
  });
  return forecastOf(plan, [counted], { ...EVERYTHING, ...request }.smsPrice);
}

/** Every row of every table, as one hash. */
export async function fingerprint(database: Database): Promise<string> {
  const tables = await database.run<{ name: string }>({
    name: 'test-tables',
    text: `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
  });
  const hash = createHash('sha256');
  for (const { name } of tables) {
    const rows = await database.run<{ row: string }>({
      name: `test-rows-${name}`.slice(0, 63),
      text: `SELECT t::text AS row FROM ${name} t ORDER BY 1`,
    });
    hash.update(`${name} ${rows.map(({ row }) => row).join('\n')}\n`);
  }
  return hash.digest('hex');
}
