import type { Database } from '../../src/database/index.ts';

export interface EnrollmentEnd {
  contact: string;
  scenario: string;
  key: string;
  status: string;
  step: string;
}

export interface MessageEnd {
  id: string;
  contact: string;
  template: string;
  category: string;
  status: string;
  gate: string | null;
  counted: boolean;
  /** Ordinals and verdicts of its decision records. */
  verdicts: string;
}

/** What a run came to: everything that must be the same whatever died on the way. */
export interface FinalState {
  enrollments: EnrollmentEnd[];
  messages: MessageEnd[];
  contacts: { user: string; tier: string | null; consent: string | null }[];
  /** Of the events that are stored, each as often as it is. */
  events: { user: string; name: string; count: number }[];
}

export async function finalState(database: Database): Promise<FinalState> {
  const read = <Row>(name: string, text: string): Promise<Row[]> => database.run<Row>({ name: `crash-${name}`, text });
  return {
    enrollments: await read(
      'enrollments',
      `SELECT c.user_id AS contact, e.scenario_id AS scenario, e.key, e.status, e.state->>'value' AS step
       FROM enrollment e JOIN contact c ON c.lane = e.lane AND c.id = e.contact_id ORDER BY 1, 2, 3`,
    ),
    messages: await read(
      'messages',
      `SELECT m.id, c.user_id AS contact, m.template, m.category, m.status, m.gate, m.counted_at IS NOT NULL AS counted,
         (SELECT string_agg(d.ordinal || ' ' || d.verdict, ', ' ORDER BY d.ordinal) FROM decision d
          WHERE d.lane = m.lane AND d.message_id = m.id) AS verdicts
       FROM message m JOIN contact c ON c.lane = m.lane AND c.id = m.contact_id ORDER BY 2, 3, 1`,
    ),
    contacts: await read(
      'contacts',
      `SELECT c.user_id AS user, c.attributes->>'tier' AS tier, s.state AS consent FROM contact c
       LEFT JOIN consent_state s ON s.lane = c.lane AND s.contact_id = c.id ORDER BY 1`,
    ),
    events: await read(
      'events',
      'SELECT user_id AS user, name, count(*)::int AS count FROM event GROUP BY 1, 2 ORDER BY 1, 2',
    ),
  };
}

/** Nothing is waiting for anything. */
export async function isQuiet(database: Database): Promise<boolean> {
  const [row] = await database.run<{ busy: boolean }>({
    name: 'crash-busy',
    text: `SELECT EXISTS (SELECT 1 FROM inbox) OR EXISTS (SELECT 1 FROM enrollment WHERE ended_at IS NULL)
             OR EXISTS (SELECT 1 FROM message WHERE status IN ('held', 'ready', 'handing')) AS busy`,
  });
  return !row!.busy;
}

/** What waits for a second attempt need not wait for half a minute in a test. */
export async function hurryRetries(database: Database): Promise<void> {
  await database.run({
    name: 'crash-hurry',
    text: `UPDATE message SET due_at = planned_at WHERE (lane, month, id) IN (
             SELECT lane, month, id FROM message WHERE status = 'ready' AND attempts > 0 AND due_at > planned_at FOR UPDATE SKIP LOCKED)`,
  });
}
