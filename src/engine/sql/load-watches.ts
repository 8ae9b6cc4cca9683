import type { Statement } from '../../database/index.ts';
import type { Watch } from '../world.ts';

/** The watches of the contacts of lanes $1 and ids $2. */
export const loadWatches: Statement<Watch> = {
  name: 'engine-load-watches',
  text: `
    SELECT w.contact_id AS "contactId", w.scenario_id AS "scenarioId", w.due_at AS "dueAt", w.fired
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN watch w ON w.lane = k.lane AND w.contact_id = k.id`,
};
