import type { Statement } from '../../database/index.ts';
import type { EntryEvent } from '../../scenarios/index.ts';

/** What let the contacts in, for the templates: enrollments of lanes $1, contacts $2 and ids $3. */
export const loadEntries: Statement<{
  id: string;
  entry: EntryEvent | null;
  enteredAt: number;
  ended: boolean;
}> = {
  name: 'dispatch-load-entries',
  text: `
    SELECT e.id, e.entry, e.entered_at AS "enteredAt", e.ended_at IS NOT NULL AS ended
    FROM unnest($1::smallint[], $2::uuid[], $3::uuid[]) AS k(lane, contact_id, id)
    JOIN enrollment e ON e.lane = k.lane AND e.contact_id = k.contact_id AND e.id = k.id`,
};
