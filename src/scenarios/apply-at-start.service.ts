import type { Database } from '../database/index.ts';
import type { Clock } from '../shared/clock.ts';
import { isEmpty } from './plan.ts';
import { readyLibrary, type LibraryPlaces } from './publishable.service.ts';
import { PublishService } from './publish.service.ts';

/**
 * What `npm start` does before it serves: publishes the files that have changed. Any number of processes may do so at
 * once. Throws UserError, with every fault, when the files cannot be published. Returns whether anything was.
 */
export async function applyAtStart(database: Database, places: LibraryPlaces, clock: Clock): Promise<boolean> {
  const { files } = await readyLibrary(places);
  return !isEmpty(await new PublishService(database).apply(files, clock.now()));
}
