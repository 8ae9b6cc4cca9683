import { rowsStatement } from '../../database/index.ts';
import { laneOf } from '../../shared/ids.ts';
import type { Watch } from '../world.ts';

/** New and moved watches. */
export const writeWatches = rowsStatement<Watch>({
  name: 'engine-write-watches',
  columns: [
    ['lane', 'smallint', ({ contactId }) => laneOf(contactId)],
    ['contactId', 'uuid'],
    ['scenarioId', 'text'],
    ['dueAt', 'float8'],
    ['fired', 'jsonb'],
  ],
  text: `
    INSERT INTO watch (lane, contact_id, scenario_id, due_at, fired)
    SELECT x.lane, x."contactId", x."scenarioId", to_timestamp(x."dueAt" / 1000), x.fired::jsonb
    FROM {rows}
    ON CONFLICT (lane, contact_id, scenario_id) DO UPDATE SET due_at = excluded.due_at, fired = excluded.fired`,
});
