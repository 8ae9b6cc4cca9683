import type { QueryRunner } from 'typeorm';
import { canonicalEmail } from '../../shared/address.ts';
import { Migration } from '../migration.ts';

/**
 * Addresses that were stored in another spelling than the one that is delivered to (rule C5a): brought to their canonical
 * form, with all that stands against the old spelling, and with what their mailbox was erased or suppressed under. Nearly
 * no contact has one: those with a character outside ASCII, or a domain that ends in a dot.
 */
export class CanonicalAddresses1793491226000 extends Migration {
  readonly name = 'CanonicalAddresses1793491226000';
  readonly sql = `
CREATE TEMPORARY TABLE respelled ON COMMIT DROP AS
SELECT r.lane, r.id, c.email AS old, r.email FROM jsonb_to_recordset($1::jsonb) AS r(lane smallint, id uuid, email text)
JOIN contact c ON c.lane = r.lane AND c.id = r.id`;

  override async up(queryRunner: QueryRunner): Promise<void> {
    const rows = (await queryRunner.query(
      `SELECT lane, id, email FROM contact WHERE lane >= 0 AND (email ~ '[^!-~]' OR email LIKE '%.')`,
    )) as { lane: number; id: string; email: string }[];
    const respelled = rows.flatMap(({ lane, id, email }) => {
      const now = folded(email);
      return now === email ? [] : [{ lane, id, email: now }];
    });
    if (respelled.length === 0) return;
    await queryRunner.query(this.sql, [JSON.stringify(respelled)]);
    for (const statement of CARRIED) await queryRunner.query(statement);
  }
}

/** What the mailbox is called; without what nobody sees where that was let in. Null where nothing can be delivered to it. */
function folded(email: string): string | null {
  const seen = email.replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
  return canonicalEmail(seen).value ?? null;
}

const hashed = (key: string): string => `encode(sha256(convert_to(s.salt || ':' || ${key}, 'UTF8')), 'hex')`;

const CARRIED = [
  `UPDATE contact c SET email = r.email FROM respelled r WHERE c.lane = r.lane AND c.id = r.id`,
  `INSERT INTO suppressed_address (channel, hash, sender, reason, at, lifted_at)
   SELECT DISTINCT ON (2, a.sender, a.reason) a.channel, ${hashed(`'email:' || lower(r.email)`)}, a.sender, a.reason, a.at, a.lifted_at
   FROM respelled r CROSS JOIN erasure_salt s
   JOIN suppressed_address a ON a.channel = 'email' AND a.hash = ${hashed(`'email:' || lower(r.old)`)}
   WHERE r.email IS NOT NULL
   ON CONFLICT DO NOTHING`,
  // Who was let in under another spelling of an erased mailbox.
  `INSERT INTO suppression (lane, contact_id, channel, reason, at)
   SELECT r.lane, r.id, '*', 'erased', now() FROM respelled r CROSS JOIN erasure_salt s
   JOIN erased_address e ON e.hash = ${hashed(`'email:' || lower(r.email)`)}
   ON CONFLICT DO NOTHING`,
  `INSERT INTO address AS a (lane, id, holders)
   SELECT get_byte(decode(left(k.hex, 2), 'hex'), 0) % 64, k.hex::uuid, array_agg(DISTINCT k.contact_id)
   FROM (
     SELECT left(encode(sha256(convert_to('email' || chr(10) || lower(c.email), 'UTF8')), 'hex'), 32) AS hex, c.id AS contact_id
     FROM respelled r JOIN contact c ON lower(c.email) = lower(r.email)
   ) k GROUP BY k.hex
   ON CONFLICT (lane, id) DO UPDATE
     SET holders = (SELECT array_agg(DISTINCT h.contact_id) FROM unnest(a.holders || excluded.holders) AS h(contact_id))`,
];
