import { Migration } from '../migration.ts';

/**
 * Returns that nobody understands count as soft bounces do. And how far a mailbox of ours has been read by IMAP: every
 * message once, whichever process reads it.
 */
export class InboundMail1793491229000 extends Migration {
  readonly name = 'InboundMail1793491229000';
  readonly sql = `
DROP INDEX message_return_soft;
CREATE INDEX message_return_soft ON message_return (lane, contact_id, at) WHERE kind IN ('soft', 'unknown');

CREATE TABLE inbound_mailbox (
  -- user@host/folder; no password.
  mailbox text NOT NULL PRIMARY KEY,
  -- RFC 3501, 2.3.1.1: numbers of messages mean nothing under another one.
  uid_validity bigint NOT NULL,
  -- Every message up to this number was taken, or left because it cannot be read.
  last_uid bigint NOT NULL,
  read_at timestamptz NOT NULL
);
`;
}
