import type { Statement } from '../../../database/index.ts';

export interface MailboxPlace {
  uidValidity: number;
  lastUid: number;
}

/** How far the mailbox $1 has been read; locked, so that of several processes one takes a mail. */
export const lockMailbox: Statement<MailboxPlace> = {
  name: 'tracking-lock-mailbox',
  text: `
    SELECT b.uid_validity AS "uidValidity", b.last_uid AS "lastUid" FROM inbound_mailbox b WHERE b.mailbox = $1 FOR UPDATE`,
};

/** How far the mailbox $1 has been read. */
export const findMailbox: Statement<MailboxPlace> = {
  name: 'tracking-find-mailbox',
  text: `SELECT b.uid_validity AS "uidValidity", b.last_uid AS "lastUid" FROM inbound_mailbox b WHERE b.mailbox = $1`,
};

/** The mailbox $1 is read from number $3 on, at $4, under UIDVALIDITY $2; nothing changes when it is known under that one. */
export const beginMailbox: Statement = {
  name: 'tracking-begin-mailbox',
  text: `
    INSERT INTO inbound_mailbox (mailbox, uid_validity, last_uid, read_at) VALUES ($1, $2, $3, to_timestamp($4::float8 / 1000))
    ON CONFLICT (mailbox) DO UPDATE
      SET uid_validity = excluded.uid_validity, last_uid = excluded.last_uid, read_at = excluded.read_at
      WHERE inbound_mailbox.uid_validity <> excluded.uid_validity`,
};

/** The mailbox $1 has been read up to number $2, at $3. */
export const advanceMailbox: Statement = {
  name: 'tracking-advance-mailbox',
  text: 'UPDATE inbound_mailbox SET last_uid = $2, read_at = to_timestamp($3::float8 / 1000) WHERE mailbox = $1',
};
