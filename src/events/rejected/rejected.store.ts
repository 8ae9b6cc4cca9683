import { Injectable } from '@nestjs/common';
import { Database, rowsStatement, runRows, type Statement } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { laneOf, type Id } from '../../shared/ids.ts';
import type { RefusedTrait, RejectedCall } from '../ingest.ts';
import { refusedRow, rejectedRow, type RefusedRow, type RejectedRow } from './rejected-row.ts';

const keepRejected = rowsStatement<RejectedRow>({
  name: 'events-keep-rejected',
  columns: [
    ['lane', 'smallint'],
    ['id', 'uuid'],
    ['contactId', 'uuid'],
    ['userId', 'text'],
    ['receivedAt', 'float8'],
    ['type', 'text'],
    ['path', 'text'],
    ['detail', 'text'],
    ['body', 'text'],
  ],
  text: `
    INSERT INTO rejected_event (lane, id, contact_id, user_id, received_at, type, path, detail, body)
    SELECT x.lane, x.id, x."contactId", x."userId", to_timestamp(x."receivedAt" / 1000), x.type, x.path, x.detail, x.body
    FROM {rows} ORDER BY x.lane, x.id
    ON CONFLICT (lane, id) DO UPDATE SET received_at = excluded.received_at`,
});

const keepRefused = rowsStatement<RefusedRow>({
  name: 'events-keep-refused',
  columns: [
    ['lane', 'smallint'],
    ['contactId', 'uuid'],
    ['trait', 'text'],
    ['value', 'text'],
    ['message', 'text'],
    ['hint', 'text'],
    ['at', 'float8'],
  ],
  text: `
    INSERT INTO refused_trait (lane, contact_id, trait, value, message, hint, at)
    SELECT x.lane, x."contactId", x.trait, x.value, x.message, x.hint, to_timestamp(x.at / 1000)
    FROM {rows} ORDER BY x.lane, x."contactId", x.trait
    ON CONFLICT (lane, contact_id, trait) DO UPDATE
    SET value = excluded.value, message = excluded.message, hint = excluded.hint, at = excluded.at`,
});

/** The latest of all lanes since $1, before the place $2 and $3 (null: from the newest on), of contact $5 in lane $4 alone when given. */
const listRejected: Statement<Omit<RejectedRow, 'lane' | 'contactId'>> = {
  name: 'events-list-rejected',
  text: `
    SELECT r.id, r.user_id AS "userId", r.received_at AS "receivedAt", r.type, r.path, r.detail, r.body
    FROM rejected_event r
    WHERE r.lane >= 0 AND r.received_at >= to_timestamp($1::float8 / 1000)
      AND ($2::float8 IS NULL OR (r.received_at, r.id) < (to_timestamp($2::float8 / 1000), $3::uuid))
      AND ($4::smallint IS NULL OR (r.lane = $4 AND r.contact_id = $5::uuid))
    ORDER BY r.received_at DESC, r.id DESC LIMIT $6`,
};

const dropRejected: Statement = {
  name: 'events-drop-rejected',
  text: 'DELETE FROM rejected_event WHERE lane >= 0 AND received_at < to_timestamp($1::float8 / 1000)',
};

export interface RejectedQuery {
  since: Instant;
  before?: { at: Instant; id: Id };
  contactId?: Id;
  most: number;
}

/** What could not be read of what was sent. */
@Injectable()
export class RejectedStore {
  constructor(private readonly database: Database) {}

  /** Keeps what of one request is not stored as events: the same sent again changes nothing but when. */
  async keep(rejected: readonly RejectedCall[], refused: readonly RefusedTrait[], at: Instant): Promise<void> {
    const calls = new Map(rejected.map((call) => rejectedRow(call, at)).map((row) => [row.id, row]));
    const traits = new Map(
      refused.map((trait) => refusedRow(trait, at)).map((row) => [`${row.contactId} ${row.trait}`, row]),
    );
    await runRows(this.database, keepRejected, [...calls.values()]);
    await runRows(this.database, keepRefused, [...traits.values()]);
  }

  /** The latest first. */
  list({ since, before, contactId, most }: RejectedQuery): Promise<Omit<RejectedRow, 'lane' | 'contactId'>[]> {
    const whose = contactId === undefined ? [null, null] : [laneOf(contactId), contactId];
    return this.database.run(listRejected, [since, before?.at ?? null, before?.id ?? null, ...whose, most]);
  }

  /** Forgets what was received before. */
  async drop(before: Instant): Promise<void> {
    await this.database.run(dropRejected, [before]);
  }
}
