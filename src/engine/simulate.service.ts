import { snapshot, textArray, type Database, type Sql } from '../database/index.ts';
import { libraryAfter, replacements, type InFlightChoice, type PublishPlan } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { LANES } from '../shared/ids.ts';
import { PostgresTick } from './postgres-tick.store.ts';
import { simulateReplace, type Replace } from './simulate.ts';
import { SimulationCount, type Simulation } from './simulation.ts';
import { contactsInFlight } from './sql/contacts-in-flight.ts';
import { lookAtMessages } from './sql/load-messages.ts';
import { loadTaken } from './tick.ts';
import type { Due } from './world.ts';

/** Contacts whose state is held in memory at a time. */
const BATCH = 500;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * What a publication would do at `now` to everybody who is inside what it changes: the library is made as it would be,
 * and the engine takes everybody over in it, a batch after the other. PostgreSQL refuses every write on the way.
 * `onProgress` hears of how many people it is known. Throws PlanOutdated.
 */
export function simulatePublication(
  database: Database,
  plan: PublishPlan,
  choice: InFlightChoice,
  now: Instant,
  onProgress: (people: number) => void = () => {},
): Promise<Simulation> {
  const count = new SimulationCount(now);
  const { inFlight } = choice;
  if (inFlight === 'finish') return Promise.resolve(count.result());
  const replaced = new Map(replacements(plan, choice).map((each) => [each.id, each]));
  return snapshot(database, async (sql) => {
    const library = await libraryAfter(sql, plan);
    let people = 0;
    for await (const batch of batches(sql, [...replaced.keys()])) {
      const due = batch.map(({ contactId, scenarioIds }) => {
        const inbox = scenarioIds.sort().map((scenarioId): Replace => {
          const { version, map } = replaced.get(scenarioId)!;
          return { kind: 'replace', contactId, seq: 0, receivedAt: now, scenarioId, version, inFlight, map };
        });
        return { contactId, inbox, clockUntil: Number.NEGATIVE_INFINITY };
      });
      const loaded = await loadTaken(new PostgresTick(sql, due, plan.revision, now, lookAtMessages), library, now);
      for (const { contactId, inbox } of due) {
        const { state, background } = loaded(contactId);
        const { passages, messages } = simulateReplace(state, inbox, background, library, now);
        count.add(passages, messages);
        people += passages.length;
      }
      onProgress(people);
    }
    return count.result();
  });
}

type InFlightContact = Pick<Due, 'contactId'> & { scenarioIds: string[] };

/** Everybody inside these scenarios, lane by lane; a lane with few people shares its batch with the next. */
async function* batches(sql: Sql, scenarioIds: readonly string[]): AsyncGenerator<InFlightContact[]> {
  if (scenarioIds.length === 0) return;
  let batch: InFlightContact[] = [];
  for (let lane = 0; lane < LANES; lane++) {
    for (let after = BEFORE_ALL; ;) {
      const most = BATCH - batch.length;
      const rows = await sql.run(contactsInFlight, [lane, textArray(scenarioIds), after, most]);
      batch.push(...rows);
      if (rows.length < most) break;
      yield batch;
      batch = [];
      after = rows.at(-1)!.contactId;
    }
  }
  if (batch.length > 0) yield batch;
}
