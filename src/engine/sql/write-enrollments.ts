import { rowsStatement } from '../../database/index.ts';
import { laneOf } from '../../shared/ids.ts';
import type { Enrollment } from '../world.ts';

/** New and moved enrollments. */
export const writeEnrollments = rowsStatement<Enrollment>({
  name: 'engine-write-enrollments',
  columns: [
    ['lane', 'smallint', ({ contactId }) => laneOf(contactId)],
    ['contactId', 'uuid'],
    ['id', 'uuid'],
    ['scenarioId', 'text'],
    ['scenarioVersion', 'integer'],
    ['key', 'text'],
    ['status', 'text'],
    ['state', 'jsonb'],
    ['entry', 'jsonb'],
    ['enteredAt', 'float8'],
    ['stepEnteredAt', 'float8'],
    ['endedAt', 'float8'],
    ['convertedAt', 'float8'],
    ['dueAt', 'float8'],
    ['planned', 'integer'],
    ['reason', 'text'],
  ],
  text: `
    INSERT INTO enrollment (lane, contact_id, id, scenario_id, scenario_version, key, status, state, entry, entered_at,
                            step_entered_at, ended_at, converted_at, due_at, planned, reason)
    SELECT x.lane, x."contactId", x.id, x."scenarioId", x."scenarioVersion", x.key, x.status, x.state::jsonb, x.entry::jsonb,
           to_timestamp(x."enteredAt" / 1000), to_timestamp(x."stepEnteredAt" / 1000), to_timestamp(x."endedAt" / 1000),
           to_timestamp(x."convertedAt" / 1000), to_timestamp(x."dueAt" / 1000), x.planned, x.reason
    FROM {rows}
    ON CONFLICT (lane, contact_id, id) DO UPDATE SET
      scenario_version = excluded.scenario_version, status = excluded.status, state = excluded.state,
      step_entered_at = excluded.step_entered_at, ended_at = excluded.ended_at, converted_at = excluded.converted_at,
      due_at = excluded.due_at, planned = excluded.planned, reason = excluded.reason`,
});
