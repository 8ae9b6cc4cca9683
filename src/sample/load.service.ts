import { openLedgers } from '../consent/index.ts';
import type { Database, Sql } from '../database/index.ts';
import { insertEvents } from '../events/index.ts';
import type { Instant } from '../shared/clock.ts';
import { contactIdOf, derivedId, laneOf } from '../shared/ids.ts';
import type { Sequence } from '../shared/sequence.ts';
import { FIRST_CONTACT } from './people.ts';
import { makeSample } from './sample.ts';
import { hasAnybody, hasSample, lockSample } from './sql/sample.ts';

/** How much was new; all 0 when the sample was there already. */
export interface LoadedSample {
  contacts: number;
  events: number;
  consents: number;
}

const NOTHING: LoadedSample = { contacts: 0, events: 0, consents: 0 };
/** Rows a statement takes. */
const ROWS = 1_000;

/** Whether somebody is in the database, or events of somebody wait for the engine. */
export async function isPopulated(database: Database): Promise<boolean> {
  const [row] = await database.run(hasAnybody);
  return row!.anybody;
}

/** Whether the sample was loaded, by whichever process and whenever. */
export async function isSampleLoaded(sql: Sql): Promise<boolean> {
  const contactId = contactIdOf(FIRST_CONTACT);
  const first = derivedId(contactId, 'event', `sample ${FIRST_CONTACT} 0`);
  return (await sql.run(hasSample, [laneOf(contactId), contactId, first])).length > 0;
}

/**
 * Loads the sample: consents into the ledger, events and contacts through the inbox, where the engine takes them up.
 * All or nothing; loading it again, also in two processes at once or months later, changes nothing that is there.
 */
export async function loadSampleData(database: Database, sequence: Sequence, now: Instant): Promise<LoadedSample> {
  const sample = makeSample(now, () => sequence.next());
  return database.transaction(async (sql) => {
    await sql.run(lockSample);
    if (await isSampleLoaded(sql)) return NOTHING;
    const consents = await openLedgers(sql, sample.consents, now);
    let events = 0;
    for (let at = 0; at < sample.events.length; at += ROWS)
      events += await insertEvents(sql, sample.events.slice(at, at + ROWS));
    const contacts = sample.events.filter(({ type }) => type === 'identify').length;
    return { contacts, events, consents };
  });
}
