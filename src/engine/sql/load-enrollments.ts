import type { Statement } from '../../database/index.ts';
import type { Enrollment } from '../world.ts';

/** Live enrollments of the contacts of lanes $1 and ids $2, and the ended ones of scenarios $3, which re-entry asks about. */
export const loadEnrollments: Statement<Enrollment> = {
  name: 'engine-load-enrollments',
  text: `
    SELECT e.id, e.contact_id AS "contactId", e.scenario_id AS "scenarioId", e.scenario_version AS "scenarioVersion", e.key,
           e.status, e.state, e.entry, e.entered_at AS "enteredAt", e.step_entered_at AS "stepEnteredAt",
           e.ended_at AS "endedAt", e.converted_at AS "convertedAt", e.due_at AS "dueAt", e.planned, e.reason
    FROM unnest($1::smallint[], $2::uuid[]) AS k(lane, id)
    JOIN enrollment e ON e.lane = k.lane AND e.contact_id = k.id
    WHERE e.ended_at IS NULL OR e.scenario_id = ANY ($3::text[])
    ORDER BY e.entered_at, e.id`,
};
