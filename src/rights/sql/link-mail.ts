import type { Statement } from '../../database/index.ts';
import { PEOPLE_BY_EMAIL } from './person.ts';

/** Ids are of chance, in the lane of their contact. */
const ID = (lane: string): string => `(lpad(to_hex(${lane}::int), 2, '0') || substr(gen_random_uuid()::text, 3))::uuid`;

/**
 * Mails for whoever has the address $1, asked for at $2. A row for nobody where nobody has it: known or not, something is
 * written and committed before the answer, so that nobody learns from the time it takes who is known.
 */
export const askForLinks: Statement = {
  name: 'rights-ask-for-links',
  text: `
    INSERT INTO link_mail (lane, id, contact_id, asked_at, due_at)
    SELECT coalesce(p.lane, 0), ${ID('coalesce(p.lane, 0)')}, p.id, to_timestamp($2::float8 / 1000), to_timestamp($2::float8 / 1000)
    FROM (VALUES (true)) AS one(row) LEFT JOIN (${PEOPLE_BY_EMAIL}) p ON true`,
};

export interface LinkMail {
  lane: number;
  id: string;
  contactId: string | null;
  askedAt: number;
  /** This one included. */
  attempts: number;
}

/**
 * Takes the mail longest due at $1, of any lane, until $2: when nobody has said by then what became of it, it is taken
 * again. What another process is handing over is left to it.
 */
export const claimLinkMail: Statement<LinkMail> = {
  name: 'rights-claim-link-mail',
  text: `
    UPDATE link_mail m SET due_at = to_timestamp($2::float8 / 1000), attempts = m.attempts + 1
    FROM (
      SELECT lane, id FROM link_mail WHERE lane >= 0 AND due_at <= to_timestamp($1::float8 / 1000)
      ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ) d
    WHERE m.lane = d.lane AND m.id = d.id
    RETURNING m.lane, m.id, m.contact_id AS "contactId", m.asked_at AS "askedAt", m.attempts`,
};

/** Mail $2 of lane $1, if it is still there; locked. */
export const holdLinkMail: Statement<{ id: string }> = {
  name: 'rights-hold-link-mail',
  text: 'SELECT id FROM link_mail WHERE lane = $1 AND id = $2 FOR UPDATE',
};

/** Mail $2 of lane $1 is tried again at $3. */
export const postponeLinkMail: Statement = {
  name: 'rights-postpone-link-mail',
  text: `
    UPDATE link_mail SET due_at = to_timestamp($3::float8 / 1000) WHERE lane = $1 AND id = $2`,
};

/** Mail $2 of lane $1 has gone, or never will. */
export const dropLinkMail: Statement = {
  name: 'rights-drop-link-mail',
  text: 'DELETE FROM link_mail WHERE lane = $1 AND id = $2',
};

/** When a mail is due next, of any lane; null when none waits. */
export const nextLinkMail: Statement<{ at: number | null }> = {
  name: 'rights-next-link-mail',
  text: 'SELECT min(due_at) AS at FROM link_mail WHERE lane >= 0',
};
