import type { Statement } from '../../database/index.ts';
import type { Addressee } from '../double-opt-in.ts';

/** Contact $2 of lane $1, as far as it decides about a double opt-in. */
export const contactPlace: Statement<Addressee> = {
  name: 'consent-contact-place',
  text: `SELECT country, timezone, email FROM contact WHERE lane = $1 AND id = $2`,
};

/** Traits of contact $2 in lane $1 that the engine has not taken up yet, oldest first. */
export const waitingTraits: Statement<{ traits: Record<string, unknown> }> = {
  name: 'consent-waiting-traits',
  text: `
    SELECT e.properties AS traits FROM inbox i
    JOIN event e ON e.lane = i.lane AND e.month = i.month AND e.id = i.id
    WHERE i.lane = $1 AND i.contact_id = $2 AND i.kind = 'event' AND e.type = 'identify'
    ORDER BY i.seq`,
};
