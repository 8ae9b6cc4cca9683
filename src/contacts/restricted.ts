/**
 * Of whom in a lane nothing may be claimed because their processing is restricted (GDPR Art. 18), as an SQL array to
 * compare with: `contact_id <> ALL (…)`. An array and not a join: nearly always it is empty, it is read once a lane, and
 * no plan can turn on it.
 * @param lane what names the lane in the statement
 */
export function restrictedOf(lane: string): string {
  return `ARRAY(SELECT r.contact_id FROM restriction r WHERE r.lane = ${lane} AND r.lifted_at IS NULL)`;
}

/** The same, with those whose restriction was lifted and the engine has not taken note of it: their clock stands still. */
export function stoppedClocksOf(lane: string): string {
  return `ARRAY(SELECT r.contact_id FROM restriction r WHERE r.lane = ${lane})`;
}
